"""Agents at work by the hour of the week, and what their time is worth when it is short."""
