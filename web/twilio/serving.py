"""The addresses that Twilio calls, all below `/channels/twilio`."""

from flask import Blueprint

from web.twilio import messages, voice


def twilio_doors() -> Blueprint:
    """A blueprint of all of them."""
    doors = Blueprint("twilio", __name__, url_prefix="/channels/twilio")
    messages.add_to(doors)
    voice.add_to(doors)
    return doors
