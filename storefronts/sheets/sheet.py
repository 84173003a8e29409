"""What reading a file of orders gives back."""

from dataclasses import dataclass
from typing import Any

_WORDS = {
    "empty_file": "The file is empty.",
    "too_large": "The file is too large to be a list of orders.",
    "too_many_rows": "The file has more than 200,000 rows.",
    "password_protected": "The workbook is protected by a password; save it without one.",
    "old_excel": "The workbook is of the old Excel format; save it as .xlsx.",
    "damaged_workbook": "The workbook cannot be opened; it is damaged or of another kind.",
    "no_header": "No row names the columns: at least a phone and one other column must be named.",
}


class SheetUnreadable(ValueError):
    """A file in which no table of orders can be found; `code` says why, `detail` says it in English."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
        self.detail = _WORDS[code]


@dataclass(frozen=True)
class SheetProblem:
    """A cell that cannot be read: its 1-based row, its column as the file names it, the rule in English."""

    row: int
    column: str
    code: str
    detail: str


@dataclass(frozen=True)
class SkippedRow:
    """A row that holds no order: `blank`, `title`, `repeated_header`, `totals`, `remark`,
    `cancelled`, or `no_header` for all rows of a worksheet without one."""

    row: int
    reason: str
    worksheet: str = ""


@dataclass(frozen=True)
class SheetOrder:
    """One order and the 1-based rows it came from, in the worksheet of that name ("" in a CSV).

    `payload` has the shape of `POST /orders`, with phones and texts as typed. With any `problems` it is
    incomplete and must not be taken.
    """

    rows: tuple[int, ...]
    payload: dict[str, Any]
    problems: tuple[SheetProblem, ...] = ()
    worksheet: str = ""


@dataclass(frozen=True)
class Sheet:
    """All that a file says: every row but the header is in an order or among the skipped."""

    orders: tuple[SheetOrder, ...]
    skipped: tuple[SkippedRow, ...]
