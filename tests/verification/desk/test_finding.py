from datetime import datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, delete
from sqlalchemy.orm import Session

from models.orders import OrderDetails
from models.unit_of_work import unit_of_work
from models.vocabulary import OrderState
from tests.building import E164, OTHER, a_store, an_order
from tests.orders import KEYS
from tests.verification.desk.staff import statements
from verification.desk.finding import find_orders
from verification.desk.shown import FoundOrder
from verification.privacy.erasing import erase_buyer


@pytest.fixture
def store(engine: Engine, now: datetime) -> UUID:
    return a_store(engine, now)


def found(engine: Engine, text: str, **more: int) -> list[UUID]:
    with unit_of_work(engine) as session:
        return [each.order_id for each in find_orders(session, text, **more)]


@pytest.mark.parametrize(
    "typed",
    [
        "0551234567",
        "055 123 4567",
        "+966 55 123 4567",
        "00966551234567",
        "966551234567",
        "٠٥٥١٢٣٤٥٦٧",
        "۰۵۵-۱۲۳-۴۵۶۷",
        "551234567",
        "51234567",
        "1234567",
        "١٢٣٤٥٦٧",
        " (055) 123.4567 ",
    ],
)
def test_a_phone_is_found_however_it_is_written(
    engine: Engine, store: UUID, now: datetime, typed: str
) -> None:
    order = an_order(engine, store, now, number="#9")
    an_order(engine, store, now, phone=OTHER, number="#8")
    assert found(engine, typed) == [order]


@pytest.mark.parametrize(
    ("phone", "country", "typed"),
    [
        ("+201001234567", "EG", "01001234567"),
        ("+201001234567", "EG", "1234567"),
        ("+96550123456", "KW", "50123456"),
        ("+96550123456", "KW", "0123456"),
        ("+9647701234567", "IQ", "0770 123 4567"),
        ("+971501234567", "AE", "050 123 4567"),
    ],
)
def test_a_phone_of_any_served_country_is_found_without_saying_which(
    engine: Engine, store: UUID, now: datetime, phone: str, country: str, typed: str
) -> None:
    order = an_order(engine, store, now, phone=phone, country=country)
    assert found(engine, typed) == [order]


@pytest.mark.parametrize("typed", ["A-1047", "a-1047", "#a-1047", "ext-77", "EXT-77", "#Ext-77", " #A-1047 "])
def test_an_order_is_found_by_its_number_or_the_sellers_own_id(
    engine: Engine, store: UUID, now: datetime, typed: str
) -> None:
    order = an_order(engine, store, now, number="#A-1047", external_id="ext-77")
    an_order(engine, store, now, phone=OTHER, number="#A-10470", external_id="ext-777")
    assert found(engine, typed) == [order]


def test_the_same_number_at_two_stores_finds_both_newest_first(
    engine: Engine, store: UUID, now: datetime
) -> None:
    other = a_store(engine, now)
    early = an_order(engine, store, now, number="#5", placed_at="2026-11-20T08:00:00Z")
    late = an_order(engine, other, now, phone=OTHER, number="5", placed_at="2026-11-21T08:00:00Z")
    assert found(engine, "5") == [late, early]


def test_what_is_found_is_enough_to_choose_by_with_the_phone_masked(
    engine: Engine, store: UUID, now: datetime
) -> None:
    order = an_order(engine, store, now, buyer={"alternate_phone": OTHER})
    with unit_of_work(engine) as session:
        [one] = find_orders(session, OTHER)
        [same] = find_orders(session, "1047")
    assert (one.order_id, one.number, one.buyer_name, one.city) == (order, "#1047", "نوره العتيبي", "الرياض")
    assert one.store_name.startswith("Seller")
    assert one.state is OrderState.queued
    assert one.phone_masked == "+966 •• ••• ••43"
    assert same.phone_masked == "+966 •• ••• ••67"
    assert E164 not in repr((one, same))


def test_no_more_is_found_than_can_be_read(engine: Engine, store: UUID, now: datetime) -> None:
    orders = [
        an_order(engine, store, now, placed_at=(now - timedelta(hours=n)).isoformat()) for n in range(5)
    ]
    assert found(engine, E164, limit=3) == orders[:3]


def test_an_order_whose_details_are_no_longer_kept_is_still_found(
    engine: Engine, store: UUID, now: datetime
) -> None:
    order = an_order(engine, store, now)
    with unit_of_work(engine) as session:
        session.execute(delete(OrderDetails))
        [one] = find_orders(session, "1047")
    assert (one.order_id, one.buyer_name, one.city) == (order, None, None)


def test_nothing_is_found_of_an_erased_buyer(engine: Engine, store: UUID, now: datetime) -> None:
    an_order(engine, store, now)
    with unit_of_work(engine) as session:
        erase_buyer(session, E164, KEYS, now)
    assert found(engine, E164) == found(engine, "#1047") == []


def test_finding_asks_little(engine: Engine, store: UUID, now: datetime) -> None:
    for n in range(6):
        an_order(engine, store, now, number=f"#{n}")
    with statements(engine) as asked:
        assert len(found(engine, E164)) == 6
    assert len(asked) <= 4


@pytest.mark.parametrize("typed", ["", "   ", "#", "\0", "123456", "%", "0000000", "9" * 500, "أ" * 500])
def test_what_means_nothing_finds_nothing(engine: Engine, store: UUID, now: datetime, typed: str) -> None:
    an_order(engine, store, now)
    assert found(engine, typed) == []


@given(text=st.text(max_size=40))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_text_can_be_looked_for(session: Session, text: str) -> None:
    found: tuple[FoundOrder, ...] = find_orders(session, text)
    assert found == ()
