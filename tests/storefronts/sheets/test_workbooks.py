"""Excel files with the faults that programs write into them."""

import io
import re
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook

from storefronts.sheets.sheet import SheetUnreadable
from tests.storefronts.sheets.files import read, xlsx_bytes

HEADER = ["Order ID", "Phone", "Product"]
ROWS = [HEADER, [1, "0550001122", "lamp"], [2, "0550003344", "fan"]]


def edited(data: bytes, pattern: str, replacement: str) -> bytes:
    """The workbook with something replaced in its first worksheet's XML."""
    out = io.BytesIO()
    with ZipFile(io.BytesIO(data)) as before, ZipFile(out, "w") as after:
        for entry in before.infolist():
            content = before.read(entry)
            if entry.filename == "xl/worksheets/sheet1.xml":
                changed = re.sub(pattern, replacement, content.decode())
                assert changed != content.decode()
                content = changed.encode()
            after.writestr(entry, content)
    return out.getvalue()


def test_a_wrong_size_hides_no_rows() -> None:
    data = edited(xlsx_bytes(ROWS), r'<dimension ref="[^"]*"', '<dimension ref="A1:A1"')

    assert len(read(data, "a.xlsx").orders) == 2


def test_a_row_number_beyond_excels_last_is_not_counted_up_to() -> None:
    data = edited(xlsx_bytes(ROWS), r'<row r="3"', '<row r="99999999999"')

    with pytest.raises(SheetUnreadable) as caught:
        read(data, "a.xlsx")

    assert caught.value.code == "too_many_rows"


def test_hidden_worksheets_are_left_alone() -> None:
    workbook = load_workbook(io.BytesIO(xlsx_bytes(ROWS, ROWS)))
    workbook.worksheets[1].sheet_state = "hidden"
    out = io.BytesIO()
    workbook.save(out)

    assert len(read(out.getvalue(), "a.xlsx").orders) == 2


def test_a_failed_formula_is_an_empty_cell() -> None:
    (order,) = read(xlsx_bytes([HEADER, [1, "#N/A", "lamp"]]), "a.xlsx").orders

    assert order.payload["buyer"]["phone"] == ""
