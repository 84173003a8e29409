"""What screening finds in an order, and what it leaves alone."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from json import dumps
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.drafts import DraftAddress, DraftBuyer, DraftItem, OrderDraft
from models.phones import PhoneProblem
from models.vocabulary import Channel, Tier
from verification.screening.duplicates import EarlierOrder, ItemKey
from verification.screening.screening import PHONE_FLAGS, ScreeningFacts, ScreeningPolicy, screen

PLACED = datetime(2026, 11, 20, 18, 14, tzinfo=UTC)
POLICY = ScreeningPolicy(timedelta(hours=48), 5, 200_000, 10_000)
ITEM = DraftItem("خلاط محمول", 1, 18000, "HM-204")
DRAFT = OrderDraft(
    external_id="1047",
    placed_at=PLACED,
    currency="SAR",
    total_minor=19900,
    payment_method="cod",
    buyer=DraftBuyer("0551234567", "نوره العتيبي"),
    address=DraftAddress("SA", city="الرياض", district="النرجس", street="شارع أنس بن مالك"),
    items=(ITEM,),
)
CLEAN = ScreeningFacts(DRAFT, (), is_cod=True, is_served=True, policy=POLICY)


def _codes(facts: ScreeningFacts) -> list[str]:
    return [flag.code for flag in screen(facts)]


def _with_draft(**changes: object) -> ScreeningFacts:
    return replace(CLEAN, draft=replace(DRAFT, **changes))


def test_a_plain_order_has_no_flag() -> None:
    assert screen(CLEAN) == ()


@pytest.mark.parametrize("problem", list(PhoneProblem))
def test_every_phone_problem_becomes_one_flag_that_says_which(problem: PhoneProblem) -> None:
    (found,) = screen(replace(CLEAN, phone_problems=(problem, problem)))
    assert (found.code, found.params) == (PHONE_FLAGS[problem].value, {"problem": problem.value})


def test_a_short_address_names_what_to_ask() -> None:
    (flag,) = screen(_with_draft(address=DraftAddress("SA", city="تبوك")))
    assert (flag.code, flag.params) == ("address_incomplete", {"missing": ["district", "street"]})


def test_a_repeated_product_names_the_earlier_orders() -> None:
    earlier = EarlierOrder(UUID(int=7), PLACED - timedelta(hours=2), (ItemKey.of(ITEM),))
    (flag,) = screen(replace(CLEAN, earlier=(earlier,)))
    assert (flag.code, flag.params) == ("duplicate", {"orders": [str(UUID(int=7))]})


@pytest.mark.parametrize(
    ("quantities", "odd"), [((4,), False), ((5,), True), ((3, 2), True), ((10_000,), True)]
)
def test_many_pieces_of_one_product_are_odd_however_they_are_split(
    quantities: tuple[int, ...], odd: bool
) -> None:
    items = tuple(replace(ITEM, quantity=quantity, unit_price_minor=1) for quantity in quantities)
    facts = _with_draft(items=items, total_minor=sum(quantities))
    assert ("suspicious_quantity" in _codes(facts)) is odd


def test_pieces_of_different_products_are_counted_apart() -> None:
    items = tuple(replace(ITEM, sku=f"S-{n}", quantity=2, unit_price_minor=1) for n in range(4))
    assert _codes(_with_draft(items=items, total_minor=8)) == []


def test_a_product_without_a_readable_title_is_still_counted() -> None:
    items = (DraftItem("!!!", 7, 1),)
    assert _codes(_with_draft(items=items, total_minor=7)) == ["suspicious_quantity"]


@pytest.mark.parametrize(("total", "odd"), [(199_999, False), (200_000, True)])
def test_a_high_value_is_odd_from_the_policys_amount(total: int, odd: bool) -> None:
    facts = _with_draft(items=(replace(ITEM, unit_price_minor=total),), total_minor=total)
    assert ("suspicious_value" in _codes(facts)) is odd


@pytest.mark.parametrize(
    ("total", "odd"), [(17_999, True), (18_000, False), (28_000, False), (28_001, True), (0, True)]
)
def test_a_total_must_hold_the_items_and_not_much_more(total: int, odd: bool) -> None:
    assert ("total_mismatch" in _codes(_with_draft(total_minor=total))) is odd


def test_checks_without_a_limit_are_left_out() -> None:
    facts = replace(
        _with_draft(total_minor=10**12), policy=ScreeningPolicy(timedelta(hours=1), 5, None, None)
    )
    assert _codes(facts) == []


def test_flags_always_come_in_the_same_order() -> None:
    facts = replace(
        _with_draft(address=DraftAddress("FR")),
        phone_problems=(PhoneProblem.phone_fake_pattern, PhoneProblem.phone_missing),
        is_cod=False,
        is_served=False,
        tier=Tier.blocked,
        opted_out=(Channel.sms, Channel.whatsapp),
    )
    assert _codes(facts) == [
        "phone_invalid",
        "phone_fake_pattern",
        "address_incomplete",
        "buyer_blocked",
        "opted_out",
        "not_cod",
        "out_of_area",
    ]
    assert screen(facts)[4].params == {"channels": ["whatsapp", "sms"]}


@given(secret=st.from_regex(r"[A-Za-z]{9}", fullmatch=True))
def test_flags_never_hold_what_the_buyer_typed(secret: str) -> None:
    buyer = DraftBuyer(secret, secret, secret)
    address = DraftAddress("SA", secret, secret, secret)
    items = (DraftItem(secret, 9, 1, secret),)
    facts = _with_draft(buyer=buyer, address=address, items=items, note=secret, payment_method=secret)
    facts = replace(facts, phone_problems=(PhoneProblem.phone_invalid,), is_cod=False, is_served=False)
    assert secret not in dumps([flag.as_json() for flag in screen(facts)])
