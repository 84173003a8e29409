"""What a message to us is answered with, in Twilio's markup (TwiML)."""

from twilio.twiml.messaging_response import MessagingResponse


def answer_with(text: str | None) -> str:
    """The answer to an inbound message: a message in return, or nothing."""
    response = MessagingResponse()
    if text is not None:
        response.message(text)
    return str(response)
