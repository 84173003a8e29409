import pytest
from sqlalchemy import select

from models.sellers import ApiKey
from verification.accounts.api_keys import issue_key, revoke_key


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "Bearer",
        "Bearer ",
        "Bearer tk_",
        "Bearer tk_0123456789ab_0123456789abcdef0123456789abcdef",
        "Bearer \x00",
        "Bearer تأكيد".encode().decode("latin-1"),
        "Basic dGs6dGs=",
        "Token tk_1_2",
        "Bearer " + "x" * 5_000,
    ],
)
def test_without_a_key_there_is_nothing(app, api, header):
    headers = {} if header is None else {"Authorization": header}
    for method, path in (
        ("GET", "/orders"),
        ("POST", "/orders"),
        ("GET", "/buyers/1"),
        ("PATCH", "/orders/1"),
    ):
        answer = app.test_client().open(f"/api/v1{path}", method=method, headers=headers, data=b"{")
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
        assert answer.content_type == "application/problem+json"
        assert answer.json["code"] == "unauthorized"


def test_a_wrong_secret_opens_nothing(api):
    api.key = api.key[:-1] + ("x" if api.key[-1] != "x" else "y")
    assert api.get("/orders").status_code == 401


def test_the_scheme_is_read_in_any_case(app, api):
    headers = {"Authorization": f"bearer  {api.key}"}
    assert app.test_client().get("/api/v1/orders", headers=headers).status_code == 200


def test_a_revoked_key_opens_nothing_and_the_new_one_all(api, work, clock):
    with work() as session:
        old = session.scalars(select(ApiKey)).one()
        new = issue_key(session, old.seller_id, now=clock.now)
        revoke_key(session, old.seller_id, old.id, now=clock.now)
    assert api.get("/orders").status_code == 401
    api.key = new
    assert api.get("/orders").status_code == 200


@pytest.mark.parametrize("path", ["/api/v1/nothing", "/api/v2/orders", "/api/", "/api/v1/orders/"])
def test_unknown_addresses_are_problems_too(app, path):
    answer = app.test_client().get(path)
    assert (answer.status_code, answer.json["code"]) == (404, "not_found")


def test_a_wrong_method_is_told_the_right_ones(app):
    answer = app.test_client().delete("/api/v1/orders")
    assert (answer.status_code, answer.json["code"]) == (405, "method_not_allowed")
    assert {"GET", "POST"} <= set(answer.headers["Allow"].split(", "))
