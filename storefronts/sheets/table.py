"""A table: the numbered rows of a CSV file or of one worksheet, before anything is understood."""

from collections.abc import Iterable
from dataclasses import dataclass

from storefronts.sheets.sheet import SheetUnreadable

MOST_ROWS = 200_000
MOST_COLUMNS = 200
# Formatting alone can make a worksheet as long as Excel allows.
_LAST_ROW = 1_048_576


@dataclass(frozen=True)
class Table:
    """The worksheet's name ("" in a CSV) and its rows, the first being row 1; empty cells are None."""

    worksheet: str
    rows: list[list[object]]


def collected(rows: Iterable[list[object]]) -> list[list[object]]:
    """The rows with empty cells as None, without the empty rows at the end; SheetUnreadable over 200,000."""
    kept: list[list[object]] = []
    blank = 0
    for number, row in enumerate(rows, start=1):
        if number > _LAST_ROW:
            raise SheetUnreadable("too_many_rows")
        cells = _trimmed(row)
        if not cells:
            blank += 1
            continue
        kept.extend([] for _ in range(blank))
        kept.append(cells)
        blank = 0
        if len(kept) > MOST_ROWS:
            raise SheetUnreadable("too_many_rows")
    return kept


def _trimmed(row: list[object]) -> list[object]:
    cells = [None if isinstance(cell, str) and not cell.strip() else cell for cell in row[:MOST_COLUMNS]]
    while cells and cells[-1] is None:
        cells.pop()
    return cells
