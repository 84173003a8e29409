"""What the desk says when it did something, or did not."""

from collections.abc import Mapping
from typing import Any

from models.vocabulary import Disposition
from verification.desk.promised import Promised
from verification.desk.refusals import DeskRefusal, PromiseRefused, Why
from verification.desk.undoing import Undoable
from web.context import context
from web.formats import day, hour, listed
from web.language import page_language
from web.translating import gettext, lazy
from web.words import word

_COMMA = {"en": ", ", "ar": "، "}
_REFUSED: Mapping[Why, Any] = {
    Why.stale: lazy("That case is no longer in your hands, so nothing was recorded."),
    Why.already_called: lazy("This case was called already: it needs its outcome before you go on."),
    Why.not_called: lazy("Begin the call first: outcomes are open from then on."),
    Why.not_permitted_now: lazy("This buyer may not be called at this minute."),
    Why.no_number: lazy("No number to call: add one under Fix, or hand the case on."),
    Why.undo_too_late: lazy("Too late to undo: the outcome stands."),
    Why.nothing_to_take: lazy("There is nothing to call about on this order now."),
    Why.held_by_other: lazy("Somebody else has this buyer's case in hand right now."),
    Why.decided: lazy("This order is settled: it was withdrawn, or the parcel has left."),
    Why.details_erased: lazy("The buyer's details are no longer kept, so they cannot be changed."),
    Why.phone_unreadable: lazy(
        "Nobody can be called under that number, or it is the number we have already."
    ),
    Why.no_own_phone: lazy("Your phone rings first, and none is known: name it under Your account."),
    Why.no_line: lazy("No number of ours may call this country. Administrators have been told."),
    Why.lines_busy: lazy("All our lines are taken. Try again in a moment."),
    Why.provider_out: lazy("The provider of calls does not answer."),
    Why.in_doubt: lazy("It is still not known whether your phone rings. Answer it if it does."),
    Why.not_hung_up: lazy("It is not known whether the call has ended. Hang up on your phone."),
}
_RULES: Mapping[str, Any] = {
    "outside_hours": lazy("it is outside the hours in which the buyer may be called"),
    "min_gap": lazy("it is too soon after the last contact"),
    "on_the_phone": lazy("another call to this phone is going on"),
    "day_cap": lazy("the buyer has been contacted often enough that day"),
    "day_call_cap": lazy("the buyer has been called often enough that day"),
    "week_call_cap": lazy("the buyer has been called often enough that week"),
    "opted_out": lazy("the buyer asked not to be called"),
    "past": lazy("it has passed already"),
    "after_deadline": lazy("the order must be settled before then"),
}
_MISREAD: Mapping[str, Any] = {
    "unclear": lazy("That could not be read. Please choose again."),
    "time_unclear": lazy(
        "That is not a time in the next 14 days. Try “21:30”, “tomorrow 9 pm” or “in 2 hours”."
    ),
    "quantity_unclear": lazy("A quantity is a whole number from 0 to 10,000."),
    "nothing_changed": lazy("No quantity was changed. To confirm the order as it is, choose Confirm."),
    "apart_without_answer": lazy(
        "One order has an answer of its own, but you chose that nobody answered. Choose one or the other."
    ),
    "address_empty": lazy("The address needs at least one line."),
    "too_long": lazy("A line of an address has at most 200 characters."),
}
DONE: Mapping[str, Any] = {
    "address": lazy("The address is saved."),
    "address_same": lazy("The address stands as it was."),
    "phone": lazy("The number is saved. The case is yours again, to be called there."),
    "undone": lazy("Undone: the case is back in your hands and needs an outcome."),
    "given_back": lazy("The case went back to the queue."),
    "nothing_due": lazy("Nothing is due right now."),
    "break_waits": lazy("Your break begins after this case: it was called and needs its outcome."),
}
"""What was done, by the code that an address may carry."""


def refusal(refused: DeskRefusal) -> str:
    """A refusal in a sentence, with the rules behind it and the time at which they no longer hold."""
    said = str(_REFUSED[refused.why])
    if refused.why is Why.in_doubt:
        return said
    if refused.rules:
        said = gettext("Not now: %(rules)s.", rules=_rules(refused.rules))
    if refused.at is not None:
        zone = context().settings.time_zone
        when = gettext("%(day)s, %(hour)s", day=day(refused.at, zone), hour=hour(refused.at, zone))
        said = gettext("%(why)s Possible again: %(when)s.", why=said, when=when)
    return said


def promise_refused(refused: PromiseRefused) -> str:
    """Why a time cannot be promised."""
    return gettext("That time cannot be promised: %(rules)s.", rules=_rules(refused.rules))


def misread(code: str) -> str:
    """What is wrong with a form."""
    return str(_MISREAD.get(code, _MISREAD["unclear"]))


def undo_text(undo: Undoable, promised: Promised | None) -> str:
    """What was recorded, for the moment in which it can be taken back; a promise with its time."""
    said = dict.fromkeys(_chosen(each, promised) for each in undo.chosen)
    return gettext("Recorded: %(outcome)s", outcome=_COMMA[page_language()].join(said))


def _chosen(chosen: Disposition, promised: Promised | None) -> str:
    if chosen is not Disposition.call_back or promised is None:
        return word(chosen)
    here, at, zone = context().settings.time_zone, promised.at, promised.zone
    said = f"{word(chosen)} {day(at, zone)} {hour(at, zone)}"
    if hour(at, zone) == hour(at, here):
        return said
    return f"{said} ({gettext('%(hour)s here', hour=hour(at, here))})"


def _rules(codes: tuple[str, ...]) -> str:
    return _COMMA[page_language()].join(
        str(_RULES[code]) if code in _RULES else listed([code]) for code in codes
    )
