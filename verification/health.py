"""What an operator should know is wrong."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography.fernet import InvalidToken
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.inbound import InboundEvent
from models.jobs import JobRun
from models.orders import Order
from models.outbox import OutboxDelivery
from models.secrecy import Keyring
from models.sellers import Store
from models.vocabulary import DeliveryState, InboundState
from verification.policy.stored import unusable_overrides
from verification.status import status

LATE = timedelta(minutes=10)


@dataclass(frozen=True)
class Health:
    """`clock_ahead` is how far the database's clock is ahead of `now`; `unreadable_stores` are stores whose
    secrets another secret key sealed; `late_events` should have been sent before `LATE` ago;
    `unusable_overrides` are names of stored policy values that are passed over."""

    server_version: str
    clock_ahead: timedelta
    job_runs: dict[str, datetime]
    has_orders: bool
    stranded: int
    failed_events: int
    late_events: int
    disabled_stores: int
    quarantined: int
    unreadable_stores: int
    unusable_overrides: tuple[str, ...]


def read_health(session: Session, keys: Keyring, *, now: datetime) -> Health:
    """The installation as it stands; `now` is the host's real time."""
    # The one question that is about the database's clock.
    its_clock = session.execute(select(func.clock_timestamp())).scalar_one()
    late = select(OutboxDelivery.id).where(
        OutboxDelivery.state == DeliveryState.pending, OutboxDelivery.next_try_at < now - LATE
    )
    failed = select(OutboxDelivery.id).where(OutboxDelivery.state == DeliveryState.failed)
    quarantined = select(InboundEvent.id).where(InboundEvent.state == InboundState.quarantined)
    return Health(
        server_version=session.execute(select(func.current_setting("server_version"))).scalar_one(),
        clock_ahead=its_clock - now,
        job_runs={run.job: run.ran_at for run in session.scalars(select(JobRun).order_by(JobRun.job))},
        has_orders=session.scalar(select(Order.id).limit(1)) is not None,
        stranded=status(session)["stranded"],
        failed_events=session.scalar(select(func.count()).select_from(failed.subquery())) or 0,
        late_events=session.scalar(select(func.count()).select_from(late.subquery())) or 0,
        disabled_stores=session.scalar(
            select(func.count()).select_from(Store).where(Store.event_disabled_at.is_not(None))
        )
        or 0,
        quarantined=session.scalar(select(func.count()).select_from(quarantined.subquery())) or 0,
        unreadable_stores=sum(
            not _readable(sealed, keys) for sealed in session.scalars(select(Store.event_secrets))
        ),
        unusable_overrides=unusable_overrides(session),
    )


def _readable(sealed: bytes, keys: Keyring) -> bool:
    try:
        keys.decrypt(sealed)
    except InvalidToken:
        return False
    return True
