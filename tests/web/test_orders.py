import pytest

from tests.web.conftest import order, pointers


def test_a_patch_corrects_the_order_and_plans_anew(api):
    taken = api.send(buyer={"phone": "nothing"})
    assert taken["next_contact"]["channel"] == "agent_call"
    answer = api.patch(taken["id"], {"buyer": {"phone": "٠٥٥ ١٢٣ ٤٥٦٨"}, "note": None})
    assert answer.status_code == 200
    assert answer.json["phone"] == "+966551234568"
    assert answer.json["flags"] == []
    assert answer.json["next_contact"]["channel"] == "whatsapp"
    assert answer.json["version"] == taken["version"] + 1


def test_a_patch_that_changes_nothing_is_no_event(api):
    taken = api.send()
    answer = api.patch(taken["id"], {"total": "199.00", "store": "default"})
    assert (answer.status_code, answer.json["version"]) == (200, taken["version"])


@pytest.mark.parametrize(
    ("patch", "found"),
    [
        ({"total": None}, {("/total", "required")}),
        ({"items": []}, {("/items", "no_items")}),
        ({"buyer": None}, {("/buyer", "required")}),
        ({"buyer": {"phone": 5}}, {("/buyer/phone", "text_expected")}),
        (
            {"address": {"country": "ZZ"}, "currency": "?"},
            {("/address/country", "unknown_country"), ("/currency", "unknown_currency")},
        ),
        ({"external_id": "2"}, {("/external_id", "immutable")}),
        ({"store": "web"}, {("/store", "immutable")}),
        ([], {("", "object_expected")}),
        ("x", {("", "object_expected")}),
    ],
)
def test_a_broken_patch_changes_nothing(api, patch, found):
    taken = api.send()
    answer = api.patch(taken["id"], patch)
    assert answer.status_code == 422
    assert pointers(answer) == found
    assert api.get(f"/orders/{taken['id']}").json == taken


def test_after_shipping_it_is_too_late_to_correct_or_withdraw(api):
    taken = api.send()
    assert api.post(f"/orders/{taken['id']}/shipment", {"status": "shipped"}).status_code == 200
    for answer in (
        api.patch(taken["id"], {"note": "x"}),
        api.post(f"/orders/{taken['id']}/withdraw", {"reason": "x"}),
    ):
        assert (answer.status_code, answer.json["code"]) == (409, "order_shipped")


@pytest.mark.parametrize("body", [None, {}, {"reason": "out of stock"}, {"reason": None, "other": 1}])
def test_withdrawing_ends_the_order_once(api, body):
    taken = api.send()
    answer = api.post(f"/orders/{taken['id']}/withdraw", body)
    assert answer.status_code == 200
    assert answer.json["state"] == "withdrawn"
    assert answer.json["next_contact"] is None
    again = api.post(f"/orders/{taken['id']}/withdraw", body)
    assert (again.status_code, again.json) == (200, answer.json)
    assert again.headers["Idempotent-Replayed"] == "true"


def test_a_decision_is_disputed(api):
    open_one, decided = api.send("1"), api.send("2", payment_method="visa")
    answer = api.post(f"/orders/{open_one['id']}/dispute", {"reason": "?"})
    assert (answer.status_code, answer.json["code"]) == (409, "order_not_decided")
    answer = api.post(f"/orders/{decided['id']}/dispute", {"reason": "the buyer says otherwise"})
    assert answer.status_code == 200
    assert answer.json["next_contact"]["channel"] == "agent_call"
    assert answer.json["decision"] == decided["decision"]


def test_shipments_are_kept_once(api):
    taken = api.send()
    path = f"/orders/{taken['id']}/shipment"
    report = {
        "status": "delivered",
        "at": "2026-11-22T11:00:00",
        "carrier": "SMSA",
        "tracking": "7",
        "reason": None,
    }
    answer = api.post(path, report)
    assert answer.status_code == 200
    assert answer.json["shipment"] == {**report, "status_raw": "delivered", "at": "2026-11-22T08:00:00Z"}
    again = api.post(path, report)
    assert (again.status_code, again.json) == (200, answer.json)
    assert again.headers["Idempotent-Replayed"] == "true"


def test_an_unknown_shipment_status_is_kept(api):
    answer = api.post(f"/orders/{api.send()['id']}/shipment", {"status": "عند المندوب"})
    assert answer.status_code == 200
    assert answer.json["shipment"]["status"] == "unknown"
    assert answer.json["shipment"]["status_raw"] == "عند المندوب"
    assert answer.json["state"] == "queued"


@pytest.mark.parametrize(
    ("path", "body", "found"),
    [
        ("shipment", {}, {("/status", "required")}),
        ("shipment", None, {("/status", "required")}),
        ("shipment", {"status": 7, "at": "soon"}, {("/status", "text_expected"), ("/at", "not_a_time")}),
        ("shipment", {"status": "a\0b"}, {("/status", "text_has_nul")}),
        ("shipment", {"status": "x" * 2001}, {("/status", "text_too_long")}),
        ("withdraw", {"reason": []}, {("/reason", "text_expected")}),
        ("withdraw", [], {("", "object_expected")}),
        ("dispute", {"reason": 5}, {("/reason", "text_expected")}),
    ],
)
def test_broken_reports_are_pointed_at(api, path, body, found):
    taken = api.send(payment_method="visa")
    answer = api.post(f"/orders/{taken['id']}/{path}", body)
    assert answer.status_code == 422
    assert pointers(answer) == found


def everything_about(order_id):
    yield "GET", f"/orders/{order_id}", None
    yield "GET", f"/orders/{order_id}/diary", None
    yield "PATCH", f"/orders/{order_id}", {"note": "x"}
    yield "POST", f"/orders/{order_id}/withdraw", {}
    yield "POST", f"/orders/{order_id}/dispute", {}
    yield "POST", f"/orders/{order_id}/shipment", {"status": "shipped"}


def test_another_sellers_order_is_not_found(api, other):
    theirs = other.send()
    for method, path, body in everything_about(theirs["id"]):
        assert api(method, path, body).status_code == 404
    assert other.get(f"/orders/{theirs['id']}").json == theirs


@pytest.mark.parametrize(
    "name", ["1047", "%00", "%F0%9F%98%80", "..", "'", "0" * 32, "01a20202-5c1e-7ef1-8e29"]
)
def test_what_is_no_id_is_not_found(api, name):
    for method, path, body in everything_about(name):
        assert api(method, path, body).status_code == 404
    assert api.get(f"/buyers/{name}").status_code == 404


def test_an_order_corrected_may_be_sent_again_as_it_is_now(api):
    taken = api.send()
    api.patch(taken["id"], {"note": "new"})
    for sent in (order(), order(note="new")):
        assert api.post("/orders", sent).status_code == 200
