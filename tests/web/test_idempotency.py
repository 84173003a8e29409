from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select, update

from models.orders import Order
from models.replays import ReplayedAnswer
from tests.web.conftest import order


def orders(work):
    with work() as session:
        return session.scalar(select(func.count()).select_from(Order))


@pytest.mark.parametrize(("first", "second"), [("abc", "abc"), ('"abc"', "abc"), ("x" * 255, "x" * 255)])
def test_a_repeated_request_is_answered_as_the_first_was(api, work, first, second):
    sent, again = (api.post("/orders", order(), key=key) for key in (first, second))
    assert (sent.status_code, again.status_code) == (201, 201)
    assert again.data == sent.data
    assert again.headers["Location"] == sent.headers["Location"]
    assert "Idempotent-Replayed" not in sent.headers
    assert again.headers["Idempotent-Replayed"] == "true"
    assert orders(work) == 1


def test_the_first_answer_is_given_whatever_happened_since(api):
    sent = api.post("/orders", order(), key="k")
    api.post(f"/orders/{sent.json['id']}/withdraw")
    assert api.post("/orders", order(), key="k").json["state"] == "queued"


def test_another_body_under_the_key_is_refused(api, work):
    api.post("/orders", order(), key="k")
    answer = api.post("/orders", order("2"), key="k")
    assert (answer.status_code, answer.json["code"]) == (422, "idempotency_key_reused")
    assert orders(work) == 1


def test_a_refusal_is_kept_too(api):
    first, again = (api.post("/orders", order(total="?"), key="k") for _ in range(2))
    assert (first.status_code, again.status_code) == (422, 422)
    assert again.data == first.data
    assert again.headers["Idempotent-Replayed"] == "true"
    assert api.post("/orders", order(), key="k").json["code"] == "idempotency_key_reused"


def test_a_key_holds_for_one_seller_and_one_address(api, other):
    one, two = api.send("1"), api.send("2")
    body = {"reason": "no"}
    assert api.post(f"/orders/{one['id']}/withdraw", body, key="k").json["id"] == one["id"]
    assert api.post(f"/orders/{two['id']}/withdraw", body, key="k").json["id"] == two["id"]
    assert api.post("/orders", order(), key="k").status_code == 201
    answer = other.post("/orders", order(), key="k")
    assert answer.status_code == 201
    assert "Idempotent-Replayed" not in answer.headers


def test_a_key_ends_after_a_day(api, clock):
    api.post("/orders", order(), key="k")
    clock.forward(hours=24)
    assert api.post("/orders", order("2"), key="k").status_code == 201


def test_a_batch_is_repeated_as_a_whole(api, work):
    batch = {"orders": [order("1"), order("2"), {}]}
    first, again = (api.post("/orders/batch", batch, key="k") for _ in range(2))
    assert again.data == first.data
    assert again.headers["Idempotent-Replayed"] == "true"
    assert orders(work) == 2


@pytest.mark.parametrize("key", ["", " ", "x" * 256, '""', '"a', "a b", "a\tb", "ключ", "مفتاح", 'a"b'])
def test_what_is_no_key_is_refused(api, work, key):
    answer = api.post("/orders", order(), key=key.encode().decode("latin-1"))
    assert (answer.status_code, answer.json["code"]) == (400, "idempotency_key_invalid")
    assert orders(work) == 0


def test_requests_at_once_under_one_key_work_once(api, work):
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: api.post("/orders", order(), key="k"), range(12)))
    statuses = {answer.status_code for answer in answers}
    assert statuses <= {201, 409}
    assert 201 in statuses
    assert {each.json["code"] for each in answers if each.status_code == 409} <= {"idempotency_key_running"}
    assert len({each.data for each in answers if each.status_code == 201}) == 1
    assert orders(work) == 1


def crashed(api, work):
    """A first request whose process died before it answered."""
    api.post("/orders", order(), key="k")
    with work() as session:
        session.execute(update(ReplayedAnswer).values(status=None, body=None, location=None))


def test_a_crashed_request_blocks_its_key_for_a_minute(api, work, clock):
    crashed(api, work)
    answer = api.post("/orders", order(), key="k")
    assert (answer.status_code, answer.json["code"]) == (409, "idempotency_key_running")
    assert answer.headers["Retry-After"] == "1"
    clock.forward(minutes=1)
    assert api.post("/orders", order("2"), key="k").status_code == 422
    assert api.post("/orders", order(), key="k").status_code == 200
    assert api.post("/orders", order(), key="k").headers["Idempotent-Replayed"] == "true"


def test_a_failure_of_ours_is_not_kept(api, work, monkeypatch):
    def fail(*_, **__):
        raise RuntimeError("+966551234567")

    with monkeypatch.context() as broken:
        broken.setattr("web.taking.receive_order", fail)
        answer = api.post("/orders", order(), key="k")
    assert (answer.status_code, answer.json["code"]) == (500, "internal_error")
    assert "966" not in answer.text
    assert api.post("/orders", order(), key="k").status_code == 201
    assert orders(work) == 1


def test_whoever_was_overtaken_leaves_the_work_to_the_other(api, work, clock, monkeypatch):
    from web import taking

    take, answers = taking.receive_order, []

    def slowly(*args, **named):
        # While the first sleeps past its minute, its caller asks again and gets the work done.
        monkeypatch.setattr("web.taking.receive_order", take)
        clock.forward(minutes=2)
        answers.append(api.post("/orders", order(), key="k"))
        return take(*args, **named)

    monkeypatch.setattr("web.taking.receive_order", slowly)
    late = api.post("/orders", order(), key="k")
    assert (answers[0].status_code, late.status_code) == (201, 409)
    assert api.post("/orders", order(), key="k").data == answers[0].data
    assert orders(work) == 1
