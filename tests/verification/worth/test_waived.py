"""What became of orders that were released without contact."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from models.orders import Order
from models.policies import PolicyOverride
from models.sellers import Seller
from tests.conftest import Work
from tests.orders import draft, make_seller, received
from verification.intake.shipping import CourierReport, report_shipment
from verification.worth.waived import Waived, waived_summary


def test_parcels_are_counted_with_what_was_saved_and_lost(work: Work, now: datetime) -> None:
    with work() as session:
        made = make_seller(session, now)
        for name, value in {
            "waive_low_risk": True,
            "freight_out_cost": "0.10",
            "freight_back_cost": "0.10",
        }.items():
            session.add(
                PolicyOverride(store_id=made.store.id, name=name, value=value, set_at=now, set_by="test")
            )
    for number, words in enumerate(
        (["shipped"], ["undeliverable", "delivered"], ["refused", "returned"], [])
    ):
        _send(work, made.store, number, words, now)
    with work() as session:
        slug = session.scalars(select(Seller.slug)).one()
        [found] = waived_summary(session, now)
        assert (found.seller, found.country, found.orders, found.delivered, found.came_back) == (
            slug,
            "SA",
            4,
            1,
            1,
        )
        assert found.lost == 0.2
        assert 0 < found.expected_loss < found.saved
        assert waived_summary(session, now, seller_id=made.store.seller_id) == [found]
        assert waived_summary(session, now, seller_id=made.store.id) == []
        assert waived_summary(session, now + timedelta(seconds=1)) == []


def test_a_house_that_waives_nothing_has_nothing_to_tell(work: Work, now: datetime) -> None:
    with work() as session:
        nothing: list[Waived] = []
        assert list(waived_summary(session, now)) == nothing


def _send(work: Work, store: Any, number: int, words: list[str], now: datetime) -> None:
    with work() as session:
        order = received(session, store, draft(str(number), buyer={"phone": f"055123456{number}"}), now)
        assert session.get_one(Order, order.id).decision_id is not None
        for hours, word in enumerate(words):
            at = now + timedelta(hours=hours)
            report_shipment(session, order, CourierReport(word, at=at), now=at)
