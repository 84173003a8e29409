from collections import Counter
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import phonenumbers
import pytest

from channels.sandbox.buyers import habits_of, luck_of
from channels.sandbox.orders import orders_of
from channels.sandbox.phones import invented
from channels.sandbox.world import load_world
from models.countries import SERVED
from models.money import parse_amount
from verification.intake.reading import read_order

WORLD = load_world(Path(__file__).parents[3] / "worlds" / "gulf-weekday.json")
ORDERS = orders_of(WORLD, 2000, days=3, seed=1)


def test_the_same_seed_makes_the_same_orders() -> None:
    assert orders_of(WORLD, 100, days=2, seed=9) == orders_of(WORLD, 100, days=2, seed=9)
    assert orders_of(WORLD, 100, days=2, seed=9) != orders_of(WORLD, 100, days=2, seed=10)


def test_orders_are_numbered_as_they_arrive() -> None:
    assert [order.payload["external_id"] for order in ORDERS] == [str(number) for number in range(1001, 3001)]
    arrivals = [order.arrives_at for order in ORDERS]
    assert arrivals == sorted(arrivals)
    assert arrivals[0] >= WORLD.starts_at
    assert arrivals[-1] < WORLD.starts_at + timedelta(days=3, hours=3)
    assert all(datetime.fromisoformat(order.payload["placed_at"]) <= order.arrives_at for order in ORDERS)


@pytest.mark.parametrize("days", [1, 10])
def test_any_number_of_orders_over_any_number_of_days(days: int) -> None:
    assert orders_of(WORLD, 0, days=days, seed=1) == []
    assert len(orders_of(WORLD, 1, days=days, seed=1)) == 1


def test_more_orders_come_in_the_evening() -> None:
    hours = Counter(datetime.fromisoformat(order.payload["placed_at"]).hour for order in ORDERS)
    assert sum(hours[hour] for hour in range(19, 24)) > 3 * sum(hours[hour] for hour in range(2, 7))


def test_every_served_country_orders_in_its_own_money() -> None:
    assert {order.country for order in ORDERS} == set(SERVED)
    for order in ORDERS:
        assert order.payload["currency"] == SERVED[order.country].currency
        assert order.payload["address"]["country"] == order.country
        assert parse_amount(order.payload["total"], order.payload["currency"]) > 0


def test_totals_are_the_items_and_perhaps_delivery() -> None:
    for order in ORDERS:
        items = sum(Decimal(item["unit_price"]) * item["quantity"] for item in order.payload["items"])
        assert items <= Decimal(order.payload["total"]) <= items * 2


def test_intake_reads_every_order() -> None:
    for order in ORDERS:
        read_order(order.payload, zone=SERVED[order.country].time_zone)


def test_invented_phones_are_possible_mobiles() -> None:
    for code, people in WORLD.countries.items():
        for place in range(30):
            phone = invented(luck_of(1, place), code, people.mobile)
            number = phonenumbers.parse(phone.e164)
            assert phonenumbers.region_code_for_number(number) == code
            assert phonenumbers.number_type(number) == phonenumbers.PhoneNumberType.MOBILE


def test_invented_landlines_are_landlines() -> None:
    for code, people in WORLD.countries.items():
        for place in range(30):
            number = phonenumbers.parse(invented(luck_of(1, place), code, people.landline).e164)
            assert phonenumbers.number_type(number) == phonenumbers.PhoneNumberType.FIXED_LINE


def test_there_is_some_of_everything_that_makes_orders_hard() -> None:
    payloads = [order.payload for order in ORDERS]
    phones = [payload["buyer"]["phone"] for payload in payloads]
    assert any(phone == "" for phone in phones)
    assert any(" / " in phone for phone in phones)
    assert any("٠" in phone for phone in phones)
    assert any(phone.endswith(".0") for phone in phones)
    assert any(payload["payment_method"] == "card" for payload in payloads)
    assert any(payload["address"]["street"] is None for payload in payloads)
    assert any(payload["buyer"]["alternate_phone"] for payload in payloads)
    assert any(payload["note"] for payload in payloads)
    assert any(item["quantity"] > 10 for payload in payloads for item in payload["items"])
    assert {payload["buyer"]["language"] for payload in payloads} == {"ar", "en", "ckb", None}
    repeated = Counter((payload["buyer"]["name"], str(payload["address"])) for payload in payloads)
    assert max(repeated.values()) > 1


def test_who_orders_in_english_answers_in_english() -> None:
    for order in ORDERS:
        phone, language = order.payload["buyer"]["phone"], order.payload["buyer"]["language"]
        if phone.startswith("+") and " " not in phone and language:
            number = phonenumbers.parse(phone)
            if phonenumbers.region_code_for_number(number) == order.country:
                speech = habits_of(WORLD, 1, phone, order.country).speech
                assert speech.split("-")[0] == language
