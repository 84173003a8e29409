import http.client
import threading
import time
from collections.abc import Callable
from urllib.parse import urlsplit

import httpx
import pytest
from flask import Flask, request
from twilio.request_validator import RequestValidator

from scripts.twilio_double.script import Behaves, Script
from scripts.twilio_double.serving import Double, through

from .conftest import PUBLIC, SID, TOKEN, Clock, client_of

Starts = Callable[..., Double]
PHONE = "+966551234567"
SENDER = "+14155550100"
STATUS = f"{PUBLIC}/channels/twilio/messages/status?ref=tk-1"
MESSAGES = f"/2010-04-01/Accounts/{SID}/Messages.json"


def test_callbacks_go_through_a_test_client(start: Starts, clock: Clock) -> None:
    app = Flask(__name__)
    believed: list[bool] = []

    @app.post("/channels/twilio/messages/status")
    def status() -> tuple[str, int]:
        url = PUBLIC + request.full_path
        signature = request.headers["X-Twilio-Signature"]
        believed.append(RequestValidator(TOKEN).validate(url, request.form, signature))
        return "", 204

    double = start(Script(Behaves(forged=True)))
    client_of(double).messages.create(to=PHONE, from_=SENDER, body="x", status_callback=STATUS)
    delivered = double.deliver(clock.on(minutes=1), through(app.test_client()))
    assert [status for _, status in delivered] == [204] * 4
    assert believed == [False, True, False, True]


def test_a_slow_answer_comes_all_the_same(start: Starts) -> None:
    double = start(Script(Behaves(api="slow", wait=0.2)))
    began = time.monotonic()
    assert client_of(double).messages.create(to=PHONE, from_=SENDER, body="x").status == "queued"
    assert time.monotonic() - began >= 0.2


def test_every_answer_takes_the_delay(start: Starts) -> None:
    double = start(delay=0.1)
    began = time.monotonic()
    client_of(double).balance.fetch()
    assert time.monotonic() - began >= 0.1


def test_many_threads_on_kept_connections(start: Starts) -> None:
    double = start()
    form = {"To": PHONE, "From": SENDER, "Body": "x"}

    def send() -> None:
        with httpx.Client(base_url=double.base, auth=(SID, TOKEN)) as client:
            for _ in range(50):
                assert client.post(MESSAGES, data=form).status_code == 201

    threads = [threading.Thread(target=send) for _ in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len({each.sid for each in double.messages}) == 400
    assert len(double.requests) == 400
    assert double.violations == []


def test_requests_are_remembered(start: Starts) -> None:
    double = start()
    client_of(double).messages.create(to=PHONE, from_=SENDER, body="x")
    client_of(double).messages.list(to=PHONE)
    posted, listed = double.requests
    assert (posted.method, posted.path, dict(posted.form)["To"]) == ("POST", MESSAGES, PHONE)
    assert (listed.method, dict(listed.query)["To"]) == ("GET", PHONE)
    assert posted.seen <= listed.seen


def test_nothing_happens_before_it_is_due(start: Starts, clock: Clock) -> None:
    double = start()
    client_of(double).messages.create(to=PHONE, from_=SENDER, body="x", status_callback=STATUS)
    assert double.due(clock.now) == []
    assert len(double.due(clock.on(seconds=1))) == 1
    assert double.due(clock.now) == []


def test_a_door_that_is_closed_lets_go_of_whoever_hangs() -> None:
    clock = Clock()
    double = Double(SID, TOKEN, script=Script(Behaves(api="hang")), clock=clock)
    heard: list[type[Exception]] = []

    def send() -> None:
        try:
            httpx.post(
                double.base + MESSAGES,
                auth=(SID, TOKEN),
                data={"To": PHONE, "From": SENDER, "Body": "x"},
                timeout=20,
            )
        except httpx.HTTPError as error:
            heard.append(type(error))

    thread = threading.Thread(target=send)
    thread.start()
    while not double.messages:
        time.sleep(0.01)
    double.close()
    thread.join(5)
    assert len(heard) == 1


@pytest.mark.parametrize("length", ["abc", "-5"])
def test_a_length_that_is_none_is_refused(start: Starts, length: str) -> None:
    connection = http.client.HTTPConnection(urlsplit(start().base).netloc, timeout=5)
    connection.request("POST", MESSAGES, headers={"Content-Length": length})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    assert answer.status == 400


def ids_of(double: Double, clock: Clock) -> set[str]:
    sent = client_of(double).messages.create(to=PHONE, from_=SENDER, body="x", status_callback=STATUS)
    tokens = {each.headers["I-Twilio-Idempotency-Token"] for each in double.due(clock.on(minutes=1))}
    assert len(tokens) == 2
    return {str(sent.sid), *tokens}


def test_no_id_comes_again_after_a_new_start_but_for_the_same_salt(start: Starts, clock: Clock) -> None:
    assert not ids_of(start(), clock) & ids_of(start(), clock)
    assert ids_of(start(salt="1"), clock) == ids_of(start(salt="1"), clock)
