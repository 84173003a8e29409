"""Single cells, as Excel and people leave them."""

from datetime import datetime

import pytest

from storefronts.sheets.cells import (
    CellError,
    amount_of,
    currency_beside,
    currency_of,
    order_id_of,
    quantity_of,
    text_of,
)


def code_of(read: object, *arguments: object) -> str:
    with pytest.raises(CellError) as caught:
        read(*arguments)  # type: ignore[operator]
    return caught.value.code


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (None, ""),
        (" a ", "a"),
        (551234567, "551234567"),
        (551234567.0, "551234567"),
        (12.5, "12.5"),
        (float("inf"), "inf"),
        ("'0551234567", "'0551234567"),
    ],
)
def test_a_cell_reads_as_a_person_sees_it(cell: object, text: str) -> None:
    assert text_of(cell) == text


@pytest.mark.parametrize(
    ("cell", "identity"),
    [
        (1047, "1047"),
        (1047.0, "1047"),
        ("1047.0", "1047"),
        ("#1047", "1047"),
        (" ١٠٤٧ ", "1047"),
        ("SZ10023", "SZ10023"),
        ("288230-5f2c", "288230-5f2c"),
        ("1.23456E5", "123456"),
        ("1.0.5", "1.0.5"),
    ],
)
def test_order_ids_lose_what_the_spreadsheet_added(cell: object, identity: str) -> None:
    assert order_id_of(cell) == identity


@pytest.mark.parametrize("cell", ["2.8823E+11", "2E5", 21057401932826316666967110, 2.1057401932826317e25])
def test_a_rounded_order_id_is_not_one(cell: object) -> None:
    assert code_of(order_id_of, cell) == "order_id_damaged"


@pytest.mark.parametrize("cell", [2, 2.0, "2", "2.0", "٢", "۲", "x2", "2x", "2 قطع", "2 pcs.", "2件", "２"])
def test_quantities(cell: object) -> None:
    assert quantity_of(cell) == 2


@pytest.mark.parametrize("cell", [0, -1, 1.5, "1.5", "كثير", True, "1/2", "", datetime(2026, 1, 2)])  # noqa: DTZ001
def test_what_is_no_quantity(cell: object) -> None:
    assert code_of(quantity_of, cell) == "not_a_quantity"


@pytest.mark.parametrize(
    ("cell", "currency", "minor"),
    [
        (199, "SAR", 19_900),
        (46.400000000000006, "SAR", 4_640),
        (156.52173913043478, "SAR", 15_652),
        (12.417, "KWD", 12_417),
        ("1,250.50", "SAR", 125_050),
        ("١٩٩٫٥٠ ريال", "SAR", 19_950),
        ("63,000.00 IQD", "IQD", 63_000_000),
        ("264.50000000000000", "SAR", 26_450),
        ("211.44999892193000", "SAR", 21_145),
        (0, "SAR", 0),
    ],
)
def test_amounts(cell: object, currency: str, minor: int) -> None:
    assert amount_of(cell, currency) == minor


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("free", "not_a_number"),
        (True, "not_a_number"),
        (datetime(2026, 1, 2), "not_a_number"),  # noqa: DTZ001
        (float("nan"), "not_a_number"),
        (-5, "negative"),
        ("-5", "negative"),
        ("12.3456", "too_many_decimals"),
        (1e300, "too_large"),
        (10**30, "too_large"),
        ("9" * 500 + ".1234567", "too_large"),
    ],
)
def test_what_is_no_amount(cell: object, code: str) -> None:
    assert code_of(amount_of, cell, "SAR") == code


def test_currencies() -> None:
    assert currency_beside("199 ريال", "SAR") == "SAR"
    assert currency_beside("12.500 KWD", "SAR") == "KWD"
    assert currency_beside("199", "SAR") is None
    assert currency_beside(199, "SAR") is None
    assert currency_beside("unknown", "SAR") is None
    assert currency_of("kwd", "SAR") == "KWD"
    assert currency_of("ر.س", "SAR") == "SAR"
    assert currency_of("دينار عراقي", "SAR") == "IQD"
    assert code_of(currency_of, "shells", "SAR") == "unknown_currency"
    assert code_of(currency_of, 5, "SAR") == "unknown_currency"
