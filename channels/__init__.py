"""Reaching a buyer through a provider, and reading what comes back."""
