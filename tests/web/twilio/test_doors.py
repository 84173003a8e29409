"""Who may come through Twilio's doors, and with what."""

import json
from base64 import b64encode
from hashlib import sha256

import pytest
from sqlalchemy import func, select
from twilio.request_validator import RequestValidator

from models.inbound import InboundEvent
from models.senders import Alarm
from models.unit_of_work import unit_of_work
from tests.web.twilio.asking import asked, inbound, status
from tests.web.twilio.conftest import ACCOUNT, SHARED_KEY
from web.access import Access, access_of

PARTS = b"--x\r\nContent-Disposition: form-data; name=A\r\n\r\n1\r\n--x--"
PATHS = ["/messages/status", "/messages/inbound", "/voice/status"]


@pytest.fixture
def engine(app):
    return app.extensions["takeed"].engine


def count_of_events(engine) -> int:
    with unit_of_work(engine) as session:
        return session.scalar(select(func.count()).select_from(InboundEvent))


def is_problem(answer, status: int) -> bool:
    assert answer.content_type == "application/problem+json", answer.text
    return answer.status_code == answer.json["status"] == status


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    "how",
    [
        {"signature": ""},
        {"signature": "forged"},
        {"signature": b64encode(b"\0" * 20).decode()},
        {"signature": "ÿ"},
        {"shared_key": "unknown"},
        {"X_Twilio_Webhooks_Signature_Settings": f"key={SHARED_KEY},algorithm=HMAC_SHA256"},
        {"X_Twilio_Webhooks_Signature_Settings": "algorithm=HMAC_MD5"},
    ],
)
def test_what_our_account_did_not_sign_is_refused_and_leaves_nothing(twilio, engine, path, how) -> None:
    assert is_problem(twilio.post(path, inbound("نعم"), **how), 403)
    assert count_of_events(engine) == 0


def test_what_is_refused_is_counted_for_the_operator(twilio, engine, clock) -> None:
    for _ in range(3):
        clock.forward(minutes=1)
        twilio.post("/messages/inbound", inbound("نعم"), signature="forged")
    with unit_of_work(engine) as session:
        alarm = session.scalars(select(Alarm)).one()
    assert (alarm.code, alarm.subject, alarm.count, alarm.params) == ("unsigned", "/messages/inbound", 3, {})
    assert alarm.last_at == clock.now


@pytest.mark.parametrize("path", PATHS)
def test_what_another_account_sent_is_refused(twilio, engine, path) -> None:
    form = inbound("نعم") | {"AccountSid": "AC" + "1" * 32}
    assert is_problem(twilio.post(path, form), 403)
    assert count_of_events(engine) == 0


def test_a_shared_key_opens_too(twilio, engine) -> None:
    assert twilio.post("/messages/inbound", inbound("نعم"), shared_key=SHARED_KEY).status_code == 200
    assert count_of_events(engine) == 1


@pytest.mark.parametrize("path", PATHS)
def test_without_an_account_there_is_no_such_door(app, path) -> None:
    assert is_problem(app.test_client().post(f"/channels/twilio{path}", data=inbound("نعم")), 404)


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_only_posts_are_taken(twilio, app, path, method) -> None:
    answer = app.test_client().open(f"/channels/twilio{path}", method=method)
    assert answer.status_code == 405
    assert answer.headers["Allow"] == "POST"


def send(app, path: str, body: bytes, kind: str, *, query: str = "", signed_as: str | None = None):
    address = f"/channels/twilio{path}{query}"
    signature = RequestValidator(ACCOUNT.token).compute_signature(ACCOUNT.public_url + address, {})
    headers = {"X-Twilio-Signature": signature if signed_as is None else signed_as}
    return app.test_client().post(address, data=body, content_type=kind, headers=headers)


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (json.dumps({"MessageSid": "SM" + "0" * 32}).encode(), "application/json"),
        (b"\xff\xfe{", "application/json"),
        (b"MessageSid=1", "text/plain"),
        (
            b"--x\r\nContent-Disposition: form-data; name=A\r\n\r\n1\r\n--x--",
            "multipart/form-data; boundary=x",
        ),
        (b"", ""),
    ],
)
def test_another_kind_of_body_is_refused_unless_its_hash_is_signed(
    twilio, engine, app, path, body, kind
) -> None:
    assert is_problem(send(app, path, body, kind), 403)
    assert count_of_events(engine) == 0
    text = body.decode("utf-8", "replace")
    answer = send(app, path, body, kind, query=f"?bodySHA256={sha256(text.encode()).hexdigest()}")
    assert answer.status_code in (200, 204)
    assert count_of_events(engine) == 1


@pytest.mark.parametrize("body", [b"%", b"&&&==", b"A=%ff%00", b"\xff\xfe", b"a=1&" * 10_000])
def test_broken_forms_are_refused(twilio, engine, app, body) -> None:
    for path in PATHS:
        assert is_problem(send(app, path, body, "application/x-www-form-urlencoded", signed_as="x"), 403)
    assert count_of_events(engine) == 0


def test_a_body_without_end_is_refused(twilio, engine, app) -> None:
    form = inbound("ن" * 70_000)
    assert is_problem(twilio.post("/messages/inbound", form), 413)
    assert count_of_events(engine) == 0


@pytest.mark.parametrize(
    "query", ["?ref=%", "?ref=%00", "?ref=%ff%fe", "?[", "?ref=a&ref=b", "?a=1;b=2", "?#"]
)
def test_whatever_stands_in_the_address_is_never_our_error(twilio, app, query) -> None:
    for path in PATHS:
        kind = "application/x-www-form-urlencoded"
        assert send(app, path, b"", kind, query=query).status_code in (200, 204, 403)


def test_fields_that_come_twice_are_part_of_what_is_signed(twilio, engine, now) -> None:
    _, attempt = asked(engine, now)
    form = [*status(attempt, "delivered").items(), ("Extra", "1"), ("Extra", "2"), ("Empty", "")]
    assert twilio.post("/messages/status", form, query={"ref": attempt.reference}).status_code == 204


def test_every_door_says_that_a_provider_opens_it(app) -> None:
    doors = {path: access for path, _, access in access_of(app) if path.startswith("/channels/twilio/")}
    assert {doors[f"/channels/twilio{path}"] for path in PATHS} == {Access.provider}
