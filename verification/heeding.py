"""Doing what a provider's refusal asks for, whether it came at once or in a report."""

from datetime import datetime

from sqlalchemy.orm import Session

from channels.protocol import Meaning, Refused
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


def as_meant(attempt: Attempt, refusal: Refused) -> Refused:
    """The refusal as it concerns this attempt: the window cannot have been shut for an approved template.

    The same template again would end the same, so the operator is told and the next channel tried.
    """
    if refusal.meaning is not Meaning.window_closed or attempt.template_id is None:
        return refusal
    return Refused(refusal.code, Meaning.undeliverable, alarm="our_fault")


def heed(session: Session, attempt: Attempt, refusal: Refused, *, now: datetime) -> None:
    """Write the refusal on a failed attempt, remember what it says of the phone, and tell the operator.

    Of several refusals of one contact the heaviest stands, in whichever order they come. The caller plans
    the case.
    """
    refusal = as_meant(attempt, refusal)
    code, meaning = refusal.code, refusal.meaning
    known = (Meaning(attempt.meaning), attempt.error_code or "") if attempt.meaning else None
    if known is None or _weight(meaning, code) < _weight(*known):
        attempt.error_code, attempt.meaning = code, meaning.value
        # A handset that was off says something of the hour, most refusals do not.
        attempt.recount = True
    match meaning:
        case Meaning.no_such_channel:
            note_unreachable(session, attempt, code, now)
        case Meaning.no_such_number:
            note_no_number(session, attempt, code, now)
        case Meaning.opted_out:
            opt_out(session, attempt, now)
        case _ if (meaning in _ALARMING or refusal.alarm) and code != _BY_RULE:
            _alarm(session, attempt, refusal, now)
    if not refusal.is_known:
        told = {"channel": attempt.channel.value, "code": code}
        raise_alarm(session, "unknown_code", f"{attempt.channel.value}:{code}", told, now=now)


def _alarm(session: Session, attempt: Attempt, refusal: Refused, now: datetime) -> None:
    code, meaning = refusal.code, refusal.meaning
    country = session.get_one(Step, attempt.step_id).country
    params = {"channel": attempt.channel.value, "country": country, "code": code}
    if attempt.sender is not None:
        params["sender"] = attempt.sender
    # Credentials are wrong everywhere at once; a permission is missing for a country, whatever the code.
    about = [] if refusal.alarm == "credentials" else [attempt.channel.value, country]
    raised = refusal.alarm or (code if code in _ROADS else _ALARMING[meaning])
    if raised == "our_fault":
        about.append(code)
    if meaning in (Meaning.filtered, Meaning.sender_refused) and attempt.sender is not None:
        about.append(attempt.sender)
    raise_alarm(session, raised, ":".join(about) or attempt.provider, params, now=now)


def _weight(meaning: Meaning, code: str) -> tuple[int, str]:
    return _HEAVIEST_FIRST.index(meaning), code
