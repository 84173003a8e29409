from tests import stored


def test_one_object_and_nothing_else(run, work, now):
    with work() as session:
        stored.an_order(session, now, stored.a_store(session, now), stored.a_buyer(session, now))
    assert run("status", "--json").json == {
        "orders": {"queued": 1},
        "steps": {},
        "decisions": {"by_verdict": {}, "by_via": {}},
        "outbox": {},
        "stranded": 1,
    }
    assert "stranded    1" in run("status").out
