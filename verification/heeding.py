"""Doing what a provider's refusal asks for, whether it came at once or in a report."""

from datetime import datetime

from sqlalchemy.orm import Session

from channels.protocol import Meaning
from models.attempts import Attempt
from verification.reachability import note_no_number, note_unreachable, opt_out

_HEAVIEST_FIRST = tuple(Meaning)


def heed(session: Session, attempt: Attempt, code: str, meaning: Meaning, *, now: datetime) -> None:
    """Write the refusal on a failed attempt and remember what it says of the phone.

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
        case _:
            pass


def _weight(meaning: Meaning, code: str) -> tuple[int, str]:
    return _HEAVIEST_FIRST.index(meaning), code
