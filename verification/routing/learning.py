"""What the results of contacts teach about their senders and the provider."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Text, Uuid, bindparam, select, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from channels.protocol import Meaning, Refused, Sent, Uncertain
from models.attempts import Attempt
from models.senders import Sender
from verification.alarms import end_alarm
from verification.routing.health import Health, after_failure, after_success
from verification.routing.outages import note_provider

Result = Sent | Refused | Uncertain

_SANDBOX = "sandbox"
_ALL_WELL = text("""
SELECT NOT EXISTS (SELECT FROM senders WHERE id = ANY(:senders)
        AND (failures > 0 OR standing < 100 OR resting_until IS NOT NULL))
    AND NOT EXISTS (SELECT FROM provider_states WHERE provider = ANY(:providers) AND failures > 0)
    AND NOT EXISTS (SELECT FROM alarms
        WHERE code = 'credentials' AND subject = ANY(:providers) AND ended_at IS NULL)
""").bindparams(bindparam("senders", type_=ARRAY(Uuid)), bindparam("providers", type_=ARRAY(Text)))

# Any other refusal was about the buyer's phone alone, and so came through both.
_SENDERS_OWN = (Meaning.slow_down, Meaning.sender_refused, Meaning.filtered)
_SAYS_NOTHING = (Meaning.retry_later, Meaning.no_road, Meaning.our_fault, Meaning.window_closed)


@dataclass(frozen=True)
class _Lesson:
    """What one contact teaches: `provider_code` where the provider itself was what failed."""

    attempt: Attempt
    was_taken: bool = False
    failed: bool = False
    provider_code: str | None = None
    asked: timedelta | None = None
    forgiven_once: bool = False


def note_result(
    session: Session, attempt: Attempt, result: Result, *, provider: str, now: datetime, luck: float
) -> None:
    """As `note_results`, of one contact."""
    if provider != _SANDBOX:
        note_results(session, [(attempt, result)], now=now, luck=lambda: luck)


def note_results(
    session: Session,
    results: Sequence[tuple[Attempt, Result]],
    *,
    now: datetime,
    luck: Callable[[], float],
) -> None:
    """Learn from what became of contacts how their senders and providers do.

    `luck` draws from 0 up to 1 and spreads the rests. Attempts without a sender and those in the sandbox
    teach nothing. While all is well this is one question. Else providers and then senders are locked, each
    in a fixed order: a transaction calls this once, and takes no other lock after it that others may hold.
    """
    lessons = [
        lesson
        for attempt, result in results
        if attempt.sender_id is not None and attempt.provider != _SANDBOX
        if (lesson := _lesson(attempt, result)) is not None
    ]
    providers = sorted({each.attempt.provider for each in lessons})
    senders = [each.attempt.sender_id for each in lessons]
    if not any(each.failed for each in lessons) and (
        not lessons or session.scalar(_ALL_WELL, {"senders": senders, "providers": providers})
    ):
        return
    # Alarms before providers, as those who heed refusals lock them.
    for provider in sorted({each.attempt.provider for each in lessons if each.was_taken}):
        end_alarm(session, "credentials", provider, now=now)
    for_senders: list[_Lesson] = []
    for provider in providers:
        theirs = [each for each in lessons if each.attempt.provider == provider]
        told = [(each.attempt.started_at, each.provider_code) for each in theirs]
        is_out = note_provider(session, provider, told, now=now, luck=luck)
        # While it is out, no sender is to blame.
        for_senders += [each for each, out in zip(theirs, is_out, strict=True) if not out]
    _teach(session, for_senders, now, luck)


def _lesson(attempt: Attempt, result: Result) -> _Lesson | None:
    if isinstance(result, Sent):
        return _Lesson(attempt, was_taken=True)
    if isinstance(result, Uncertain):
        return _Lesson(attempt, failed=True, provider_code=result.code, forgiven_once=True)
    if result.meaning in _SAYS_NOTHING:
        return None
    if result.meaning is Meaning.provider_down:
        return _Lesson(attempt, failed=True, provider_code=result.code)
    return _Lesson(
        attempt,
        failed=result.meaning in _SENDERS_OWN,
        asked=result.after,
        forgiven_once=result.meaning is Meaning.filtered,
    )


def _teach(session: Session, lessons: Sequence[_Lesson], now: datetime, luck: Callable[[], float]) -> None:
    asked = (
        select(Sender)
        .where(Sender.id.in_({each.attempt.sender_id for each in lessons}))
        .order_by(Sender.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    senders: dict[UUID | None, Sender] = {sender.id: sender for sender in session.scalars(asked)}
    for each in lessons:
        sender = senders[each.attempt.sender_id]
        health = Health(sender.standing, sender.standing_at, sender.failures, sender.resting_until)
        if each.failed:
            health = after_failure(health, now, luck(), asked=each.asked, forgiven_once=each.forgiven_once)
        else:
            health = after_success(health, now)
        sender.standing, sender.standing_at = health.standing, health.standing_at
        sender.failures, sender.resting_until = health.failures, health.resting_until
    session.flush()
