"""Whether a provider works at all: noticed, waited out, tried with one contact, and told to an operator."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from models.senders import ProviderState
from verification.alarms import end_alarm, raise_alarm
from verification.routing.health import ProviderHealth, provider_after_failure

_PROBE_LEASE = timedelta(seconds=60)


@dataclass(frozen=True)
class Outage:
    """A provider that is out since `since` and tried again at `retry_at`; `code` is its latest answer."""

    provider: str
    since: datetime
    retry_at: datetime | None
    failures: int
    code: str | None


def outages(session: Session) -> list[Outage]:
    """The providers that are out now."""
    asked = select(ProviderState).where(ProviderState.out_since.is_not(None)).order_by(ProviderState.provider)
    return [
        Outage(one.provider, one.out_since, one.retry_at, one.failures, one.last_code)
        for one in session.scalars(asked)
        if one.out_since is not None
    ]


def provider_out(session: Session, provider: str, now: datetime) -> bool:
    """Whether a provider counts as out and its time to be tried again has not come."""
    retry_at = session.scalar(
        select(ProviderState.retry_at).where(
            ProviderState.provider == provider, ProviderState.out_since.is_not(None)
        )
    )
    return retry_at is not None and now < retry_at


def note_provider(
    session: Session,
    provider: str,
    told: Sequence[tuple[datetime, str | None]],
    *,
    now: datetime,
    luck: Callable[[], float],
) -> list[bool]:
    """Learn from contacts how their provider does; returns of each whether it was out afterwards.

    `told` is when a contact began and, where the provider itself was what failed, the code. What was under
    way when the provider went out, or was last tried, tells only whether it works. Locks the provider's row
    until the transaction ends, where it changes.
    """
    if any(code is not None for _, code in told):
        new = insert(ProviderState).values(provider=provider, changed_at=now)
        session.execute(new.on_conflict_do_nothing())
    elif not session.scalar(select(ProviderState.failures).where(ProviderState.provider == provider)):
        return [False] * len(told)
    asked = select(ProviderState).where(ProviderState.provider == provider).with_for_update()
    state = session.scalars(asked.execution_options(populate_existing=True)).one()
    was_out, found = state.out_since is not None, []
    for began_at, code in told:
        health = ProviderHealth(state.failures, state.out_since, state.retry_at)
        if code is None:
            health = ProviderHealth()
        elif health.out_since is None or began_at >= state.changed_at:
            health = provider_after_failure(health, now, luck())
            state.last_code, state.changed_at = code, now
        state.failures, state.out_since, state.retry_at = health.failures, health.out_since, health.retry_at
        found.append(health.out_since is not None)
    if state.out_since is not None:
        raise_alarm(session, "provider_out", provider, {"code": state.last_code}, now=now)
    elif was_out:
        state.changed_at = now
        end_alarm(session, "provider_out", provider, now=now)
    session.flush()
    return found


@dataclass(frozen=True)
class Leave:
    """Leave to make contacts through a provider: `most` of them, None for any number."""

    provider: str | None
    most: int | None = None

    def used(self, session: Session, now: datetime) -> None:
        """A probe is under way: nobody probes again until its result is known, or should have been."""
        if self.most is not None:
            session.execute(
                update(ProviderState)
                .where(ProviderState.provider == self.provider)
                .values(retry_at=now + _PROBE_LEASE, changed_at=now)
            )


def may_contact(session: Session, provider: str | None, now: datetime) -> Leave | None:
    """Leave to make contacts through a provider; None while it is out.

    When its time to be tried has come, one worker may make one contact, the others none.
    """
    is_out = (ProviderState.provider == provider, ProviderState.out_since.is_not(None))
    out = session.execute(select(ProviderState.retry_at).where(*is_out)).one_or_none()
    if out is None:
        return Leave(provider)
    if out.retry_at is not None and now < out.retry_at:
        return None
    due = or_(ProviderState.retry_at.is_(None), ProviderState.retry_at <= now)
    held = select(ProviderState.provider).where(*is_out, due).with_for_update(skip_locked=True)
    return Leave(provider, most=1) if session.scalar(held) else None
