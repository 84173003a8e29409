"""What buyers write to us of themselves, or in answer."""

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from xml.etree import ElementTree

from scripts.twilio_double.account import Account
from scripts.twilio_double.taken import Form, Message

Reply = Callable[[Account, str, str, str, datetime], None]
"""Takes the product's answer: account, phone, sender, text, when."""

_STOPS = frozenset({"stop", "stopall", "unsubscribe", "cancel", "end", "quit"})


def write(
    account: Account,
    phone: str,
    to: str,
    at: datetime,
    *,
    take_reply: Reply,
    body: str = "",
    button_payload: str | None = None,
    media: Sequence[str] = (),
    location: tuple[float, float] | None = None,
    replied_to: str | None = None,
    opt_out: str | None = None,
) -> Message:
    """A message from `phone` to our address `to`, both with their prefix on WhatsApp; told to the product.

    `media` are content types; `location` latitude and longitude; `opt_out` what Twilio understood: STOP,
    START or HELP.
    """
    form = [
        ("SmsMessageSid", sid := account.new_sid("SM")),
        ("MessageSid", sid),
        ("SmsSid", sid),
        ("AccountSid", account.sid),
        ("SmsStatus", "received"),
        ("From", phone),
        ("To", to),
        ("Body", body),
        ("NumMedia", str(len(media))),
        ("NumSegments", "1"),
        ("ApiVersion", "2010-04-01"),
    ]
    if phone.startswith("whatsapp:"):
        form += _whatsapp(phone, button_payload, body, media, location)
    for place, kind in enumerate(media):
        form.append((f"MediaContentType{place}", kind))
        address = f"https://api.twilio.com/2010-04-01/Accounts/{account.sid}/Messages/{sid}/Media/"
        form.append((f"MediaUrl{place}", address + account.new_sid("ME")))
    if location is not None:
        form += [("Latitude", str(location[0])), ("Longitude", str(location[1]))]
    if replied_to is not None:
        form += [("OriginalRepliedMessageSid", replied_to), ("OriginalRepliedMessageSender", to)]
    if opt_out is not None:
        form.append(("OptOutType", opt_out))
    message = Message(sid, to, phone, form, at, "received", body, "inbound", at, at)
    account.messages[sid] = message
    account.wrote_at[phone, to] = at
    _heed(account, phone, to, opt_out or body)
    if url := account.number(to).messages_url:

        def hear(answer: str, heard_at: datetime) -> None:
            for text in _texts(answer):
                take_reply(account, phone, to, text, heard_at)

        account.later(at, lambda now: account.call_back(now, url, form, then=hear))
    return message


def _whatsapp(
    phone: str, payload: str | None, body: str, media: Sequence[str], location: tuple[float, float] | None
) -> Form:
    kind = "button" if payload is not None else "text"
    if media:
        kind = media[0].split("/", 1)[0]
    elif location is not None:
        kind = "location"
    name = "Buyer"
    metadata = {"type": "whatsapp", "data": {"context": {"ProfileName": name, "WaId": phone[10:]}}}
    form = [
        ("ProfileName", name),
        ("WaId", phone.removeprefix("whatsapp:+")),
        ("MessageType", kind),
        ("ReferralNumMedia", "0"),
        ("ChannelMetadata", json.dumps(metadata)),
    ]
    if payload is not None:
        form += [("ButtonPayload", payload), ("ButtonText", body)]
    return form


def _heed(account: Account, phone: str, to: str, words: str) -> None:
    word = words.strip().lower()
    if word in _STOPS and not phone.startswith("whatsapp:"):
        account.stopped.add((phone, to))
    elif word in ("start", "unstop"):
        account.stopped.discard((phone, to))


def _texts(answer: str) -> list[str]:
    """The messages in an answer of TwiML; none in anything else."""
    try:
        root = ElementTree.fromstring(answer)  # noqa: S314  the product's own answer
    except ElementTree.ParseError:
        return []
    return [text for each in root.iter("Message") if (text := "".join(each.itertext()).strip())]
