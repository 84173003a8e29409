"""Alarms in words: what is wrong, and what somebody has to do about it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from babel.numbers import format_decimal

from models.vocabulary import Channel
from verification.alarms import StandingAlarm
from verification.trial.alarming import EVERYWHERE
from web.board.code_words import code_name
from web.board.words import country_name
from web.language import page_language
from web.translating import gettext, lazy
from web.words import word

Parts = Mapping[str, str]

_WRONG: Mapping[str, Callable[[Parts], str]] = {
    "no_sender": lambda parts: gettext("No sender for %(channel)s in %(country)s", **parts),
    "no_template": lambda parts: gettext("No usable text for %(channel)s in %(country)s", **parts),
    "no_voice": lambda parts: gettext("Some buyers in %(country)s speak a language without voice", **parts),
    "filtered": lambda parts: gettext("%(channel)s in %(country)s is filtered as spam", **parts),
    "geo_permission": lambda parts: gettext(
        "The account has no permission for %(channel)s in %(country)s", **parts
    ),
    "sender_refused": lambda parts: gettext(
        "%(sender)s may not be used for %(channel)s in %(country)s", **parts
    ),
    "credentials": lambda parts: gettext("The provider does not accept our account", **parts),
    "our_fault": lambda parts: gettext(
        "The provider does not take what we send by %(channel)s in %(country)s", **parts
    ),
    "unknown_code": lambda parts: gettext(
        "The provider gives a code for %(channel)s that nobody knows", **parts
    ),
    "unsigned": lambda parts: gettext("Reports come in that the provider did not sign", **parts),
    "provider_out": lambda parts: gettext("The provider does not answer", **parts),
    "learning_failed": lambda parts: gettext("Last night's learning failed", **parts),
    "below_control": lambda parts: gettext(
        "Learned hours and channels do worse than the fixed schedule in %(country)s: "
        "%(points)s points fewer orders decided in time",
        **parts,
    ),
}
_TO_DO: Mapping[str, Any] = {
    "no_sender": lazy(
        "Add a sender for this country. Until then these buyers are reached by other channels."
    ),
    "no_template": lazy(
        "Submit a text in the buyers' language, or wait for its approval. Until then other channels are used."
    ),
    "no_voice": lazy("Upload recordings for their language. Until then they get WhatsApp or an agent."),
    "filtered": lazy("Register the sender and the text with the carriers, and read the text again."),
    "geo_permission": lazy("Allow the country in the provider's console, under geographic permissions."),
    "sender_refused": lazy(
        "Register the sender for this country with the provider, or add another one. It rests meanwhile."
    ),
    "credentials": lazy("Check the account's id, its token and its state in the provider's console."),
    "our_fault": lazy("Mend what the code names. Until then these buyers are reached by other channels."),
    "unknown_code": lazy("Look the code up with the provider and tell whoever looks after Takeed."),
    "unsigned": lazy(
        "Set the public address and the token as the provider has them; else somebody forges reports."
    ),
    "provider_out": lazy("Nothing: contacts wait and go out when it is back."),
    "learning_failed": lazy(
        "Contacts are chosen by what was learned before. Tell whoever looks after Takeed to read its log."
    ),
    "below_control": lazy(
        "Look at the trial. Stop what was learned until somebody knows why: all orders then follow the fixed "
        "schedule. This ends by itself once the loss is no longer seen."
    ),
}
_KINDS: Mapping[str, Any] = {
    "no_sender": lazy("No sender"),
    "no_template": lazy("No usable text"),
    "no_voice": lazy("No voice"),
    "filtered": lazy("Filtered as spam"),
    "geo_permission": lazy("No permission for a country"),
    "sender_refused": lazy("Sender refused"),
    "credentials": lazy("Account not accepted"),
    "our_fault": lazy("Not taken by the provider"),
    "unknown_code": lazy("Unknown code"),
    "unsigned": lazy("Reports not signed"),
    "provider_out": lazy("Provider out"),
    "learning_failed": lazy("Learning failed"),
    "below_control": lazy("Worse than the fixed schedule"),
}
_WHERE: Mapping[str, str] = {
    "no_sender": "/admin/senders",
    "sender_refused": "/admin/senders",
    "no_template": "/admin/templates",
    "no_voice": "/admin/voice",
    "below_control": "/board/trial",
}


@dataclass(frozen=True)
class ToldAlarm:
    """An alarm in words; `detail` is the provider's code with what it says, `page` where it is mended.

    `apart` is what of the subject none of it says: the door, the sender, the provider that it is about.
    """

    code: str
    subject: str
    wrong: str
    to_do: str
    detail: str
    apart: str
    page: str | None
    count: int
    since: datetime


def tell_alarm(alarm: StandingAlarm) -> ToldAlarm:
    """An alarm in the page's language; one that has no words stands for itself."""
    params = alarm.params
    channel = _channel(params.get("channel"))
    parts = {
        "channel": word(channel) if channel else "–",
        "country": _country(params),
        "points": format_decimal(params.get("points", 0), locale=page_language()),
        "sender": str(params.get("sender") or gettext("A sender")),
    }
    say = _WRONG.get(alarm.code)
    wrong = say(parts) if say else alarm.code
    code = params.get("code")
    return ToldAlarm(
        code=alarm.code,
        subject=alarm.subject,
        wrong=wrong,
        to_do=str(_TO_DO.get(alarm.code, "")),
        detail=code_name(channel, str(code)) if code and code != alarm.code else "",
        apart=_apart(alarm, wrong),
        page=_WHERE.get(alarm.code),
        count=alarm.count,
        since=alarm.first_at,
    )


def _apart(alarm: StandingAlarm, wrong: str) -> str:
    said = {str(alarm.params.get(name)) for name in ("channel", "country", "code")}
    return ", ".join(
        each for each in alarm.subject.split(":") if each and each not in said and each not in wrong
    )


def alarm_title(code: str) -> str:
    """What kind of alarm a code is, for the record of changes."""
    return str(_KINDS.get(code, code))


def _country(params: Parts) -> str:
    country = str(params.get("country", "–"))
    return gettext("all countries together") if country == EVERYWHERE else country_name(country)


def _channel(code: Any) -> Channel | None:
    try:
        return Channel(code)
    except ValueError:
        return None
