"""The next contact: which channel, when at the earliest, and why."""
