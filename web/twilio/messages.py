"""What Twilio tells of messages: how they travelled, and what buyers wrote."""

from flask import Blueprint


def add_to(doors: Blueprint) -> None:
    """Open the doors of messages."""
