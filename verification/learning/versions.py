"""The versions of what was learned: kept, listed, rolled back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.orm import Session

from models.slots import SlotModel
from verification.learning.current import COLD, current_version

KEPT_VERSIONS = 30
KEPT_PROMOTED = timedelta(days=90)
_ONE_AT_A_TIME = 5_106_002
_COLUMNS = (
    SlotModel.version,
    SlotModel.fitted_at,
    SlotModel.fitted_by,
    SlotModel.buyers,
    SlotModel.contacts,
    SlotModel.findings,
    SlotModel.promoted_at,
    SlotModel.rolled_back_at,
    SlotModel.rolled_back_by,
)
_STANDS = (SlotModel.promoted_at.is_not(None), SlotModel.rolled_back_at.is_(None))
_LATEST_PROMOTED = (SlotModel.promoted_at.desc(), SlotModel.version.desc())


@dataclass(frozen=True)
class Version:
    """One version without the model itself; `findings` as `verification.learning.findings` writes them."""

    version: int
    fitted_at: datetime
    fitted_by: str
    buyers: int
    contacts: int
    findings: Mapping[str, Any]
    promoted_at: datetime | None
    rolled_back_at: datetime | None
    rolled_back_by: str | None


class RollBackRefused(Exception):
    """There is nothing to go back to: `code` is `nothing_promoted`, `in_use`, `unknown` or `never_used`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def versions(session: Session, limit: int = KEPT_VERSIONS) -> Sequence[Version]:
    """The newest versions first."""
    found = session.execute(select(*_COLUMNS).order_by(SlotModel.version.desc()).limit(limit))
    return [Version(*row) for row in found]


def version_of(session: Session, version: int) -> Version | None:
    """One version, if it is kept."""
    row = session.execute(select(*_COLUMNS).where(SlotModel.version == version)).one_or_none()
    return None if row is None else Version(*row)


def keep(
    session: Session,
    *,
    model: Mapping[str, Any],
    buyers: int,
    contacts: int,
    findings: Mapping[str, Any],
    promote: bool,
    by: str,
    now: datetime,
) -> int:
    """Store a version and return its number; old ones go that can be of no use any more.

    The newest 30 stay, those promoted within 90 days, the one in use and the one before it.
    """
    fitted = SlotModel(
        fitted_at=now,
        fitted_by=by,
        buyers=buyers,
        contacts=contacts,
        model=dict(model),
        findings=dict(findings),
        promoted_at=now if promote else None,
    )
    session.add(fitted)
    session.flush()
    newest = select(SlotModel.version).order_by(SlotModel.version.desc()).limit(KEPT_VERSIONS)
    in_use = select(SlotModel.version).where(*_STANDS).order_by(*_LATEST_PROMOTED).limit(2)
    session.execute(
        delete(SlotModel)
        .where(
            SlotModel.version.not_in(newest),
            SlotModel.version.not_in(in_use),
            or_(SlotModel.promoted_at.is_(None), SlotModel.promoted_at < now - KEPT_PROMOTED),
        )
        .execution_options(synchronize_session=False)
    )
    return fitted.version


def hold_promotions(session: Session) -> None:
    """Let no other transaction change which version is in use until this one ends."""
    session.execute(select(func.pg_advisory_xact_lock(_ONE_AT_A_TIME)))


def roll_back(session: Session, *, to: int | None = None, by: str, now: datetime) -> int:
    """Take the version in use out of use, or all that were promoted after `to` (0: the cold model).

    Returns the version in use from now on. Raises `RollBackRefused`.
    """
    hold_promotions(session)
    current = current_version(session)
    if current == COLD:
        raise RollBackRefused("nothing_promoted")
    if to == current:
        raise RollBackRefused("in_use")
    taken_back = SlotModel.version == current
    if to is not None:
        later = select(SlotModel.version).where(*_STANDS).order_by(*_LATEST_PROMOTED)
        standing = list(session.scalars(later))
        if to != COLD and to not in standing:
            known = session.scalar(select(SlotModel.version).where(SlotModel.version == to))
            raise RollBackRefused("unknown" if known is None else "never_used")
        taken_back = SlotModel.version.in_(standing if to == COLD else standing[: standing.index(to)])
    session.execute(
        update(SlotModel)
        .where(taken_back)
        .values(rolled_back_at=now, rolled_back_by=by)
        .execution_options(synchronize_session=False)
    )
    return current_version(session)
