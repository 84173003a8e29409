"""CSV files whose encoding or quoting has to be found out."""

import pytest

from storefronts.sheets.decoding import text_table
from tests.storefronts.sheets.files import codes, csv_bytes, read

HEADER = ["order id", "name", "phone", "product"]


@pytest.mark.parametrize(
    ("name", "encoding"),
    [
        ("محمد", "cp1256"),
        ("نوره – أم خالد", "cp1256"),
        ("ليلى الزهراني", "cp1256"),
        ("محمد", "gb18030"),
        ("阿里", "gb18030"),
        ("王小明 الرياض", "gb18030"),
        ("محمد", "utf-8"),
        ("محمد", "utf-16-le"),
        ("محمد", "utf-16-be"),
    ],
)
def test_an_english_header_leaves_the_encoding_to_the_rows(name: str, encoding: str) -> None:
    data = csv_bytes([HEADER, ["1", name, "0550001122", "lamp"]], encoding=encoding)

    assert text_table(data).rows[1][1] == name


def test_a_damaged_character_spoils_its_own_order_only() -> None:
    rows = [[str(number), "ليلى الزهراني من أبها", "0550001122", "مصباح"] for number in range(1, 40)]
    data = csv_bytes([HEADER, *rows]).replace("أبها".encode(), "أبها".encode()[:-1], 1)

    orders = read(data).orders

    assert len(orders) == 39
    assert codes(orders[0]) == [(2, "name", "text_damaged")]
    assert not any(order.problems for order in orders[1:])


def test_a_quote_that_is_never_closed_spoils_its_own_row_only() -> None:
    data = b'order id,phone,product\n1,0550001122,"lamp\n2,0550003344,fan\n3,0550005566,"a ""big"" fan"\n'

    assert [order.payload["external_id"] for order in read(data).orders] == ["1", "2", "3"]


def test_a_cell_may_have_several_lines_and_rows_are_counted_as_excel_does() -> None:
    data = b'order id,phone,product,note\r\n1,0550001122,lamp,"first\r\nsecond"\r\n2,0550003344,fan,\r\n'

    first, second = read(data).orders

    assert first.payload["note"] == "first\r\nsecond"
    assert (first.rows, second.rows) == ((2,), (3,))


def test_what_excel_is_told_to_keep_as_text_is_unwrapped() -> None:
    (order,) = read(b'order id,phone,product\n1,"=""0550001122""",lamp\n').orders

    assert order.payload["buyer"]["phone"] == "0550001122"


def test_old_line_ends_and_the_hint_of_a_delimiter_are_no_obstacle() -> None:
    sheet = read(b"sep=;\rorder id;phone;product\r1;0550001122;lamp, white\r")

    assert sheet.orders[0].payload["items"][0]["title"] == "lamp, white"
