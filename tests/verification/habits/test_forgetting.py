"""What plans tell of a buyer's habits goes with the person, and never enters the diary."""

from datetime import datetime

from sqlalchemy import select

from models.diary import DiaryEntry
from models.orders import Order
from models.reasons import Reason
from models.steps import Step
from models.vocabulary import Channel
from tests.conftest import Work
from tests.orders import draft, make_seller, received
from verification.habits.forgetting import forget_told
from verification.planning.planned import Planned
from verification.planning.writing import draw_step, write_steps

SEEN = [{"kind": "reads_at", "hour": 21, "times": 2}]


def test_what_was_seen_stays_out_of_the_diary_and_is_forgotten(work: Work, now: datetime) -> None:
    with work() as session:
        order = received(session, make_seller(session, now).store, draft(), now)
        session.scalars(select(Step)).one().state = "cancelled"
        session.flush()
        planned = Planned(
            Channel.agent_call, None, now, Reason("answers_at_this_hour", {"hour": 21, "seen": SEEN}), 100
        )
        step = draw_step(planned, [order], place=None, attempt_number=1, now=now)
        write_steps(session, [(step, [order.id])], now)
        order.plan = {"signs": {"reads_at": SEEN}}
        order.ladder = [{"reason": {"code": "x", "params": {"seen": SEEN}}}]
        step_id, order_id = step.id, order.id
    with work() as session:
        lines = session.scalars(select(DiaryEntry.params).where(DiaryEntry.order_id == order_id)).all()
        assert "reads_at" not in repr(lines)
        assert session.get_one(Step, step_id).reason["params"]["seen"] == SEEN
        forget_told(session, [order_id])
    with work() as session:
        assert session.get_one(Step, step_id).reason == {
            "code": "answers_at_this_hour",
            "params": {"hour": 21},
        }
        stored = session.get_one(Order, order_id)
        assert (stored.plan, stored.ladder) == (None, [])
