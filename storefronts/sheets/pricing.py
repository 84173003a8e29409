"""The amounts of one order: currency, prices and total, whatever of them the file leaves out."""

from dataclasses import dataclass

from babel.numbers import get_territory_currencies

from models.countries import served
from storefronts.sheets.cells import amount_of, currency_beside, currency_of
from storefronts.sheets.columns import Column
from storefronts.sheets.grouping import Group, Row
from storefronts.sheets.problems import Problems

_AMOUNTS = (Column.total, Column.unit_price, Column.line_total)


@dataclass
class Line:
    """One item row with its quantity and amounts in minor units, None where the file is silent."""

    row: Row
    quantity: int
    unit: int | None
    line_total: int | None


def order_currency(group: Group, country: str, problems: Problems) -> str | None:
    """The currency column's, else the one beside an amount, else a column name's, else the country's."""
    default = _usual_currency(country)
    if found := group.first(Column.currency):
        return problems.reading(found, lambda cell: currency_of(cell, default))
    amounts = [found for column in _AMOUNTS for found in group.all(column)]
    beside: str | None = None
    for found in amounts:
        named = problems.reading(found, lambda cell: currency_beside(cell, default)) or found.place.currency
        if beside and named and named != beside:
            problems.add(found, "currencies_differ")
            return None
        beside = beside or named
    return beside or default


def price(group: Group, lines: list[Line], currency: str, problems: Problems) -> int | None:
    """Fill in the unit prices that the file leaves out, and return the order's total in minor units.

    The total is the one written, which may stand in one row or be repeated in all; when every row's total is
    that of its own line, their sum; when none is written, the sum of the lines. A missing unit price is the
    line's total by its quantity, else an equal share of what the other lines leave of the order's total. None
    means that it cannot be told.
    """
    for line in lines:
        if line.unit is None and line.line_total is not None:
            line.unit = _each(line.line_total, line.quantity)
    total = _total(group, lines, currency, problems)
    known = sum(line.unit * line.quantity for line in lines if line.unit is not None)
    open_lines = [line for line in lines if line.unit is None]
    if total is not None and open_lines:
        share = max(total - known, 0) // sum(line.quantity for line in open_lines)
        for line in open_lines:
            line.unit = share
    if total is None and not open_lines and not group.all(Column.total):
        return known
    return total


def _total(group: Group, lines: list[Line], currency: str, problems: Problems) -> int | None:
    written = [found for row in group.rows if (found := row.first(Column.total))]
    amounts = {
        found.row: problems.reading(found, lambda cell: amount_of(cell, currency)) for found in written
    }
    per_line = [(line, amounts.get(line.row.number)) for line in lines]
    sums = [amount for _, amount in per_line if amount is not None]
    if len(lines) > 1 and len(sums) == len(lines) == len(written):
        if all(line.unit is not None and line.unit * line.quantity == amount for line, amount in per_line):
            return sum(sums)
        if len(set(sums)) > 1 and all(line.unit is None for line in lines):
            for line, amount in per_line:
                line.unit = _each(amount or 0, line.quantity)
            return sum(sums)
    different = [found for found in written if amounts[found.row] != amounts[written[0].row]]
    for found in different:
        problems.add(found, "rows_disagree")
    return amounts[written[0].row] if written and not different else None


def _each(amount: int, quantity: int) -> int:
    return (2 * amount + quantity) // (2 * quantity)


def _usual_currency(country: str) -> str:
    if here := served(country):
        return here.currency
    return next(iter(get_territory_currencies(country)), "USD")
