"""Whether an order is worth a contact: what a refused parcel would cost against what asking costs."""
