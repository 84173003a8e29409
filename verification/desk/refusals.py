"""Why the desk does not do what it was asked."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum


class Why(StrEnum):
    """The reasons; the page has a sentence for each."""

    stale = "stale"
    already_called = "already_called"
    not_called = "not_called"
    not_permitted_now = "not_permitted_now"
    no_number = "no_number"
    undo_too_late = "undo_too_late"
    nothing_to_take = "nothing_to_take"
    held_by_other = "held_by_other"
    decided = "decided"
    details_erased = "details_erased"
    phone_unreadable = "phone_unreadable"
    no_own_phone = "no_own_phone"
    no_line = "no_line"
    lines_busy = "lines_busy"
    provider_out = "provider_out"
    in_doubt = "in_doubt"
    not_hung_up = "not_hung_up"


class DeskRefusal(Exception):
    """Nothing was changed; `why` says why, `rules` and `at` what stands in the way and until when."""

    def __init__(self, why: Why, *, rules: Sequence[str] = (), at: datetime | None = None) -> None:
        super().__init__(why.value)
        self.why = why
        self.rules = tuple(rules)
        self.at = at


class PromiseRefused(Exception):
    """A call cannot be promised for then; `rules` are codes, `nearest` the times around it that can be."""

    def __init__(self, rules: Sequence[str], nearest: Sequence[datetime]) -> None:
        super().__init__(", ".join(rules))
        self.rules = tuple(rules)
        self.nearest = tuple(nearest)
