"""The cells of one order that could not be read."""

from collections.abc import Callable
from typing import TypeVar

from storefronts.sheets.cells import DETAILS, CellError
from storefronts.sheets.grouping import Found
from storefronts.sheets.sheet import SheetProblem

T = TypeVar("T")


class Problems:
    """Collects what is wrong with an order while its other cells are still read."""

    def __init__(self) -> None:
        self._found: dict[tuple[int, int, str], SheetProblem] = {}

    def add(self, found: Found, code: str) -> None:
        """Note a problem of a cell; the same one twice is one."""
        problem = SheetProblem(found.row, found.place.name, code, DETAILS[code])
        self._found[found.row, found.place.index, code] = problem

    def reading(self, found: Found, read: Callable[[object], T]) -> T | None:
        """What `read` makes of the cell, or None with the problem noted."""
        try:
            return read(found.cell)
        except CellError as error:
            self.add(found, error.code)
            return None

    def all(self) -> tuple[SheetProblem, ...]:
        """Every problem, by row and column."""
        return tuple(problem for _, problem in sorted(self._found.items()))
