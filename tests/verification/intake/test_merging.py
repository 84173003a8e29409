"""Correcting an order: the draft as JSON and back, and merge patches over it."""

import copy
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.drafts import DraftAddress, DraftBuyer, DraftItem, OrderDraft
from models.money import MOST_MINOR_UNITS
from verification.intake.merging import as_payload, merge_patch
from verification.intake.problems import OrderRefused
from verification.intake.reading import read_order

letters = st.characters(exclude_characters="\0", exclude_categories=("Cs",))
lines = st.text(letters, min_size=1, max_size=30).map(str.strip).filter(bool)
maybe = st.none() | lines
amounts = st.integers(0, MOST_MINOR_UNITS)
times = st.integers(946_771_200, 4_133_894_400).map(lambda second: datetime.fromtimestamp(second, UTC))
links = st.none() | st.just("https://shop.example/p?id=1#a")

items = st.builds(
    DraftItem,
    title=lines,
    quantity=st.integers(1, 10_000),
    unit_price_minor=amounts,
    sku=maybe,
    variant=maybe,
    image_url=links,
    product_url=links,
)
drafts = st.builds(
    OrderDraft,
    external_id=lines,
    placed_at=times,
    currency=st.sampled_from(["SAR", "AED", "KWD", "IQD", "JPY", "USD"]),
    total_minor=amounts,
    payment_method=lines,
    buyer=st.builds(
        DraftBuyer,
        phone=st.just("") | lines,
        name=maybe,
        alternate_phone=maybe,
        language=st.sampled_from([None, "ar", "en", "ckb"]),
    ),
    address=st.builds(
        DraftAddress,
        country=st.sampled_from(["SA", "IQ", "MA"]),
        region=maybe,
        city=maybe,
        district=maybe,
        street=maybe,
        building=maybe,
        short_address=maybe,
        postal_code=maybe,
        landmark=maybe,
    ),
    items=st.lists(items, min_size=1, max_size=4).map(tuple),
    number=maybe,
    ship_by=st.none() | times,
    note=maybe,
)


@given(drafts)
def test_a_draft_survives_the_way_out_and_back(draft: OrderDraft) -> None:
    again = read_order(as_payload(draft), zone="Asia/Baghdad")

    assert again == draft
    assert again.fingerprint() == draft.fingerprint()


# The examples of RFC 7396, appendix A, whose target and patch are both objects.
@pytest.mark.parametrize(
    ("target", "patch", "result"),
    [
        ({"a": "b"}, {"a": "c"}, {"a": "c"}),
        ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
        ({"a": "b"}, {"a": None}, {}),
        ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}),
        ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
        ({"a": "c"}, {"a": ["b"]}, {"a": ["b"]}),
        ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
        ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}),
        ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
        ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
    ],
)
def test_merge_patch_does_as_its_rfc_says(
    target: dict[str, Any], patch: dict[str, Any], result: dict[str, Any]
) -> None:
    before = copy.deepcopy((target, patch))

    assert merge_patch(target, patch) == result
    assert (target, patch) == before


def test_a_very_deep_patch_is_only_deep() -> None:
    patch: dict[str, Any] = {}
    for _ in range(50_000):
        patch = {"a": patch}

    assert merge_patch({"b": 1}, patch)["b"] == 1


def test_a_patch_corrects_one_line_and_leaves_the_others() -> None:
    draft = OrderDraft(
        external_id="77",
        placed_at=datetime(2026, 11, 20, 21, tzinfo=ZoneInfo("Asia/Riyadh")).astimezone(UTC),
        currency="SAR",
        total_minor=5_000,
        payment_method="cod",
        buyer=DraftBuyer(phone="0550001122", name="ليلى"),
        address=DraftAddress(country="SA", city="أبها", district="المنسك"),
        items=(DraftItem(title="كابل", quantity=1, unit_price_minor=5_000),),
    )

    patch = {"address": {"city": "خميس مشيط", "district": None}}
    corrected = read_order(merge_patch(as_payload(draft), patch), zone="Asia/Riyadh")

    assert corrected.address == DraftAddress(country="SA", city="خميس مشيط")
    assert corrected.buyer == draft.buyer
    with pytest.raises(OrderRefused):
        read_order(merge_patch(as_payload(draft), {"buyer": {"phone": None}}), zone="Asia/Riyadh")
