"""Read a seller's order, tell the seller the decision. The only room with an HTTP client."""
