from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from models.orders import Order
from models.sellers import Seller
from tests.orders import KEYS
from tests.web.conftest import order, pointers
from verification.accounts.stores import add_store


def test_an_order_is_taken_and_shown(api):
    answer = api.post("/orders", order())
    assert answer.status_code == 201
    assert answer.headers["Location"] == f"/api/v1/orders/{answer.json['id']}"
    assert "Idempotent-Replayed" not in answer.headers
    assert list(answer.json) == [
        *("id", "store", "external_id", "number", "version", "state", "flags", "phone", "alternate_phones"),
        *("buyer", "next_contact", "decision", "shipment", "placed_at", "created_at", "ship_by"),
        *("currency", "total", "items", "address"),
    ]
    assert answer.json["store"] == "default"
    assert answer.json["state"] == "queued"
    assert answer.json["phone"] == "+966551234567"
    assert answer.json["total"] == "199.00"
    assert answer.json["next_contact"]["channel"] == "whatsapp"
    shown = api.get(f"/orders/{answer.json['id']}")
    assert (shown.status_code, shown.json) == (200, answer.json)


def test_the_same_order_again_is_the_same_order(api):
    first = api.send()
    again = api.post("/orders", {**order(), "unknown": 1, "placed_at": "2026-11-22T11:30:00+03:00"})
    assert again.status_code == 200
    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.json["id"] == first["id"]


def test_the_same_order_sent_by_many_at_once_is_one_order(api, work):
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: api.post("/orders", order()), range(12)))
    assert sorted(answer.status_code for answer in answers) == [200] * 11 + [201]
    assert len({answer.json["id"] for answer in answers}) == 1
    with work() as session:
        assert session.scalar(select(func.count()).select_from(Order)) == 1


def test_orders_of_one_new_buyer_sent_at_once_have_one_buyer(api):
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda each: api.post("/orders", order(f"n{each}")), range(12)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json["buyer"]["id"] for answer in answers}) == 1


def test_other_content_under_a_known_id_conflicts(api):
    first = api.send()
    answer = api.post("/orders", order(total="200.00"))
    assert (answer.status_code, answer.json["code"]) == (409, "order_conflict")
    assert api.get(f"/orders/{first['id']}").json["total"] == "199.00"


def test_stores_are_named_and_apart(api, work, now):
    with work() as session:
        add_store(session, session.scalars(select(Seller)).one(), "web", keys=KEYS, now=now, country="AE")
    ours = api.send(store="web", placed_at="2026-11-22T12:00:00")
    assert ours["store"] == "web"
    assert ours["placed_at"] == "2026-11-22T08:00:00Z"
    assert api.send()["id"] != ours["id"]


@pytest.mark.parametrize("name", ["nowhere", "DEFAULT", "default/../x", "’; drop table orders"])
def test_an_unknown_store_is_pointed_at(api, name):
    answer = api.post("/orders", order(store=name))
    assert answer.status_code == 422
    assert pointers(answer) == {("/store", "unknown_store")}


def test_another_sellers_store_is_unknown(api, other, work, now):
    with work() as session:
        seller = session.scalars(select(Seller).where(Seller.slug == "other-shop")).one()
        add_store(session, seller, "web", keys=KEYS, now=now)
    assert pointers(api.post("/orders", order(store="web"))) == {("/store", "unknown_store")}


def test_a_time_without_offset_is_the_stores(api):
    assert api.send(placed_at="2026-11-20T21:14:09")["placed_at"] == "2026-11-20T18:14:09Z"


@pytest.mark.parametrize("phone", ["", "  ", "غير معروف", "123", "+1 202 555 0123"])
def test_a_phone_that_cannot_be_dialled_loses_no_order(api, phone):
    taken = api.send(buyer={"phone": phone})
    assert taken["next_contact"]["channel"] == "agent_call"
    assert taken["flags"]


def test_a_country_that_is_not_served_is_flagged(api):
    assert "out_of_area" in {flag["code"] for flag in api.send(address={"country": "TR"})["flags"]}


def test_a_paid_order_is_released(api):
    taken = api.send(payment_method="visa")
    assert taken["state"] == "waived"
    assert taken["decision"]["reason"] == "not_cod"


def test_words_are_the_readers(api):
    answer = api.post(
        "/orders", order(address={"city": None, "short_address": None}), language="ar-SA,en;q=0.5"
    )
    [flag] = [flag for flag in answer.json["flags"] if flag["code"] == "address_incomplete"]
    assert "ا" in flag["text"]
    [flag] = api.get(f"/orders/{answer.json['id']}").json["flags"]
    assert flag["text"].startswith("The address lacks")


def test_a_batch_is_answered_one_by_one_in_order(api):
    api.send("1")
    answer = api.post(
        "/orders/batch",
        {"orders": [order("2"), order("3", currency="XXX"), order("1"), 7, order("1", total="1")]},
    )
    assert answer.status_code == 200
    results = answer.json["results"]
    assert [result["status"] for result in results] == [201, 422, 200, 422, 409]
    assert results[0]["order"]["external_id"] == "2"
    assert [each["code"] for each in results[1]["problem"]["errors"]] == ["unknown_currency"]
    assert results[4]["problem"]["code"] == "order_conflict"
    assert {each["external_id"] for each in api.get("/orders").json["orders"]} == {"1", "2"}


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ([], {("", "object_expected")}),
        ("orders", {("", "object_expected")}),
        ({}, {("/orders", "required")}),
        ({"orders": None}, {("/orders", "required")}),
        ({"orders": {}}, {("/orders", "list_expected")}),
        ({"orders": [{}] * 501}, {("/orders", "too_many_orders")}),
    ],
)
def test_what_is_no_batch_is_refused(api, body, found):
    answer = api.post("/orders/batch", body)
    assert answer.status_code == 422
    assert pointers(answer) == found


def test_a_batch_may_have_five_hundred_orders(api):
    answer = api.post("/orders/batch", {"orders": [{}] * 499 + [order()]})
    assert [each["status"] for each in answer.json["results"]] == [422] * 499 + [201]
    assert api.post("/orders/batch", {"orders": []}).json == {"results": []}


def test_a_batch_may_have_eight_mebibytes(api):
    full = order(note="ا" * 1_900)
    body = {"orders": [full | {"external_id": str(each), "total": "1.005"} for each in range(500)]}
    assert api.post("/orders/batch", body).status_code == 200
    assert api.post("/orders/batch", raw=b" " * (8 * 1024 * 1024) + b"{}").status_code == 413
