"""The edge of a transaction: one for each request, rolled back by whatever problem it raises."""

from collections.abc import Callable
from typing import TypeVar

from models.faults import is_passing
from models.unit_of_work import Session, unit_of_work
from web.context import context

Result = TypeVar("Result")

_TRIES = 3


def in_transaction(work: Callable[[Session], Result]) -> Result:
    """The work's result once it is committed. Work that met a passing fault is done again."""
    for _ in range(_TRIES - 1):
        try:
            return _once(work)
        except Exception as error:
            if not is_passing(error):
                raise
    return _once(work)


def _once(work: Callable[[Session], Result]) -> Result:
    with unit_of_work(context().engine) as session:
        return work(session)
