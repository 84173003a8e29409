"""The queue in numbers: what comes first."""

from datetime import UTC, datetime

import pytest

from verification.board.causes import Cause, TimeLeft
from verification.board.queue import Queue, Waiting

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
COUNTS = {Cause.with_agent: 1, Cause.outside_hours: 2, Cause.waiting_for_agent: 1}


@pytest.mark.parametrize("counted", [list(COUNTS), list(reversed(COUNTS))])
def test_causes_that_hold_as_many_stand_in_one_order_however_they_are_counted(counted: list[Cause]) -> None:
    groups = [Waiting("SA", cause, TimeLeft.hour, COUNTS[cause], NOW) for cause in counted]
    found = Queue(NOW, tuple(groups)).by_cause
    assert list(found.items()) == [
        (Cause.outside_hours, 2),
        (Cause.waiting_for_agent, 1),
        (Cause.with_agent, 1),
    ]
