import base64
import http.client
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest

from scripts.twilio_double.serving import Double

from .conftest import SID, TOKEN

Starts = Callable[..., Double]
MESSAGES = f"/2010-04-01/Accounts/{SID}/Messages.json"
CALLS = f"/2010-04-01/Accounts/{SID}/Calls.json"
FORM = "application/x-www-form-urlencoded"
GOOD = {"To": "+966551234567", "From": "+14155550100", "Body": "x"}
CALL = {"To": "+966551234567", "From": "+14155550100", "Url": "https://shop.example/answer"}


def ask(
    double: Double, method: str, path: str, body: str | None = None, encoding: str = FORM
) -> tuple[int, Any]:
    connection = http.client.HTTPConnection(urlsplit(double.base).netloc, timeout=5)
    token = base64.b64encode(f"{SID}:{TOKEN}".encode()).decode()
    headers = {"Authorization": f"Basic {token}"} | ({"Content-Type": encoding} if body is not None else {})
    connection.request(method, path, body, headers)
    answer = connection.getresponse()
    text = answer.read()
    connection.close()
    return answer.status, json.loads(text) if text else None


@pytest.mark.parametrize(
    ("path", "fields", "word"),
    [
        (MESSAGES, {"To": ""}, "To is required"),
        (MESSAGES, {"to": "+966551234567"}, "to is not a field of this operation"),
        (MESSAGES, {"ValidityPeriod": "36001"}, "ValidityPeriod is not from 1 to 36000"),
        (MESSAGES, {"ValidityPeriod": "0"}, "ValidityPeriod is not from"),
        (MESSAGES, {"ValidityPeriod": "1.5"}, "ValidityPeriod is not a whole number"),
        (MESSAGES, {"ContentSid": "HX1"}, "ContentSid does not fit"),
        (MESSAGES, {"MessagingServiceSid": "AC" + "0" * 32}, "MessagingServiceSid does not fit"),
        (MESSAGES, {"StatusCallback": "/status"}, "StatusCallback is not an absolute address"),
        (MESSAGES, {"StatusCallback": "http://[bad"}, "StatusCallback is not an absolute address"),
        (MESSAGES, {"ContentRetention": "forget"}, "ContentRetention is not one of retain, discard"),
        (MESSAGES, {"SmartEncoded": "yes"}, "SmartEncoded is neither true nor false"),
        (MESSAGES, {"Body": "x" * 1601}, "Body is longer than 1600 characters"),
        (CALLS, {"StatusCallbackEvent": "answered completed"}, "StatusCallbackEvent is not one of"),
        (CALLS, {"Byoc": "trunk"}, "Byoc does not fit"),
        (CALLS, {"Method": "PUT"}, "Method is not one of GET, POST"),
        (CALLS, {"MachineDetection": "yes"}, "MachineDetection is not one of"),
        (CALLS, {"Timeout": "soon"}, "Timeout is not a whole number"),
    ],
)
def test_what_goes_against_the_description_is_refused_and_noted(
    start: Starts, path: str, fields: dict[str, str], word: str
) -> None:
    double = start()
    body = urlencode((GOOD if path == MESSAGES else CALL) | fields)
    status, answer = ask(double, "POST", path, body)
    assert (status, answer["code"], answer["status"]) == (400, 20001, 400)
    assert word in answer["message"]
    assert any(word in each for each in double.violations)
    assert double.messages == []
    assert double.calls == []


def test_a_field_that_comes_once_stands_there_once(start: Starts) -> None:
    status, answer = ask(start(), "POST", MESSAGES, urlencode([*GOOD.items(), ("To", "+966500000000")]))
    assert status == 400
    assert "To stands there more than once" in answer["message"]


def test_several_events_are_several_fields(start: Starts) -> None:
    double = start()
    pairs = [*CALL.items(), ("StatusCallbackEvent", "ringing"), ("StatusCallbackEvent", "completed")]
    assert ask(double, "POST", CALLS, urlencode(pairs))[0] == 201
    assert double.violations == []


def test_another_encoding_is_refused(start: Starts) -> None:
    double = start()
    assert ask(double, "POST", MESSAGES, json.dumps(GOOD), "application/json")[0] == 415
    assert ask(double, "POST", "/v1/Content", "language=ar")[0] == 415
    assert len(double.violations) == 2


@pytest.mark.parametrize(
    ("body", "word"),
    [
        ({"types": {"twilio/text": {"body": "x"}}}, "language is required"),
        ({"language": "ar"}, "types is required"),
        ({"language": "ar", "types": {"twilio/text": {}}}, "types.twilio/text.body is required"),
        ({"language": "ar", "types": {"twilio/buttons": {}}}, "types.twilio/buttons is not a field"),
        (
            {"language": "ar", "types": {"twilio/text": {"body": "x"}}, "variables": {"1": 2}},
            "variables.1 is not text",
        ),
        (
            {
                "language": "ar",
                "types": {"twilio/quick-reply": {"body": "x", "actions": [{"id": "confirm"}]}},
            },
            "actions.0.title is required",
        ),
        ({"language": "ar", "types": []}, "types is not an object"),
    ],
)
def test_templates_are_held_against_the_description(start: Starts, body: dict[str, Any], word: str) -> None:
    double = start()
    status, answer = ask(double, "POST", "/v1/Content", json.dumps(body), "application/json")
    assert status == 400
    assert word in answer["message"]
    assert double.violations
    assert double.contents == []


@pytest.mark.parametrize(
    "types",
    [
        {},
        {"twilio/media": {"body": 7}},
        {"twilio/quick-reply": {"body": "x", "actions": [{"title": "t" * 21}]}},
        {"twilio/quick-reply": {"body": "x", "actions": [{"title": "t"}] * 11}},
    ],
)
def test_templates_beyond_twilio_s_limits_are_refused(start: Starts, types: dict[str, Any]) -> None:
    double = start()
    body = json.dumps({"language": "ar", "types": types})
    assert ask(double, "POST", "/v1/Content", body, "application/json")[0] == 400
    assert double.contents == []


@pytest.mark.parametrize("body", ["", "[]", "{", "null", '{"language": "\\ud800"}'])
def test_bad_json_is_refused(start: Starts, body: str) -> None:
    status, answer = ask(start(), "POST", "/v1/Content", body, "application/json")
    assert (status // 100, answer["code"]) == (4, 20001)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (f"/2010-04-01/Accounts/{SID}/Messages/SM1.json", 400),
        (f"/2010-04-01/Accounts/{SID}/Messages/SM{'0' * 32}.json", 404),
        (f"/2010-04-01/Accounts/AC{'0' * 32}/Messages.json", 404),
        (f"/2010-04-01/Accounts/{SID}/Nothing.json", 404),
        (f"{MESSAGES}?PageSize=1001", 400),
        (f"{MESSAGES}?DateSent%3E=yesterday", 400),
        (f"{MESSAGES}?SentAt=2026-11-22", 400),
        (f"{MESSAGES}?DateSent%3E=2026-11-22T00%3A00%3A00Z&PageSize=20", 200),
        (f"{CALLS}?StartTime%3E=2026-11-22&Status=busy", 200),
    ],
)
def test_addresses_and_filters(start: Starts, path: str, status: int) -> None:
    assert ask(start(), "GET", path)[0] == status


def test_refusals_of_twilio_s_own_that_are_no_violations(start: Starts) -> None:
    double = start()
    cases: list[tuple[str, dict[str, str], int]] = [
        (MESSAGES, {"To": "+966551234567", "Body": "x"}, 21212),
        (MESSAGES, GOOD | {"To": "0551234567"}, 21211),
        (MESSAGES, GOOD | {"Body": ""}, 21619),
        (MESSAGES, GOOD | {"To": "whatsapp:+966551234567"}, 63007),
        (MESSAGES, GOOD | {"From": "whatsapp:+14155550100"}, 21606),
        (MESSAGES, GOOD | {"ContentVariables": "{"}, 21656),
        (MESSAGES, GOOD | {"ContentVariables": '{"1": 7}'}, 21656),
        (CALLS, CALL | {"Url": ""}, 20001),
        (CALLS, {"To": "+966551234567", "From": "+14155550100"}, 21205),
        (CALLS, CALL | {"To": "123"}, 21211),
        (CALLS, CALL | {"From": "Noor"}, 21212),
    ]
    for path, fields, code in cases:
        assert ask(double, "POST", path, urlencode(fields))[1]["code"] == code
    # An empty address is no address.
    assert double.violations == [
        "POST /2010-04-01/Accounts/{AccountSid}/Calls.json: Url is not an absolute address"
    ]
