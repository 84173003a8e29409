"""Which version is used, and which are kept."""

from datetime import timedelta

import pytest

from verification.learning.current import COLD, current_model, current_version
from verification.learning.versions import RollBackRefused, keep, roll_back, version_of, versions
from verification.slots.model import as_json, cold_model

DAY = timedelta(days=1)


@pytest.fixture
def kept(session, now):
    plain = as_json(cold_model())

    def store(at=now, *, promote=True):
        return keep(
            session, model=plain, buyers=1, contacts=2, findings={}, promote=promote, by="test", now=at
        )

    return store


def test_going_back_takes_one_version_at_a_time(session, now, kept):
    first, _, third = kept(now), kept(now + DAY, promote=False), kept(now + 2 * DAY)
    assert current_version(session) == third
    assert roll_back(session, by="operator", now=now + 3 * DAY) == first
    assert current_model(session).version == first
    assert roll_back(session, by="operator", now=now + 3 * DAY) == COLD
    with pytest.raises(RollBackRefused, match="nothing_promoted"):
        roll_back(session, by="operator", now=now + 3 * DAY)
    told = version_of(session, third)
    assert (told.rolled_back_at, told.rolled_back_by) == (now + 3 * DAY, "operator")


def test_going_back_to_a_version_takes_all_later_ones(session, now, kept):
    first, second, third = (kept(now + day * DAY) for day in range(3))
    unused = kept(now + 3 * DAY, promote=False)
    for wanted, code in ((third, "in_use"), (unused, "never_used"), (unused + 1, "unknown")):
        with pytest.raises(RollBackRefused, match=code):
            roll_back(session, to=wanted, by="operator", now=now)
    assert roll_back(session, to=first, by="operator", now=now + 4 * DAY) == first
    assert version_of(session, second).rolled_back_at is not None
    with pytest.raises(RollBackRefused, match="never_used"):
        roll_back(session, to=second, by="operator", now=now + 4 * DAY)
    later = kept(now + 5 * DAY)
    assert current_version(session) == later
    assert roll_back(session, to=COLD, by="operator", now=now + 6 * DAY) == COLD


def test_what_can_be_of_no_use_any_more_goes(session, now, kept):
    old = [kept(now + day * DAY) for day in range(4)]
    rolled_back = old.pop()
    roll_back(session, by="operator", now=now + 4 * DAY)
    for day in range(40):
        kept(now + (100 + day) * DAY, promote=False)
    left = [each.version for each in versions(session, limit=100)]
    assert len(left) == 30 + 2
    assert left[30:] == [old[2], old[1]]
    assert rolled_back not in left
    assert current_version(session) == old[2]
