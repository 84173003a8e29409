import json

from sqlalchemy import text

from tests.web.conftest import order

PERSONAL = ("551234567", "نوره", "النرجس", "أنس", "RNRA4521", "personal-words", "tk_", "secret-token")


def lines(capsys):
    told = capsys.readouterr()
    assert told.out == ""
    return told.err


def test_a_request_is_one_line_without_a_person_in_it(app, api, capsys):
    taken = api.send(note="personal-words")
    api.post("/orders", order(note="personal-words", total="-1"))
    api.post("/orders", order(note="personal-words", total="2"), key="personal-words")
    api.patch(taken["id"], {"buyer": {"phone": "0551234567, personal-words"}})
    api.post(f"/orders/{taken['id']}/withdraw", {"reason": "personal-words"})
    api.get("/orders?external_id=personal-words&cursor=0551234567")
    api.get("/orders/0551234567")
    app.test_client().get("/c/secret-token?phone=0551234567")
    told = lines(capsys)
    for line in told.splitlines():
        assert json.loads(line)["event"] == "request_served"
    assert len(told.splitlines()) == 8
    assert not [word for word in PERSONAL if word in told]


def test_a_failure_is_logged_without_what_it_met(api, capsys, monkeypatch):
    def fail(session, *_, **__):
        session.execute(text("SELECT cast(:phone AS integer)"), {"phone": "0551234567 نوره"})

    monkeypatch.setattr("web.taking.receive_order", fail)
    answer = api.post("/orders", order(), X_Request_Id="mine-0123456789")
    assert answer.status_code == 500
    assert answer.json["request_id"] == answer.headers["X-Request-Id"] == "mine-0123456789"
    told = lines(capsys)
    failed, served = map(json.loads, told.splitlines())
    assert failed["event"] == "request_failed"
    assert failed["error"] == "DataError"
    assert any("web/taking.py" in place for place in failed["where"])
    assert (served["status"], served["request_id"]) == (500, "mine-0123456789")
    assert not [word for word in PERSONAL if word in told + answer.text]


def test_one_failing_order_does_not_cost_the_batch_its_answers(api, capsys, monkeypatch):
    from web import taking

    take = taking.receive_order

    def fail(session, store, draft, **named):
        if draft.external_id == "2":
            raise RuntimeError(draft.buyer.phone)
        return take(session, store, draft, **named)

    monkeypatch.setattr("web.taking.receive_order", fail)
    answer = api.post("/orders/batch", {"orders": [order(each) for each in "123"]})
    assert [each["status"] for each in answer.json["results"]] == [201, 500, 201]
    assert not [word for word in PERSONAL if word in lines(capsys)]


def test_a_made_up_request_id_is_replaced(api):
    answer = api.get("/orders", X_Request_Id="a b\x7f")
    assert answer.headers["X-Request-Id"] != "a b\x7f"
