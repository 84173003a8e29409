from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from models.unit_of_work import unit_of_work
from tests.conftest import Work
from verification.alarms import end_alarm, raise_alarm, standing_alarms

LATER = timedelta(minutes=5)


def test_the_same_again_is_counted_until_it_ends(session: Session, now: datetime) -> None:
    raise_alarm(session, "filtered", "sms:SA", {"code": "30007"}, now=now)
    raise_alarm(session, "filtered", "sms:AE", now=now)
    raise_alarm(session, "filtered", "sms:SA", {"code": "30008"}, now=now + LATER)
    first, second = standing_alarms(session)
    assert (first.subject, first.count, first.first_at, first.last_at) == ("sms:SA", 2, now, now + LATER)
    assert first.params == {"code": "30008"}
    assert (second.subject, second.count) == ("sms:AE", 1)
    assert end_alarm(session, "filtered", "sms:SA", now=now) == 1
    assert end_alarm(session, "filtered", "sms:SA", now=now) == 0
    raise_alarm(session, "filtered", "sms:SA", now=now + LATER)
    assert {alarm.count for alarm in standing_alarms(session)} == {1}
    assert end_alarm(session, "filtered", now=now, by="agent:1") == 2
    assert standing_alarms(session) == []


def test_an_alarm_that_comes_late_does_not_make_it_older(session: Session, now: datetime) -> None:
    raise_alarm(session, "our_fault", "21211", now=now)
    raise_alarm(session, "our_fault", "21211", now=now - LATER)
    assert standing_alarms(session)[0].last_at == now


def test_workers_that_meet_the_same_at_once_raise_one_alarm(engine: Engine, now: datetime) -> None:
    def meet(_: int) -> None:
        with unit_of_work(engine) as session:
            raise_alarm(session, "credentials", "twilio", now=now)

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(meet, range(12)))
    with unit_of_work(engine) as session:
        [alarm] = standing_alarms(session)
    assert 1 <= alarm.count <= 12


def test_raising_waits_for_nobody(work: Work, now: datetime) -> None:
    with work() as one, work() as other:
        raise_alarm(one, "credentials", "a", now=now)
        raise_alarm(other, "credentials", "b", now=now)
        raise_alarm(one, "credentials", "b", now=now)
        raise_alarm(other, "credentials", "a", now=now)
    with work() as session:
        assert {(alarm.subject, alarm.count) for alarm in standing_alarms(session)} == {("a", 1), ("b", 1)}


def test_an_alarm_without_meaning_is_refused(session: Session, now: datetime) -> None:
    with pytest.raises(ValueError, match="spilt_tea"):
        raise_alarm(session, "spilt_tea", "", now=now)
