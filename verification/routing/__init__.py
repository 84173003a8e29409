"""Which of our addresses a contact comes from, how fast each may be used, and how well each works."""
