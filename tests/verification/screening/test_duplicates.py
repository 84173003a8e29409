"""When a second order is a second tap on the button, and when it is not."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from models.drafts import DraftItem
from models.vocabulary import Verdict
from verification.screening.duplicates import EarlierOrder, ItemKey, repeated

PLACED = datetime(2026, 11, 20, 18, 14, tzinfo=UTC)
WINDOW = timedelta(hours=48)
FIRST, SECOND = UUID(int=1), UUID(int=2)


def _item(title: str = "خلاط محمول", sku: str | None = "HM-204") -> DraftItem:
    return DraftItem(title, 1, 18000, sku)


def _earlier(
    *keys: ItemKey, hours: float = 1, verdict: Verdict | None = None, order_id: UUID = FIRST
) -> EarlierOrder:
    return EarlierOrder(order_id, PLACED - timedelta(hours=hours), keys, verdict)


@pytest.mark.parametrize(
    ("sku", "title", "same"),
    [
        ("hm-204 ", "another title", True),
        ("HM-205", "خلاط محمول", False),
        (None, "خلّاط مَحمول", True),
        (None, "خلاط كبير", False),
    ],
)
def test_the_sku_decides_and_without_one_the_title(sku: str | None, title: str, same: bool) -> None:
    earlier = _earlier(ItemKey.read(sku, title))
    assert repeated([_item()], PLACED, [earlier], WINDOW) == ((FIRST,) if same else ())


def test_one_common_product_among_several_is_enough() -> None:
    earlier = _earlier(ItemKey.read("A", "a"), ItemKey.read("HM-204", "b"))
    assert repeated([_item("c", "C"), _item()], PLACED, [earlier], WINDOW) == (FIRST,)


@pytest.mark.parametrize(("hours", "same"), [(48, True), (48.1, False), (-3, True), (-49, False)])
def test_the_window_reaches_to_both_sides(hours: float, same: bool) -> None:
    earlier = _earlier(ItemKey.of(_item()), hours=hours)
    assert bool(repeated([_item()], PLACED, [earlier], WINDOW)) is same


@pytest.mark.parametrize("verdict", [None, *Verdict])
def test_only_orders_that_may_still_ship_are_repeated(verdict: Verdict | None) -> None:
    earlier = _earlier(ItemKey.of(_item()), verdict=verdict)
    ships = verdict in (None, Verdict.confirmed, Verdict.waived)
    assert bool(repeated([_item()], PLACED, [earlier], WINDOW)) is ships


def test_several_are_named_oldest_first() -> None:
    key = ItemKey.of(_item())
    earlier = [_earlier(key, hours=1, order_id=SECOND), _earlier(key, hours=5, order_id=FIRST)]
    assert repeated([_item()], PLACED, earlier, WINDOW) == (FIRST, SECOND)


def test_titles_without_a_word_are_not_the_same_product() -> None:
    assert repeated([_item("!!!", None)], PLACED, [_earlier(ItemKey.read(None, "???"))], WINDOW) == ()
