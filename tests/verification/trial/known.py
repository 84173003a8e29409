"""Orders of both arms whose results a test knows."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy.orm import Session

from models.attempts import Attempt
from models.base import new_id
from models.buyers import Buyer
from models.decisions import Decision
from models.orders import Order, Shipment
from models.sellers import Store
from models.steps import StepOrder
from models.vocabulary import (
    Arm,
    Channel,
    DecisionReason,
    Outcome,
    Purpose,
    ShipmentStatus,
    StepState,
    Tier,
    Verdict,
    Via,
)
from tests import stored
from tests.verification.board.standing import a_step, an_attempt


@dataclass
class Case:
    """What became of one order: `after` is when it was decided, from when it was taken in."""

    arm: Arm
    contacts: Sequence[tuple[Channel, str, Outcome | None]] = ()
    verdict: Verdict | None = None
    via: Via = Via.policy
    after: timedelta = timedelta(hours=5)
    parcel: ShipmentStatus | None = None
    country: str = "SA"
    deadline: timedelta = timedelta(hours=48)
    attempts: list[Attempt] = field(default_factory=list)


def put(session: Session, at: datetime, store: Store, case: Case, *, buyer: Buyer | None = None) -> Order:
    """The order as it stands in the end; it came at `at`, of a buyer of its own."""
    order = stored.an_order(session, at, store, buyer or stored.a_buyer(session, at))
    order.arm, order.country, order.decide_by = case.arm, case.country, at + case.deadline
    for hour, (channel, cost, outcome) in enumerate(case.contacts, start=1):
        step = a_step(session, at, order, state=StepState.done, channel=channel)
        attempt = an_attempt(session, at + timedelta(hours=hour), step, outcome=outcome)
        attempt.cost, attempt.provider_id = Decimal(cost), attempt.reference
        case.attempts.append(attempt)
    if case.verdict is not None:
        order.decision_id = a_decision(session, order, case, at + case.after)
    if case.parcel is not None:
        for status, days in ((ShipmentStatus.shipped, 2), (case.parcel, 4)):
            then = at + timedelta(days=days)
            session.add(
                Shipment(
                    order_id=order.id, status=status, status_raw=status, reported_at=then, received_at=then
                )
            )
    session.flush()
    return order


def a_decision(session: Session, order: Order, case: Case, at: datetime) -> object:
    """A decision as `case` has it, the last contact being its proof; its id."""
    last = str(case.attempts[-1].id) if case.attempts else "-"
    decision = Decision(
        id=new_id(),
        order_id=order.id,
        verdict=case.verdict,
        reason=DecisionReason.unspecified,
        via=case.via,
        proof={"kind": "call", "attempt_id": last},
        tier=Tier.new,
        actor="system",
        decided_at=at,
    )
    session.add(decision)
    session.flush()
    return decision.id


def share_contact(session: Session, case: Case, order: Order) -> None:
    """The last contact of a case was about this order too."""
    step_id = case.attempts[-1].step_id
    session.add(StepOrder(step_id=step_id, order_id=order.id, purpose=Purpose.verify, live=False))
    session.flush()
