"""Doing what a provider's refusal asks for, whether it came at once or in a report."""

from datetime import datetime

from sqlalchemy.orm import Session

from channels.protocol import Meaning
from models.attempts import Attempt
from models.steps import Step
from verification.alarms import raise_alarm
from verification.reachability import note_no_number, note_unreachable, opt_out

_HEAVIEST_FIRST = tuple(Meaning)
# What an operator has to mend, by what is to be told apart; the rest of no_road is about our texts.
_ALARMING = {
    Meaning.filtered: "filtered",
    Meaning.sender_refused: "sender_refused",
    Meaning.our_fault: "our_fault",
    Meaning.no_road: "no_template",
}
_ROADS = ("no_sender", "no_voice")
_BY_RULE = "no_link_allowed"


def heed(session: Session, attempt: Attempt, code: str, meaning: Meaning, *, now: datetime) -> None:
    """Write the refusal on a failed attempt, remember what it says of the phone, and tell the operator.

    Of several refusals of one contact the heaviest stands, in whichever order they come. The caller plans
    the case.
    """
    known = (Meaning(attempt.meaning), attempt.error_code or "") if attempt.meaning else None
    if known is None or _weight(meaning, code) < _weight(*known):
        attempt.error_code, attempt.meaning = code, meaning.value
    match meaning:
        case Meaning.no_such_channel:
            note_unreachable(session, attempt, code, now)
        case Meaning.no_such_number:
            note_no_number(session, attempt, code, now)
        case Meaning.opted_out:
            opt_out(session, attempt, now)
        case _ if meaning in _ALARMING and code != _BY_RULE:
            _alarm(session, attempt, code, meaning, now)


def _alarm(session: Session, attempt: Attempt, code: str, meaning: Meaning, now: datetime) -> None:
    country = session.get_one(Step, attempt.step_id).country
    params = {"channel": attempt.channel.value, "country": country, "code": code}
    if attempt.sender is not None:
        params["sender"] = attempt.sender
    about = [attempt.channel.value, country, *([code] if meaning is Meaning.our_fault else [])]
    if meaning in (Meaning.filtered, Meaning.sender_refused) and attempt.sender is not None:
        about.append(attempt.sender)
    raised = code if code in _ROADS else _ALARMING[meaning]
    raise_alarm(session, raised, ":".join(about), params, now=now)


def _weight(meaning: Meaning, code: str) -> tuple[int, str]:
    return _HEAVIEST_FIRST.index(meaning), code
