"""An order arrives: once, whoever sends it how often, with everything that its arrival means."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.buyers import Buyer, BuyerSign, ContactPoint, OptOut, SellerBuyer
from models.decisions import Decision
from models.diary import DiaryEntry
from models.orders import Order, OrderContactPoint, OrderDetails
from models.outbox import OutboxDelivery
from models.sellers import Store
from models.steps import Step, StepOrder
from models.vocabulary import Channel, DecisionReason, EventType, Purpose, Verdict, Via
from tests.conftest import Work
from tests.orders import E164, KEYS, PHONE, draft, make_seller, receive, received
from verification.intake.receiving import Received


@pytest.fixture
def store(work: Work, now: datetime) -> Store:
    with work() as session:
        return make_seller(session, now).store


def _count(session: Session, table: type[Any]) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


def _flags(order: Order) -> list[str]:
    return [flag["code"] for flag in order.flags]


def _at_once(work: Work, store: Store, now: datetime, *drafts: Any) -> list[Received]:
    start = Barrier(len(drafts))

    def send(one: Any) -> Received:
        with work() as session:
            start.wait()
            return receive(session, store, one, now)

    with ThreadPoolExecutor(len(drafts)) as threads:
        return list(threads.map(send, drafts))


def test_an_order_is_stored_with_everything_and_planned(work: Work, store: Store, now: datetime) -> None:
    with work() as session:
        order = received(session, store, draft(buyer={"alternate_phone": "0509876543"}), now)
    with work() as session:
        stored = session.get_one(Order, order.id)
        assert stored.details is not None
        assert stored.details.phone_raw == PHONE
        assert stored.details.city == "الرياض"
        assert stored.details.expires_at > now
        assert [item.title for item in stored.items] == ["خلاط محمول"]
        assert stored.decide_by == now + timedelta(hours=48)
        phones = session.scalars(
            select(ContactPoint.phone)
            .join(OrderContactPoint, OrderContactPoint.contact_point_id == ContactPoint.id)
            .order_by(OrderContactPoint.position)
        ).all()
        assert phones == [E164, "+966509876543"]
        assert session.scalars(select(BuyerSign.seen_at)).one() == stored.placed_at
        assert session.scalars(select(SellerBuyer.buyer_id)).one() == stored.buyer_id
        assert session.scalars(select(StepOrder.order_id).where(StepOrder.live)).one() == order.id
        codes = session.scalars(select(DiaryEntry.code).where(DiaryEntry.order_id == order.id)).all()
        assert codes[0] == "order_received"
        assert session.get_one(Buyer, stored.buyer_id).tier_reasons


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ({"city": "جدة"}, "SA/jeddah"),
        ({"city": "Al-Dammam"}, "SA/dammam"),
        ({"city": None, "region": "الرياض"}, "SA/riyadh"),
        ({"city": "Nowhere Town", "district": None}, None),
    ],
)
def test_the_place_of_an_order_is_its_contacts(
    work: Work, store: Store, now: datetime, address: dict[str, str | None], place: str | None
) -> None:
    with work() as session:
        order = received(session, store, draft(address=address), now)
        assert order.place == session.scalars(select(Step)).one().place == place


def test_the_same_order_again_is_the_same_order(work: Work, store: Store, now: datetime) -> None:
    with work() as session:
        first = receive(session, store, draft(), now)
    with work() as session:
        again = receive(session, store, draft(), now + timedelta(hours=1))
        assert (first.status, again.status) == ("created", "repeated")
        assert again.order_id == first.order_id
        assert _count(session, Order) == _count(session, Buyer) == 1


def test_other_content_under_a_known_external_id_is_a_conflict(
    work: Work, store: Store, now: datetime
) -> None:
    with work() as session:
        first = receive(session, store, draft(), now)
    with work() as session:
        other = receive(session, store, draft(total="200.00"), now)
        assert other == Received(first.order_id, "conflict")
        assert session.scalars(select(Order.total_minor)).one() == 19900


def test_identical_orders_at_once_are_created_once(work: Work, store: Store, now: datetime) -> None:
    results = _at_once(work, store, now, *[draft()] * 6)
    assert sorted(result.status for result in results) == ["created"] + ["repeated"] * 5
    assert len({result.order_id for result in results}) == 1
    with work() as session:
        assert _count(session, Order) == _count(session, Buyer) == _count(session, ContactPoint) == 1
        assert _count(session, Step) == 1


def test_identical_orders_without_a_phone_at_once_leave_one_buyer(
    work: Work, store: Store, now: datetime
) -> None:
    results = _at_once(work, store, now, *[draft(buyer={"phone": ""})] * 4)
    assert sorted(result.status for result in results) == ["created"] + ["repeated"] * 3
    with work() as session:
        assert _count(session, Buyer) == 1


def test_orders_of_one_new_phone_at_once_have_one_buyer(work: Work, store: Store, now: datetime) -> None:
    written = ("0551234567", "٠٥٥ ١٢٣ ٤٥٦٧", "+966 55 123 4567", "00966551234567")
    drafts = [draft(str(number), buyer={"phone": phone}) for number, phone in enumerate(written)]
    results = _at_once(work, store, now, *drafts)
    assert {result.status for result in results} == {"created"}
    with work() as session:
        assert _count(session, Buyer) == _count(session, ContactPoint) == 1
        assert len(set(session.scalars(select(Order.buyer_id)))) == 1
        # Each one saw those before it, so all but the first say so.
        flagged = [order for order in session.scalars(select(Order)) if "duplicate" in _flags(order)]
        assert len(flagged) == 3
        # One buyer at one store is one case: one live step covers them all.
        assert _count(session, StepOrder) - len(
            session.scalars(select(StepOrder).where(~StepOrder.live)).all()
        ) == len(drafts)
        assert len(session.scalars(select(Step).where(Step.live)).all()) == 1


def test_orders_with_the_same_two_phones_crosswise_at_once_have_one_buyer(
    work: Work, store: Store, now: datetime
) -> None:
    one, other = "0551234567", "0509876543"
    results = _at_once(
        work,
        store,
        now,
        *(
            draft(str(number), buyer={"phone": pair[0], "alternate_phone": pair[1]})
            for number, pair in enumerate([(one, other), (other, one)] * 3)
        ),
    )
    assert {result.status for result in results} == {"created"}
    with work() as session:
        assert _count(session, Buyer) == 1
        assert _count(session, ContactPoint) == 2


def test_two_writings_of_one_phone_are_one_buyer_and_a_duplicate(
    work: Work, store: Store, now: datetime
) -> None:
    with work() as session:
        first = received(session, store, draft("1"), now)
        second = received(session, store, draft("2", buyer={"phone": "٠٠٩٦٦ ٥٥١٢٣٤٥٦٧"}), now)
        assert second.buyer_id == first.buyer_id
        duplicate = next(flag for flag in second.flags if flag["code"] == "duplicate")
        assert duplicate["params"] == {"orders": [str(first.id)]}


def test_another_sellers_orders_are_no_duplicates(work: Work, store: Store, now: datetime) -> None:
    with work() as session:
        rival = make_seller(session, now, "Rival").store
        mine = received(session, store, draft(), now)
        theirs = received(session, rival, draft(), now)
        assert theirs.buyer_id == mine.buyer_id
        assert "duplicate" not in _flags(theirs)
        assert len(set(session.scalars(select(SellerBuyer.id)))) == 2


@pytest.mark.parametrize("phone", ["", "غير معروف", "12", "0555555555"])
def test_a_phone_that_cannot_be_dialled_does_not_lose_the_order(
    work: Work, store: Store, now: datetime, phone: str
) -> None:
    with work() as session:
        order = received(session, store, draft(buyer={"phone": phone}), now)
        assert any(code.startswith("phone_") for code in _flags(order))
        assert _count(session, ContactPoint) == 0
        step = session.scalars(select(Step).where(Step.live)).one()
        assert step.channel is Channel.agent_call


def test_orders_without_a_phone_do_not_share_a_buyer(work: Work, store: Store, now: datetime) -> None:
    with work() as session:
        first = received(session, store, draft("1", buyer={"phone": ""}), now)
        second = received(session, store, draft("2", buyer={"phone": ""}), now)
        assert first.buyer_id != second.buyer_id


def test_a_further_number_of_another_buyer_stays_theirs_and_is_used(
    work: Work, store: Store, now: datetime
) -> None:
    with work() as session:
        husband = received(session, store, draft("1", buyer={"phone": "0509876543"}), now)
        wife = received(session, store, draft("2", buyer={"alternate_phone": "0509876543"}), now)
        assert wife.buyer_id != husband.buyer_id
        shared = session.scalars(select(ContactPoint).where(ContactPoint.phone == "+966509876543")).one()
        assert shared.buyer_id == husband.buyer_id
        links = session.scalars(
            select(OrderContactPoint.contact_point_id).where(OrderContactPoint.order_id == wife.id)
        ).all()
        assert shared.id in links
        line = session.scalars(select(DiaryEntry).where(DiaryEntry.code == "phone_shared")).one()
        assert (line.buyer_id, line.order_id) == (wife.buyer_id, None)


def _erase(session: Session, buyer_id: UUID, now: datetime) -> None:
    session.get_one(Buyer, buyer_id).erased_at = now
    for point in session.scalars(select(ContactPoint).where(ContactPoint.buyer_id == buyer_id)):
        point.phone, point.erased_at = None, now


def test_the_phone_of_an_erased_buyer_comes_back_to_a_new_one_with_its_opt_outs(
    work: Work, store: Store, now: datetime
) -> None:
    with work() as session:
        old = received(session, store, draft("1"), now)
    with work() as session:
        _erase(session, old.buyer_id, now)
        session.add(
            OptOut(
                phone_hash=KEYS.phone_hash(E164),
                channel=Channel.whatsapp,
                purpose=Purpose.verify,
                opted_out_at=now,
            )
        )
    with work() as session:
        new = received(session, store, draft("2"), now + timedelta(days=1))
        assert new.buyer_id != old.buyer_id
        point = session.scalars(select(ContactPoint)).one()
        assert (point.phone, point.erased_at, point.buyer_id) == (E164, None, new.buyer_id)
        assert "duplicate" not in _flags(new)
        assert "opted_out" in _flags(new)


def test_a_phone_that_only_expired_comes_back_to_its_buyer(work: Work, store: Store, now: datetime) -> None:
    with work() as session:
        old = received(session, store, draft("1"), now)
    with work() as session:
        point = session.scalars(select(ContactPoint)).one()
        point.phone, point.erased_at = None, now
    with work() as session:
        assert received(session, store, draft("2"), now).buyer_id == old.buyer_id


@pytest.mark.parametrize(
    ("ship_by", "hours"),
    [(None, 48), ("2026-11-22T16:00:00Z", 6), ("2026-11-20T15:00:00Z", 48), ("2026-11-22T10:00:00Z", 48)],
)
def test_the_deadline_is_the_shipping_date_or_counts_from_receipt(
    work: Work, store: Store, now: datetime, ship_by: str | None, hours: int
) -> None:
    with work() as session:
        order = received(session, store, draft(ship_by=ship_by, placed_at="2026-09-01T00:00:00Z"), now)
        assert order.decide_by == now + timedelta(hours=hours)
        assert session.scalars(select(Step).where(Step.live)).one()


def test_a_paid_order_is_released_at_once(work: Work, store: Store, now: datetime) -> None:
    with work() as session:
        order = received(session, store, draft(payment_method="visa"), now)
        decision = session.get_one(Decision, order.decision_id)
        assert (decision.verdict, decision.reason, decision.via) == (
            Verdict.waived,
            DecisionReason.not_cod,
            Via.policy,
        )
        assert _flags(order) == ["not_cod"]
        assert _count(session, Step) == 0
        assert session.scalars(select(OutboxDelivery.event_type)).one() is EventType.order_waived


def test_a_country_that_is_not_served_is_flagged_and_kept(work: Work, store: Store, now: datetime) -> None:
    with work() as session:
        order = received(session, store, draft(address={"country": "TR"}), now)
        assert "out_of_area" in _flags(order)
        assert order.decision_id is not None or session.scalars(select(Step).where(Step.live)).one()


def test_a_sign_of_life_is_never_in_the_future(work: Work, store: Store, now: datetime) -> None:
    with work() as session:
        received(session, store, draft(placed_at="2099-01-01T00:00:00Z"), now)
        assert session.scalars(select(BuyerSign.seen_at)).one() == now


def test_a_failed_transaction_leaves_nothing(session: Session, now: datetime) -> None:
    receive(session, make_seller(session, now).store, draft(), now)
    session.rollback()
    assert _count(session, Order) == _count(session, Buyer) == _count(session, OrderDetails) == 0
