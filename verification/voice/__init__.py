"""What our calls say, and in whose voice."""
