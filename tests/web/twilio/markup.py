"""Reading what Twilio would read."""

from urllib.parse import parse_qsl, urlsplit
from xml.etree import ElementTree

from werkzeug.test import TestResponse

NASTY = ("", "\0", "\x0b\x1b", "<Say>&", "١", "-1", "1" * 5000, "💥\u202e", "+966551234567", "true", "NaN")
"""What no sane request holds."""


def markup(answer: TestResponse) -> ElementTree.Element:
    """The answer's document."""
    assert answer.status_code == 200, answer.text
    assert answer.content_type == "text/xml; charset=utf-8"
    return ElementTree.fromstring(answer.data)


def words(answer: TestResponse) -> str:
    """All that is read out."""
    return " ".join(each.text or "" for each in markup(answer).iter("Say"))


def following(answer: TestResponse) -> tuple[str, dict[str, str]]:
    """Where the next key goes: the path below our doors, and its query."""
    [gather] = markup(answer).iter("Gather")
    address = urlsplit(gather.get("action", ""))
    assert f"{address.scheme}://{address.netloc}" == "https://takeed.example"
    return address.path.removeprefix("/channels/twilio"), dict(parse_qsl(address.query))


def hangs_up(answer: TestResponse) -> bool:
    """Whether the call ends with it."""
    document = markup(answer)
    return document.find("Hangup") is not None and document.find("Gather") is None
