"""Which rows are one order, and which are none."""

from tests.storefronts.sheets.files import codes, csv_bytes, one_order, payload, read, read_rows, reasons

HEADER = ["Order ID", "Name", "Phone", "Product", "Qty", "Price", "Total"]


def titles(*rows: list[object]) -> list[list[str]]:
    return [[item["title"] for item in order.payload["items"]] for order in read_rows(HEADER, *rows).orders]


def test_rows_of_one_number_are_one_order_wherever_they_stand() -> None:
    sheet = read_rows(
        HEADER,
        [1, "Layla", "0550001122", "lamp", 1, 50, 75],
        [2, "Omar", "0550003344", "fan", 1, 90, 90],
        [1, None, None, "cable", 1, 25],
    )

    assert [order.rows for order in sheet.orders] == [(2, 4), (3,)]
    assert sheet.orders[0].payload["buyer"]["name"] == "Layla"


def test_a_row_without_number_continues_the_order_above_or_starts_its_own() -> None:
    assert titles(
        [1, "Layla", "0550001122", "lamp", 1, 50, 75],
        [None, None, None, "cable", 1, 25],
        [None, "Omar", "0550003344", "fan", 1, 90, 90],
        [None, None, None, "plug", 1, 5],
    ) == [["lamp", "cable"], ["fan", "plug"]]


def test_rounded_order_numbers_join_nobody() -> None:
    rows = [["2.8823E+11", "Layla", "0550001122", "lamp"], ["2.8823E+11", "Omar", "0550003344", "fan"]]

    orders = read(csv_bytes([HEADER[:4], *rows])).orders

    assert [codes(order) for order in orders] == [
        [(2, "Order ID", "order_id_damaged")],
        [(3, "Order ID", "order_id_damaged")],
    ]


def test_two_buyers_under_one_number_are_not_one_parcel() -> None:
    order = one_order(
        HEADER,
        [1, "Layla", "0550001122", "lamp", 1, 50],
        [1, "Omar", "0550003344", "fan", 1, 90],
    )

    assert codes(order) == [(3, "Name", "rows_disagree")]


def test_another_spelling_or_number_of_the_same_buyer_is_the_same_buyer() -> None:
    buyer = payload(
        HEADER,
        [1, "ليلى", "0550001122", "lamp", 1, 50],
        [1, "ليلي", "+966 55 000 1122", "fan", 1, 90],
        [1, "ليلى", "0560003344", "plug", 1, 5],
    )["buyer"]

    assert buyer["phone"] == "0550001122"
    assert "0560003344" in buyer["alternate_phone"]


def test_two_phone_columns_are_two_numbers_of_one_buyer() -> None:
    header = ["Order ID", "WhatsApp", "Phone", "Product"]

    assert payload(header, [1, 560003344, 550001122.0, "lamp"])["buyer"]["phone"] == "550001122"
    assert payload(header, [1, 560003344, 550001122.0, "lamp"])["buyer"]["alternate_phone"] == "560003344"
    assert payload(header, [1, 560003344, None, "lamp"])["buyer"]["phone"] == "560003344"
    assert payload(header, [1, "055", "055", "lamp"])["buyer"]["alternate_phone"] is None
    assert payload(header, [1, None, None, "lamp"])["buyer"]["phone"] == ""


def test_rows_that_hold_no_order_are_told_with_their_reason() -> None:
    sheet = read_rows(
        ["متجر النخلة"],
        HEADER,
        [],
        [1, "Layla", "0550001122", "lamp", 1, 50, 50],
        HEADER,
        ["الإجمالي", None, None, None, 1, None, 50],
        [None, None, None, None, 1, None, 50],
        ["شكرا لكم"],
        [],
    )

    assert reasons(sheet) == [
        (1, "title"),
        (3, "blank"),
        (5, "repeated_header"),
        (6, "totals"),
        (7, "totals"),
        (8, "remark"),
    ]
    assert len(sheet.orders) == 1


def test_what_the_shop_cancelled_is_no_order() -> None:
    sheet = read_rows(
        ["رقم الطلب", "الجوال", "المنتج", "حالة الطلب"],
        [1, "0550001122", "lamp", "ملغي"],
        [2, "0550003344", "fan", "قيد التنفيذ"],
    )

    assert reasons(sheet) == [(2, "cancelled")]
    assert [order.payload["external_id"] for order in sheet.orders] == ["2"]
