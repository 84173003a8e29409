"""Whether a provider works at all: noticed, waited out, tried with one contact, and told to an operator."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from models.attempts import Attempt
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


def note_failure(
    session: Session, attempt: Attempt, provider: str, code: str, now: datetime, luck: float
) -> bool:
    """A send came to nothing because of the provider itself: counted; returns whether the provider is out.

    Locks the provider's row until the transaction ends.
    """
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


def note_works(session: Session, provider: str, now: datetime) -> None:
    """The provider answered as it should: an outage is over."""
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
