"""Who is asked first: where most may be lost for what asking costs."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.buyers import Buyer
from models.orders import Order
from models.steps import Step, StepOrder
from models.vocabulary import Tier
from tests.conftest import Work
from tests.orders import draft, make_seller, received
from verification.planning.planned import ASKED, FIRST, Plan, Planned, ranked
from verification.planning.scheduling import plan_case


def _planned(priority: int) -> Planned:
    at = datetime.fromisoformat("2026-11-22T10:00:00+00:00")
    return Planned(None, None, at, None, priority)  # type: ignore[arg-type]


def test_a_rank_moves_a_contact_within_its_class_alone() -> None:
    assert ranked(Plan(_planned(FIRST)), 7).next == _planned(FIRST + 7)
    assert ranked(Plan(_planned(ASKED)), 7).next == _planned(ASKED)
    assert ranked(Plan(None), 7) == Plan(None)


def _order(
    session: Session, store: Any, number: int, now: datetime, tier: Tier
) -> tuple[int, dict[str, Any]]:
    order = received(session, store, draft(str(number), buyer={"phone": f"055123456{number}"}), now)
    session.get_one(Buyer, order.buyer_id).tier = tier
    plan_case(session, order.buyer_id, order.store_id, now=now)
    session.expire_all()
    priority = session.scalars(
        select(Step.priority)
        .join(StepOrder, StepOrder.step_id == Step.id)
        .where(StepOrder.order_id == order.id, StepOrder.live)
    ).one()
    plan = session.get_one(Order, order.id).plan
    assert plan is not None
    return priority, plan["worth"]


def test_a_buyer_who_may_refuse_comes_before_one_who_will_not(work: Work, now: datetime) -> None:
    with work() as session:
        store = make_seller(session, now).store
        _, safe = _order(session, store, 1, now, Tier.vip)
        _, doubtful = _order(session, store, 2, now, Tier.poor)
    assert doubtful["rank"] < safe["rank"]
    assert doubtful["loss"] > 3 * safe["loss"]
    assert doubtful["cost"] == safe["cost"]


def test_the_place_in_the_queue_is_that_of_the_plan(work: Work, now: datetime) -> None:
    with work() as session:
        priority, worth = _order(session, make_seller(session, now).store, 1, now, Tier.new)
    assert priority == FIRST + worth["rank"]
    assert worth["cost"] > 0
