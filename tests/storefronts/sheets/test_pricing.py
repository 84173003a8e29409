"""Prices and totals, whatever of them a file leaves out."""

from typing import Any

import pytest

from tests.storefronts.sheets.files import codes, one_order, payload

START = ["Order ID", "Phone", "Product"]


def priced(columns: list[str], *rows: list[object], country: str = "SA") -> tuple[str, list[tuple[int, str]]]:
    """The total, and quantity and unit price of each item, of one order with these further columns."""
    sent = payload(
        START + columns,
        *([1, "0550001122", f"item {n}", *row] for n, row in enumerate(rows)),
        country=country,
    )
    return sent["total"], [(item["quantity"], item["unit_price"]) for item in sent["items"]]


@pytest.mark.parametrize(
    ("columns", "rows", "expected"),
    [
        (["Qty", "Price"], [[2, 45], [1, 25]], ("115.00", [(2, "45.00"), (1, "25.00")])),
        (["Qty", "Price", "Total"], [[2, 45, 135], [1, 25]], ("135.00", [(2, "45.00"), (1, "25.00")])),
        (["Qty", "Price", "Total"], [[2, 45, 135], [1, 25, 135]], ("135.00", [(2, "45.00"), (1, "25.00")])),
        (["Qty", "Price", "Total"], [[2, 45, 90], [1, 25, 25]], ("115.00", [(2, "45.00"), (1, "25.00")])),
        (["Qty", "Price", "Total"], [[1, 53, 53], [1, 53, 53]], ("106.00", [(1, "53.00"), (1, "53.00")])),
        (["Qty", "Total"], [[2, 90], [1, 25]], ("115.00", [(2, "45.00"), (1, "25.00")])),
        (["Qty", "Line total", "Total"], [[2, 90, 135], [1, 25]], ("135.00", [(2, "45.00"), (1, "25.00")])),
        (["Total"], [[90]], ("90.00", [(1, "90.00")])),
        (["Qty", "Total"], [[3, 90]], ("90.00", [(3, "30.00")])),
        (["Qty", "Price", "Total"], [[2, 45, 135], [1, None]], ("135.00", [(2, "45.00"), (1, "45.00")])),
        (["Qty", "Price", "Total"], [[2, 45, 80], [1, None]], ("80.00", [(2, "45.00"), (1, "0.00")])),
    ],
)
def test_prices_and_totals(columns: list[str], rows: list[list[object]], expected: Any) -> None:
    assert priced(columns, *rows) == expected


def test_totals_that_contradict_each_other_are_not_guessed() -> None:
    order = one_order([*START, "Price", "Total"], [1, "055", "lamp", 50, 200], [1, "055", "fan", 90, 300])

    assert codes(order) == [(3, "Total", "rows_disagree")]


def test_the_currency_is_the_one_written_else_the_countrys() -> None:
    header = [*START, "Country", "Total"]

    def currency(*cells: object, names: list[str] = header, country: str = "SA") -> str:
        return str(payload(names, [1, "0550001122", "lamp", *cells], country=country)["currency"])

    assert currency(None, 50) == "SAR"
    assert currency("العراق", 50_000) == "IQD"
    assert currency("المغرب", 50) == "MAD"
    assert currency("العراق", "50 USD") == "USD"
    assert currency("الكويت", "12.500 دينار") == "KWD"
    assert currency(None, 50, country="OM") == "OMR"
    assert currency("الكويت", 50, names=[*START, "Country", "Total (USD)"]) == "USD"
    assert currency("الكويت", 50, "AED", names=[*header, "العملة"]) == "AED"


def test_two_currencies_in_one_order_are_a_fault() -> None:
    order = one_order([*START, "Price", "Total"], [1, "055", "lamp", "50 SAR", "50 AED"])

    assert [code for _, _, code in codes(order)] == ["currencies_differ"]
