"""Keeping what the courier reported, and learning from it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from models.base import new_id
from models.orders import Order, Shipment
from models.vocabulary import DecisionReason, ShipmentStatus, Verdict, Via
from verification import diary
from verification.decision.ruling import Ruling
from verification.decision.taking import decide
from verification.intake.loading import hold
from verification.tiers.recomputing import retier

_SAY_NOTHING_OF_THE_BUYER = frozenset({ShipmentStatus.shipped, ShipmentStatus.unknown})


@dataclass(frozen=True)
class CourierReport:
    """A report as the seller passed it on; without `at` it is as of its receipt."""

    status: str
    at: datetime | None = None
    reason: str | None = None
    carrier: str | None = None
    tracking: str | None = None


def report_shipment(session: Session, order: Order, report: CourierReport, *, now: datetime) -> bool:
    """Append the report; False when it was known. A status that is not in our words is kept as `unknown`.

    A parcel that left while its order was undecided is the seller's choice: the order is released as
    `waived`, so that nobody is asked about it any more.
    """
    hold(session, order)
    if not _append(session, order, report, now):
        return False
    status = shipment_status(report.status)
    diary.write(
        session,
        at=now,
        kind="shipment",
        actor="seller",
        code="shipment_reported",
        params={"status": status.value},
        order_id=order.id,
    )
    order.updated_at = now
    if status is not ShipmentStatus.unknown and order.shipped_at is None:
        order.shipped_at = report.at or now
    session.flush()
    if order.shipped_at is not None and order.decision_id is None:
        decide(
            session,
            order,
            Ruling(Verdict.waived, DecisionReason.seller_policy, Via.seller),
            now=now,
            actor="seller",
        )
    if status not in _SAY_NOTHING_OF_THE_BUYER:
        retier(session, order.buyer_id, now=now, cause=f"shipment:{status.value}")
    return True


def shipment_status(raw: str) -> ShipmentStatus:
    """The status that a word means, in any case, with spaces or hyphens; any other word is `unknown`."""
    word = "_".join(raw.casefold().replace("-", " ").replace("_", " ").split())
    try:
        return ShipmentStatus(word)
    except ValueError:
        return ShipmentStatus.unknown


def _append(session: Session, order: Order, report: CourierReport, now: datetime) -> bool:
    if report.at is None:
        # Without a time of its own a report repeats the one before it when it says the same.
        latest = session.scalars(
            select(Shipment)
            .where(Shipment.order_id == order.id)
            .order_by(Shipment.reported_at.desc(), Shipment.received_at.desc(), Shipment.id.desc())
            .limit(1)
        ).one_or_none()
        if latest is not None and latest.status_raw == report.status:
            return False
    inserted = session.scalar(
        insert(Shipment)
        .values(
            id=new_id(),
            order_id=order.id,
            status=shipment_status(report.status),
            status_raw=report.status,
            reason=report.reason,
            carrier=report.carrier,
            tracking=report.tracking,
            # A courier's clock that runs ahead does not make it the future.
            reported_at=min(report.at or now, now),
            received_at=now,
        )
        .on_conflict_do_nothing(index_elements=["order_id", text("md5(status_raw)"), "reported_at"])
        .returning(Shipment.id)
    )
    return inserted is not None
