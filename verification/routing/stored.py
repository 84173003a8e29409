"""What results teach about senders and their provider."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from channels.protocol import Meaning, Refused, Sent, Uncertain
from models.attempts import Attempt
from models.senders import ProviderState, Sender
from verification.alarms import end_alarm, raise_alarm
from verification.routing.health import (
    Health,
    ProviderHealth,
    after_failure,
    after_success,
    provider_after_failure,
)

_SANDBOX = "sandbox"
_WELL = text("""
SELECT NOT EXISTS (SELECT FROM senders WHERE id = :sender_id
        AND (failures > 0 OR standing < 100 OR resting_until IS NOT NULL))
    AND NOT EXISTS (SELECT FROM provider_states WHERE provider = :provider AND failures > 0)
""")

# What a refusal says of the sender, and what of the provider; any other was about the buyer's phone alone,
# and so came through both.
_SENDERS_OWN = (Meaning.slow_down, Meaning.sender_refused, Meaning.filtered)
_SAYS_NOTHING = (Meaning.retry_later, Meaning.no_road, Meaning.our_fault, Meaning.window_closed)


def note_result(
    session: Session,
    attempt: Attempt,
    result: Sent | Refused | Uncertain,
    *,
    provider: str,
    now: datetime,
    luck: float,
) -> None:
    """Learn from what became of a send how its sender and the provider do.

    `luck` (0 up to 1) spreads the rests. Nothing is learned from attempts without a sender or in the sandbox.
    Locks the provider's row before the sender's, both only when they change.
    """
    if attempt.sender_id is None or provider == _SANDBOX:
        return
    meaning = result.meaning if isinstance(result, Refused) else None
    if meaning in _SAYS_NOTHING:
        return
    if isinstance(result, Uncertain) or meaning is Meaning.provider_down:
        code = result.code if isinstance(result, Refused | Uncertain) else ""
        if not _provider_failed(session, attempt, provider, code, now, luck):
            lone = isinstance(result, Uncertain)
            _change(session, attempt, lambda health: after_failure(health, now, luck, forgiven_once=lone))
        return
    values = {"sender_id": attempt.sender_id, "provider": provider}
    if meaning not in _SENDERS_OWN and session.scalar(_WELL, values):
        return
    _provider_works(session, provider, now)
    if meaning in _SENDERS_OWN:
        asked = result.after if isinstance(result, Refused) else None
        lone = meaning is Meaning.filtered
        _change(
            session,
            attempt,
            lambda health: after_failure(health, now, luck, asked=asked, forgiven_once=lone),
        )
    else:
        _change(session, attempt, lambda health: after_success(health, now))


def provider_out(session: Session, provider: str, now: datetime) -> bool:
    """Whether a provider counts as out and its time to be tried again has not come."""
    retry_at = session.scalar(
        select(ProviderState.retry_at).where(
            ProviderState.provider == provider, ProviderState.out_since.is_not(None)
        )
    )
    return retry_at is not None and now < retry_at


def _provider_failed(
    session: Session, attempt: Attempt, provider: str, code: str, now: datetime, luck: float
) -> bool:
    """Count a failure of the provider; whether it is out."""
    session.execute(insert(ProviderState).values(provider=provider, changed_at=now).on_conflict_do_nothing())
    state = _provider(session, provider)
    if state.out_since is not None and attempt.started_at < state.changed_at:
        return True  # Was under way already when it went out, or was last tried.
    before = ProviderHealth(state.failures, state.out_since, state.retry_at)
    after = provider_after_failure(before, now, luck)
    state.failures, state.out_since, state.retry_at = after.failures, after.out_since, after.retry_at
    state.last_code, state.changed_at = code, now
    session.flush()
    if after.out_since is not None:
        raise_alarm(session, "provider_out", provider, {"provider": provider, "code": code}, now=now)
    return after.out_since is not None


def _provider_works(session: Session, provider: str, now: datetime) -> None:
    failing = select(ProviderState.failures).where(ProviderState.provider == provider)
    if not session.scalar(failing):
        return
    state = _provider(session, provider)
    if state.out_since is not None:
        end_alarm(session, "provider_out", provider, now=now)
    state.failures, state.out_since, state.retry_at, state.changed_at = 0, None, None, now
    session.flush()


def _provider(session: Session, provider: str) -> ProviderState:
    asked = select(ProviderState).where(ProviderState.provider == provider).with_for_update()
    return session.scalars(asked.execution_options(populate_existing=True)).one()


def _change(session: Session, attempt: Attempt, learn: Callable[[Health], Health]) -> None:
    asked = select(Sender).where(Sender.id == attempt.sender_id).with_for_update(key_share=True)
    sender = session.scalars(asked.execution_options(populate_existing=True)).one()
    after = learn(Health(sender.standing, sender.standing_at, sender.failures, sender.resting_until))
    sender.standing, sender.standing_at = after.standing, after.standing_at
    sender.failures, sender.resting_until = after.failures, after.resting_until
    session.flush()
