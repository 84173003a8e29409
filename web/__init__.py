"""URLs, authentication, JSON, pages: what the world sees of Takeed."""
