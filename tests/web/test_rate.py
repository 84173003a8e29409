from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from sqlalchemy import select

from models.sellers import ApiKey
from tests.web.conftest import Api
from verification.accounts.rates import may_call


def test_calls_a_second_are_counted_over_all_processes(make_app, api, other):
    processes = [Api(make_app(api_rate=5), api.key) for _ in range(2)]
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda each: processes[each % 2].get("/orders?limit=1"), range(30)))
    refused = [answer for answer in answers if answer.status_code == 429]
    assert refused
    assert {answer.headers["Retry-After"] for answer in refused} == {"1"}
    assert {answer.json["code"] for answer in refused} == {"too_many_requests"}
    assert Api(processes[0].app, other.key).get("/orders").status_code == 200


def test_a_seconds_calls_may_come_at_once_and_come_back_evenly(api, session, work, now):
    with work() as session:
        key = session.scalars(select(ApiKey.id)).one()
        calls = lambda at: [may_call(session, key, 4, at) for _ in range(6)].count(True)  # noqa: E731
        assert calls(now) == 4
        assert calls(now + timedelta(seconds=0.25)) == 1
        assert calls(now + timedelta(seconds=0.75)) == 2
        assert calls(now + timedelta(hours=1)) == 4


def test_a_clock_that_ran_ahead_costs_a_second_at_most(api, work, now):
    with work() as session:
        key = session.scalars(select(ApiKey.id)).one()
        assert may_call(session, key, 4, now + timedelta(hours=1))
        assert not may_call(session, key, 4, now)
        assert may_call(session, key, 4, now + timedelta(hours=1, seconds=1))


def test_without_a_rate_nobody_is_refused(make_app, api):
    unlimited = Api(make_app(api_rate=0), api.key)
    assert {unlimited.get("/orders?limit=1").status_code for _ in range(60)} == {200}
