"""The agent's desk: one case at a time, on one screen, by click and by key."""
