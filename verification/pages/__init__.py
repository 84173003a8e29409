"""The buyer's own page: the link that leads there, what it shows, and what is answered on it."""
