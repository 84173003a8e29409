"""Plans and habits drawn for people: an order's contacts in time, when a buyer answers."""
