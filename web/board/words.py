"""What the board's own codes are called."""

from collections.abc import Mapping
from enum import StrEnum

from babel.support import LazyProxy

from models.countries import served
from verification.board.causes import Cause, TimeLeft
from verification.board.orders import Today
from web.language import page_language
from web.translating import lazy

# Each cause follows a number of orders that wait: "610 outside contact hours".
_WORDS: Mapping[type[StrEnum], Mapping[str, LazyProxy]] = {
    Cause: {
        "overdue": lazy("past their deadline"),
        "waiting_for_agent": lazy("for an agent to call"),
        "with_agent": lazy("with an agent now"),
        "for_supervisor": lazy("for a supervisor"),
        "no_number": lazy("without a number to call"),
        "provider_out": lazy("for the provider, which is out"),
        "no_sender": lazy("without a sender to contact them"),
        "sender_busy": lazy("for a sender that is busy"),
        "being_contacted": lazy("being contacted now"),
        "waiting_for_answer": lazy("for the buyer's answer"),
        "promised_time": lazy("for a promised time"),
        "outside_hours": lazy("outside contact hours"),
        "capped": lazy("held back by contact limits"),
        "next_try_later": lazy("for the pause before the next try"),
        "stranded": lazy("without a next step"),
    },
    TimeLeft: {
        "overdue": lazy("Overdue"),
        "hour": lazy("Under 1 h"),
        "four_hours": lazy("1–4 h"),
        "twelve_hours": lazy("4–12 h"),
        "day": lazy("12–24 h"),
        "later": lazy("Over 24 h"),
    },
    Today: {
        "received": lazy("Received today"),
        "contacted": lazy("Contacted today"),
        "confirmed": lazy("Confirmed today"),
        "rejected": lazy("Rejected today"),
        "unreachable": lazy("Given up as unreachable today"),
        "waived": lazy("Released without contact today"),
        "withdrawn": lazy("Withdrawn today"),
    },
}


def board_word(member: StrEnum) -> str:
    """What a code of the board is called, in the page's language."""
    return str(_WORDS[type(member)][member.value])


def country_name(code: str) -> str:
    """A country in the page's language; one that is not served by its code."""
    country = served(code)
    if country is None:
        return code
    return country.name_ar if page_language() == "ar" else country.name_en
