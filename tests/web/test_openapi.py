import re

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from tests.orders import PAYLOAD
from web.problems import PROBLEMS
from web.routes import ROUTES


@pytest.fixture
def contract(app):
    return app.test_client().get("/api/openapi.json").json


def test_the_contract_is_valid(contract):
    validate(contract)
    assert contract["openapi"].startswith("3.1")


def test_every_address_of_the_api_is_in_the_contract_and_no_other(app, contract):
    served = {
        (re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule), method)
        for rule in app.url_map.iter_rules()
        for method in rule.methods - {"HEAD", "OPTIONS"}
        if rule.rule.startswith("/api/v1/")
    }
    described = {(path, method.upper()) for path, methods in contract["paths"].items() for method in methods}
    assert described == served
    assert len(served) == len(ROUTES)


def test_every_operation_tells_what_can_go_wrong(contract):
    for methods in contract["paths"].values():
        for method, operation in methods.items():
            assert operation["summary"]
            assert {"401", "429", "500", "503"} <= set(operation["responses"])
            if method != "get":
                assert {"400", "409", "413", "422"} <= set(operation["responses"])
            if "{" in str(operation["parameters"]):
                assert "404" in operation["responses"] or "order_id" not in str(operation)


def test_every_problem_is_somewhere_in_the_contract(contract):
    assert [code for code in PROBLEMS if f"`{code}`" not in str(contract)] == []


def validator(contract, name):
    return Draft202012Validator({**contract, "$ref": f"#/components/schemas/{name}"})


def test_the_contract_takes_an_order_as_we_do(contract):
    check = validator(contract, "OrderIn")
    assert check.is_valid(PAYLOAD)
    for broken in ({**PAYLOAD, "items": []}, {**PAYLOAD, "total": 5}, {**PAYLOAD, "buyer": {}}, {}):
        assert not check.is_valid(broken)
    patch = validator(contract, "OrderInPatch")
    assert patch.is_valid({"buyer": {"phone": "1"}})
    assert patch.is_valid({})
    assert not patch.is_valid({"total": 5})
    assert not patch.is_valid({"items": [{"sku": "x"}]})


def test_what_we_answer_is_in_the_contract(api, contract):
    taken = api.send(payment_method="visa")
    order = validator(contract, "OrderOut")
    order.validate(taken)
    order.validate(api.post(f"/orders/{taken['id']}/shipment", {"status": "lost"}).json)
    validator(contract, "BatchOut").validate(api.post("/orders/batch", {"orders": [PAYLOAD, {}]}).json)
    validator(contract, "BuyerOut").validate(api.get(f"/buyers/{taken['buyer']['id']}").json)
    validator(contract, "DiaryOut").validate(api.get(f"/orders/{taken['id']}/diary").json)
    validator(contract, "PageOut").validate(api.get("/orders").json)
    validator(contract, "ProblemOut").validate(api.post("/orders", {}).json)
