"""What Twilio tells and asks about calls."""

from flask import Blueprint


def add_to(doors: Blueprint) -> None:
    """Open the doors of calls."""
