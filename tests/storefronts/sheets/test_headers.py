"""Which row names the columns, and what the names mean."""

import pytest

from storefronts.sheets.columns import Column
from storefronts.sheets.headers import find_header


def columns(*names: str) -> dict[str, int]:
    """Each column found under these names, with the index of its best place."""
    header = find_header([names])
    return {column.value: places[0].index for column, places in header.places.items()} if header else {}


@pytest.mark.parametrize(
    "names",
    [
        ("رقم الطلب", "اسم العميل", "رقم الجوال", "المدينة", "المبلغ"),
        ("رَقْم الطّلب ", "إسم العميل:", "الجوّال*", "المدينه", "المبلـــغ"),
        ("Order No.", "CUSTOMER NAME", "Mobile_Number", " city ", "Total"),
        ("订单号", "收件人", "联系电话", "城市", "代收金额"),
        ("Order ID / رقم الطلب", "الاسم Name", "Phone\n(الجوال)", "城市 City", "Total (SAR)"),
        ("رقم الطلب", "العميل", "الهاتف", "مدينة", "المبلغ بالريال"),
    ],
)
def test_the_same_columns_in_every_language(names: tuple[str, ...]) -> None:
    assert columns(*names) == {"order_id": 0, "buyer_name": 1, "phone": 2, "city": 3, "total": 4}


def test_a_currency_in_a_name_is_kept() -> None:
    header = find_header([("Phone", "City", "Total (KWD)")])

    assert header is not None
    assert header.places[Column.total][0].currency == "KWD"


def test_the_row_that_names_most_columns_is_the_header() -> None:
    rows = [
        ["Name: Layla", "Phone"],
        [],
        ["Order", "Name", "Phone", "City"],
        ["1", "Layla", "0550001122", "Abha"],
    ]

    header = find_header(rows)

    assert header is not None
    assert header.index == 2


def test_two_columns_are_a_header_only_with_a_phone() -> None:
    assert find_header([["الجوال", "المنتج"]])
    assert find_header([["المدينة", "المنتج"]]) is None
    assert find_header([["hello", "world", "!"]]) is None
    assert find_header([]) is None


def test_the_receiver_goes_before_who_pays() -> None:
    header = find_header([("WhatsApp", "Billing Phone", "Phone", "Shipping Phone", "City")])

    assert header is not None
    assert [place.index for place in header.places[Column.phone]] == [3, 2, 1, 0]


def test_what_a_name_means_can_depend_on_the_others() -> None:
    assert columns("Name", "Phone", "City")["buyer_name"] == 0
    assert columns("Name", "Phone", "Shipping Name")["number"] == 0
    assert columns("المنطقة", "الجوال", "الحي")["region"] == 0
    assert columns("المنطقة", "الجوال", "المحافظة")["district"] == 0
