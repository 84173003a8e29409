"""What is certain, and what is doubt, after each way in which a request can fail."""

import json
import socket
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from channels.protocol import From, Meaning, Refused, Uncertain, Wording
from channels.twilio.account import Account
from channels.twilio.client import client_of
from channels.twilio.sms import TwilioSms
from channels.twilio.whatsapp import TwilioWhatsApp
from models.vocabulary import Channel
from tests.channels.contract import contact_with
from tests.channels.twilio.conftest import SID, Wire

PHONE = "+966550000001"
CONTACT = contact_with(PHONE, Channel.sms, sender=From("TAKEED"), wording=Wording("أهلا"))


def told(status: int, code: int | None, **headers: str) -> tuple[int, dict[str, str], bytes]:
    body = {"message": f"The 'To' number {PHONE} is odd", "status": status} | ({"code": code} if code else {})
    return status, headers, json.dumps(body).encode()


def taken(**changes: Any) -> tuple[int, dict[str, str], bytes]:
    body = {"sid": "SM" + "1" * 32, "status": "queued", "price": None, "from": "TAKEED"} | changes
    return 201, {}, json.dumps(body).encode()


def refusal(wire: Wire) -> Refused:
    with pytest.raises(Refused) as refused:
        TwilioSms(wire.account).send(CONTACT)
    return refused.value


def test_requests_go_to_the_server_in_twilios_place_with_our_credentials(wire: Wire) -> None:
    wire.answer = lambda asked: taken()
    sent = TwilioSms(wire.account).send(CONTACT)
    assert sent.provider_id == "SM" + "1" * 32
    (asked,) = wire.asked
    assert asked.path == f"/2010-04-01/Accounts/{SID}/Messages.json"
    assert asked.headers["Authorization"].startswith("Basic ")
    assert asked.headers["Content-Type"] == "application/x-www-form-urlencoded"


def test_a_base_may_have_a_path_of_its_own(wire: Wire) -> None:
    wire.answer = lambda asked: taken()
    TwilioSms(replace(wire.account, api_base=f"{wire.base}/through")).send(CONTACT)
    assert wire.asked[0].path.startswith("/through/2010-04-01/")


def test_one_client_serves_all_channels_of_an_account(wire: Wire) -> None:
    assert client_of(wire.account) is client_of(replace(wire.account, webhook_keys={"a": "b"}))


def test_a_server_that_is_not_there_certainly_took_nothing() -> None:
    with socket.socket() as taken_port:
        taken_port.bind(("127.0.0.1", 0))
        base = f"http://127.0.0.1:{taken_port.getsockname()[1]}"
        with pytest.raises(Refused) as refused:
            TwilioSms(Account(SID, "token", "https://takeed.example", api_base=base)).send(CONTACT)
    assert refused.value.meaning is Meaning.provider_down


def test_a_name_that_nobody_knows_certainly_took_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(*_: object, **__: object) -> None:
        raise socket.gaierror("no such name")

    monkeypatch.setattr(socket, "getaddrinfo", nobody)
    with pytest.raises(Refused) as refused:
        TwilioSms(Account(SID, "token", "https://takeed.example")).send(CONTACT)
    assert refused.value.meaning is Meaning.provider_down


def test_an_account_whose_id_makes_no_address_certainly_took_nothing(wire: Wire) -> None:
    with pytest.raises(Refused) as refused:
        TwilioSms(replace(wire.account, sid="AC\n1")).send(CONTACT)
    assert refused.value.meaning is Meaning.provider_down
    assert wire.asked == []


@pytest.mark.parametrize(
    "answer",
    [
        "cut",
        "hang",
        told(500, 20500),
        told(503, None),
        (502, {}, b"<html>bad gateway</html>"),
        (408, {}, b""),
        (201, {}, b"<html>"),
        (201, {}, b"[]"),
        (201, {"Content-Encoding": "gzip"}, b"not zipped"),
        taken(sid=None),
    ],
)
def test_an_answer_that_does_not_say_leaves_doubt(wire: Wire, answer: Any) -> None:
    wire.answer = lambda asked: answer
    with pytest.raises(Uncertain):
        TwilioSms(wire.account).send(CONTACT)
    assert len(wire.asked) == 1


@pytest.mark.parametrize(
    ("answer", "code", "meaning"),
    [
        (told(400, 21610), "21610", Meaning.opted_out),
        (told(400, 99999), "99999", Meaning.undeliverable),
        (told(401, 20003), "20003", Meaning.provider_down),
        (told(403, None), "http_403", Meaning.our_fault),
        (told(404, 20404), "20404", Meaning.our_fault),
        ((404, {}, b"not here"), "http_404", Meaning.our_fault),
        ((302, {"Location": "https://elsewhere.example"}, b""), "http_302", Meaning.our_fault),
        (told(429, 20429), "20429", Meaning.slow_down),
        (told(429, 63038), "63038", Meaning.slow_down),
        (taken(status="failed", error_code=30007), "30007", Meaning.filtered),
    ],
)
def test_a_no_is_certain_and_means_something(wire: Wire, answer: Any, code: str, meaning: Meaning) -> None:
    wire.answer = lambda asked: answer
    no = refusal(wire)
    assert (no.code, no.meaning) == (code, meaning)


@pytest.mark.parametrize(
    ("told_after", "after"),
    [
        ("7", timedelta(seconds=7)),
        ("9" * 40, timedelta(days=1)),
        ("٧", None),
        ("soon", None),
        ("-1", None),
    ],
)
def test_too_much_tells_when_to_come_again(wire: Wire, told_after: str, after: timedelta | None) -> None:
    wire.answer = lambda asked: told(429, 20429, **{"Retry-After": told_after.encode().decode("latin-1")})
    assert refusal(wire).after == after


def test_no_refusal_carries_what_twilio_says_of_the_phone(wire: Wire) -> None:
    wire.answer = lambda asked: told(400, 21211)
    no = refusal(wire)
    assert PHONE not in f"{no} {no!r} {no.__cause__!r}"


def test_nothing_is_logged_of_what_is_sent(wire: Wire, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    wire.answer = lambda asked: (200, {}, b'{"messages": []}') if asked.method == "GET" else taken()
    channel = TwilioWhatsApp(wire.account)
    channel.send(CONTACT)
    channel.find(CONTACT, known=())
    assert not [line for line in caplog.messages if PHONE[1:] in line]
