"""Whole files: what sellers send, read to orders that intake takes."""

import io
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.folding import fold_digits
from storefronts.sheets.sheet import Sheet, SheetUnreadable
from tests.storefronts.sheets.files import (
    ARABIC,
    CHINESE,
    ENGLISH,
    codes,
    csv_bytes,
    payload,
    read,
    read_rows,
    reasons,
    xlsx_bytes,
)
from verification.intake.reading import read_order

ORDERS = [
    [
        "7001",
        "سلمى الحداد",
        "٠٥٥ ٠٠٠ ١١٢٢",
        "السعودية",
        "أبها",
        "إبريق شاي",
        "2",
        "45",
        "115",
        "بعد العشاء",
        "2026-10-03 20:15",
    ],
    ["7001", "", "", "", "", "صينية", "1", "25", "", "", ""],
    ["", "", "", "", "", "", "", "", "", "", ""],
    [
        "7002",
        "Omar العاني",
        "07700001122 او 07800001122",
        "العراق",
        "الموصل",
        "مروحة",
        "1",
        "30000",
        "30,000.00 IQD",
        "",
        "2026-10-04 07:05",
    ],
    ["7003", "دلال", "5.50001122E8", "الكويت", "حولي", "عطر", "3", "4.250", "12.750", "", "2026-10-04 09:00"],
]


def unreadable(data: bytes, filename: str = "orders.csv") -> str:
    with pytest.raises(SheetUnreadable) as caught:
        read(data, filename)
    assert caught.value.detail
    return caught.value.code


def test_a_sellers_file_becomes_orders() -> None:
    sheet = read(csv_bytes([["طلبات الأسبوع – متجر النخلة"], [], ARABIC, *ORDERS]))

    assert [order.rows for order in sheet.orders] == [(4, 5), (7,), (8,)]
    assert reasons(sheet) == [(1, "title"), (2, "blank"), (6, "blank")]
    first, second, third = (read_order(order.payload, zone="Asia/Riyadh") for order in sheet.orders)
    assert first.external_id == "7001"
    assert first.buyer.phone == "٠٥٥ ٠٠٠ ١١٢٢"
    assert [(item.title, item.quantity, item.unit_price_minor) for item in first.items] == [
        ("إبريق شاي", 2, 4_500),
        ("صينية", 1, 2_500),
    ]
    assert first.total_minor == 11_500
    assert first.placed_at.isoformat() == "2026-10-03T17:15:00+00:00"
    assert (second.currency, second.total_minor) == ("IQD", 30_000_000)
    assert second.buyer.phone == "07700001122 او 07800001122"
    assert (third.currency, third.items[0].unit_price_minor) == ("KWD", 4_250)
    assert third.buyer.phone == "5.50001122E8"


UNICODE = ["utf-8", "utf-8-sig", "utf-16", "gb18030"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize(
    ("header", "encoding"),
    [
        *((header, encoding) for header in (ENGLISH, ARABIC, CHINESE) for encoding in UNICODE),
        (ENGLISH, "cp1256"),
        (ARABIC, "cp1256"),
    ],
)
def test_encoding_delimiter_and_language_make_no_difference(
    header: list[str], encoding: str, delimiter: str
) -> None:
    # Windows-1256 has no Arabic digits.
    orders = [[fold_digits(cell) for cell in row] for row in ORDERS] if encoding == "cp1256" else ORDERS
    plain = read(csv_bytes([ENGLISH, *orders]))

    assert read(csv_bytes([header, *orders], encoding=encoding, delimiter=delimiter)) == plain


def test_the_order_of_columns_makes_no_difference() -> None:
    plain = read(csv_bytes([ENGLISH, *ORDERS]))

    assert read(csv_bytes([row[::-1] for row in (CHINESE, *ORDERS)])).orders == plain.orders


def test_a_workbook_reads_as_the_same_orders() -> None:
    typed = [
        [
            "7001",
            "سلمى الحداد",
            "٠٥٥ ٠٠٠ ١١٢٢",
            "السعودية",
            "أبها",
            "إبريق شاي",
            2,
            45,
            115.0,
            "بعد العشاء",
            "2026-10-03 20:15",
        ],
        ["7001", None, None, None, None, "صينية", 1, 25.0],
        [],
        [
            7002,
            "Omar العاني",
            "07700001122 او 07800001122",
            "العراق",
            "الموصل",
            "مروحة",
            1.0,
            30000,
            "30,000.00 IQD",
            None,
            46299.29513888889,
        ],
        [7003.0, "دلال", "5.50001122E8", "الكويت", "حولي", "عطر", "٣", 4.25, 12.75, None, "04/10/2026 9:00"],
    ]

    assert (
        read_rows(ENGLISH, *typed).orders[0].payload == read(csv_bytes([ENGLISH, *ORDERS])).orders[0].payload
    )
    assert [order.payload for order in read_rows(ENGLISH, *typed).orders] == [
        order.payload for order in read(csv_bytes([ENGLISH, *ORDERS])).orders
    ]


def test_every_row_but_the_header_is_in_an_order_or_among_the_skipped() -> None:
    rows = [
        ["عنوان"],
        ENGLISH,
        *ORDERS,
        ENGLISH,
        ["المجموع", "", "", "", "", "", 7, "", 1234],
        ["طبع يوم السبت"],
    ]

    sheet = read_rows(*rows)

    told = [row for order in sheet.orders for row in order.rows] + [row.row for row in sheet.skipped]
    assert sorted(told) == [1, *range(3, len(rows) + 1)]
    assert reasons(sheet) == [
        (1, "title"),
        (5, "blank"),
        (8, "repeated_header"),
        (9, "totals"),
        (10, "remark"),
    ]


def test_every_visible_worksheet_is_read() -> None:
    data = xlsx_bytes([ENGLISH, ORDERS[0]], [["ملخص"], ["عدد الطلبات", 2]], [ARABIC, ORDERS[3]])

    sheet = read(data, "orders.xlsx")

    assert [order.payload["external_id"] for order in sheet.orders] == ["7001", "7002"]
    assert len({order.worksheet for order in sheet.orders}) == 2
    assert reasons(sheet) == [(1, "no_header"), (2, "no_header")]


def test_orders_without_number_have_the_same_id_in_every_file() -> None:
    header = ["الاسم", "الجوال", "المدينة", "المنتج", "السعر"]
    mine = ["سلمى", "0550001122", "أبها", "صينية", "25"]
    other = ["ندى", "0550003344", "أبها", "صينية", "25"]

    once = [order.payload["external_id"] for order in read_rows(header, mine, other, mine).orders]
    again = [order.payload["external_id"] for order in read(csv_bytes([header, other, mine, mine])).orders]

    assert len(set(once)) == 3
    assert set(once) == set(again)


def test_without_a_date_the_importer_is_left_to_know() -> None:
    assert "placed_at" not in payload(["Order ID", "Phone", "Product"], ["1", "0550001122", "lamp"])


def test_without_a_payment_column_it_is_cash_on_delivery() -> None:
    header = ["Order ID", "Phone", "Product", "Payment method"]

    assert payload(header[:3], ["1", "0550001122", "lamp"])["payment_method"] == "cod"
    assert payload(header, ["1", "0550001122", "lamp", None])["payment_method"] == "cod"
    assert payload(header, ["1", "0550001122", "lamp", "تحويل بنكي"])["payment_method"] == "تحويل بنكي"


SHOPIFY = {
    "Name": "#1021",
    "Financial Status": "pending",
    "Currency": "SAR",
    "Subtotal": "115.00",
    "Shipping": "20.00",
    "Total": "135.00",
    "Created at": "2026-10-03 20:15:09 +0300",
    "Lineitem quantity": "2",
    "Lineitem name": "Teapot",
    "Lineitem price": "45.00",
    "Lineitem sku": "TP-1",
    "Billing Name": "Salma H",
    "Billing Street": "Other St",
    "Billing City": "Jeddah",
    "Billing Phone": "0550003344",
    "Shipping Name": "Salma Haddad",
    "Shipping Street": "King St, RABH1234",
    "Shipping Address1": "King St",
    "Shipping Address2": "RABH1234",
    "Shipping City": "Abha",
    "Shipping Zip": "'62521",
    "Shipping Country": "SA",
    "Shipping Phone": "'+966 55 000 1122",
    "Notes": "after nine",
    "Cancelled at": "",
    "Payment Method": "Cash on Delivery (COD)",
    "Id": "6120934400001",
}


def test_a_shopify_export() -> None:
    more = dict.fromkeys(SHOPIFY, "") | {"Name": "#1021", "Lineitem quantity": "1", "Lineitem name": "Tray"}
    more |= {"Lineitem price": "25.00", "Lineitem sku": "TR-1"}
    gone = SHOPIFY | {"Name": "#1022", "Id": "6120934400002", "Cancelled at": "2026-10-04 10:00:00 +0300"}

    sheet = read(csv_bytes([list(SHOPIFY), *(list(row.values()) for row in (SHOPIFY, more, gone))]))

    (order,) = sheet.orders
    draft = read_order(order.payload, zone="Asia/Riyadh")
    assert (draft.external_id, draft.number) == ("6120934400001", "#1021")
    assert draft.buyer.name == "Salma Haddad"
    assert draft.buyer.phone == "'+966 55 000 1122"
    assert draft.buyer.alternate_phone == "0550003344"
    assert draft.address.city == "Abha"
    assert draft.address.street == "King St, RABH1234"
    assert draft.total_minor == 13_500
    assert [item.sku for item in draft.items] == ["TP-1", "TR-1"]
    assert reasons(sheet) == [(4, "cancelled")]


WOOCOMMERCE = {
    "Order Number": "20418",
    "Order Status": "processing",
    "Order Date": "2026-10-03 20:02",
    "Customer Note": "قرب الجامع",
    "First Name (Billing)": "علي",
    "Last Name (Billing)": "حسن",
    "Address 1&2 (Billing)": "شارع ٤",
    "City (Billing)": "بغداد",
    "Country Code (Billing)": "IQ",
    "Phone (Billing)": "٠٧٧٠ ٠٠٠ ١١٢٢",
    "First Name (Shipping)": "",
    "Address 1&2 (Shipping)": "",
    "City (Shipping)": "",
    "Payment Method Title": "الدفع عند الاستلام",
    "Order Total Amount": "35000",
    "SKU": "SH-42",
    "Item #": "1",
    "Item Name": "حذاء",
    "Quantity": "1",
    "Item Cost": "30000",
}


def test_a_woocommerce_export() -> None:
    (order,) = read(csv_bytes([list(WOOCOMMERCE), list(WOOCOMMERCE.values())])).orders

    draft = read_order(order.payload, zone="Asia/Baghdad")
    assert (draft.external_id, draft.buyer.name, draft.address.country) == ("20418", "علي حسن", "IQ")
    assert (draft.address.city, draft.address.street) == ("بغداد", "شارع ٤")
    assert (draft.items[0].title, draft.items[0].unit_price_minor) == ("حذاء", 30_000_000)


def test_a_cell_that_cannot_be_read_refuses_its_order_only() -> None:
    sheet = read_rows(
        ENGLISH,
        ["1", "سلمى", "0550001122", "السعودية", "أبها", "صينية", "كثير", 25, 25, "", "قريبا"],
        ["2", "ندى", "0550003344", "نارنيا", "أبها", "صينية", 0, "مجانا", -5, "", "2026-10-03"],
        ["3", "هدى", "0550005566", "السعودية", "أبها", "صينية", 1, 25, 25, "", "2026-10-03"],
    )

    assert codes(sheet.orders[0]) == [(2, "Qty", "not_a_quantity"), (2, "Date", "not_a_date")]
    assert codes(sheet.orders[1]) == [
        (3, "Country", "unknown_country"),
        (3, "Qty", "not_a_quantity"),
        (3, "Price", "not_a_number"),
        (3, "Total", "negative"),
    ]
    assert not sheet.orders[2].problems
    assert "مجانا" not in repr(sheet.orders[1].problems)


def test_files_that_hold_no_table() -> None:
    workbook = xlsx_bytes([ENGLISH, ORDERS[0]])
    archive = io.BytesIO()
    with ZipFile(archive, "w") as other:
        other.writestr("readme.txt", "hello")

    assert unreadable(b"") == "empty_file"
    assert unreadable(b"hello, world\n1,2\n") == "no_header"
    assert unreadable(bytes(range(256)) * 10) == "no_header"
    assert unreadable(bytes(range(256)) * 10, "orders.xlsx") == "damaged_workbook"
    assert unreadable(workbook[: len(workbook) // 2], "orders.xlsx") == "damaged_workbook"
    assert unreadable(archive.getvalue()) == "damaged_workbook"
    assert unreadable(xlsx_bytes([["nothing"], ["here"]])) == "no_header"
    assert unreadable(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "orders.xls") == "old_excel"
    protected = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le")
    assert unreadable(protected, "orders.xlsx") == "password_protected"


def test_a_zip_bomb_is_not_unpacked() -> None:
    bomb = io.BytesIO()
    with ZipFile(bomb, "w", ZIP_DEFLATED) as archive, archive.open("xl/sharedStrings.xml", "w") as entry:
        for _ in range(201):
            entry.write(bytes(1024 * 1024))

    assert unreadable(bomb.getvalue(), "orders.xlsx") == "too_large"


def test_a_text_file_under_an_excel_name_is_read() -> None:
    assert len(read(csv_bytes([ENGLISH, *ORDERS], delimiter="\t"), "orders.xls").orders) == 3


def attempt(data: bytes, filename: str) -> Sheet | str:
    try:
        return read(data, filename)
    except SheetUnreadable as error:
        return error.code


@settings(deadline=None)
@given(st.binary(max_size=300), st.sampled_from(["a.csv", "a.xlsx", "a"]))
def test_any_bytes_are_a_sheet_or_unreadable(data: bytes, filename: str) -> None:
    assert attempt(data, filename)


@settings(deadline=None)
@given(
    st.sampled_from([b"", b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf", b"PK\x03\x04", b"\xd0\xcf\x11\xe0"]),
    st.binary(),
)
def test_any_bytes_after_a_known_start_are_a_sheet_or_unreadable(start: bytes, data: bytes) -> None:
    assert attempt(start + data, "a.csv")


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_under_a_header_are_rows(data: bytes) -> None:
    header = b"order id,phone,country,product,qty,price,total,date,currency\n"

    assert isinstance(attempt(header + data, "a.csv"), Sheet)


cells = (
    st.none()
    | st.booleans()
    | st.integers(-(10**20), 10**20)
    | st.floats()
    | st.datetimes()
    | st.text(st.characters(min_codepoint=32, exclude_categories=("Cs", "Cc", "Cn", "Co")), max_size=12)
)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.lists(cells, max_size=len(ENGLISH)), max_size=5))
def test_any_cells_under_a_header_are_rows(rows: list[list[object]]) -> None:
    assert isinstance(read_rows(ENGLISH, *rows), Sheet)


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_any_damage_to_a_workbook_is_a_sheet_or_unreadable(data: st.DataObject) -> None:
    workbook = bytearray(WORKBOOK)
    for _ in range(data.draw(st.integers(1, 5))):
        workbook[data.draw(st.integers(0, len(workbook) - 1))] = data.draw(st.integers(0, 255))

    assert attempt(bytes(workbook), "a.xlsx")


WORKBOOK = xlsx_bytes([ENGLISH, *ORDERS])
