"""The buyer's own page, `/c/<token>`: looking shows, a submitted form decides."""
