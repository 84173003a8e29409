import http.client
import json
import time
from collections.abc import Callable, Iterator
from http.server import ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from scripts.demo_receiver import Ledger, serving
from storefronts.signing import new_secret, sign

SECRET = new_secret()
EVENT = {
    "type": "order.confirmed",
    "timestamp": "-",
    "data": {"id": "order-1", "version": 2, "phone": "+9665"},
}
Post = Callable[..., int]


def remember(data: Path) -> None:
    seller = {"id": "-", "slug": "noor", "webhook_secret": SECRET}
    (data / "demo.json").write_text(json.dumps({"sellers": [seller]}), encoding="utf-8")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ThreadingHTTPServer]:
    server = serving(Ledger(tmp_path), port=0)
    thread = Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def post(server: ThreadingHTTPServer) -> Post:
    def call(path: str = "/noor", event: Any = EVENT, *, id_: str = "msg_1", secret: str = SECRET) -> int:
        body = json.dumps(event).encode()
        return ask(server, "POST", path, body, signed(secret, id_, int(time.time()), body))[0]

    return call


def signed(secret: str, id_: str, timestamp: int, body: bytes) -> dict[str, str]:
    return {
        "webhook-id": id_,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": sign([secret], id_, timestamp, body),
    }


def ask(
    server: ThreadingHTTPServer,
    method: str,
    path: str,
    body: bytes = b"",
    headers: dict[str, str] | None = None,
) -> tuple[int, Any]:
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=10)
    try:
        connection.request(method, path, body, headers or {})
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())
    finally:
        connection.close()


def counts(server: ThreadingHTTPServer) -> Any:
    return ask(server, "GET", "/")[1]


def test_true_events_are_counted_once_each(tmp_path: Path, server: ThreadingHTTPServer, post: Post) -> None:
    remember(tmp_path)

    assert [post(), post(), post(id_="msg_2")] == [200, 200, 200]

    assert counts(server) == {"verified": 2, "refused": 0, "by_type": {"order.confirmed": 2}}


def test_forged_and_old_events_are_refused(tmp_path: Path, server: ThreadingHTTPServer, post: Post) -> None:
    remember(tmp_path)
    body = json.dumps(EVENT).encode()
    old = signed(SECRET, "msg_3", int(time.time()) - 3600, body)

    assert post(secret=new_secret()) == 401
    assert ask(server, "POST", "/noor", body, old)[0] == 401
    assert ask(server, "POST", "/noor", body)[0] == 401

    assert counts(server) == {"verified": 0, "refused": 3, "by_type": {}}


def test_until_the_demo_is_loaded_events_are_asked_to_come_again(post: Post, tmp_path: Path) -> None:
    assert post() == 503
    remember(tmp_path)
    assert post() == 200


def test_a_restart_forgets_no_event_and_keeps_no_personal_data(tmp_path: Path, post: Post) -> None:
    remember(tmp_path)
    post()

    assert Ledger(tmp_path).counts()["verified"] == 1
    assert "+9665" not in (tmp_path / "demo-events.jsonl").read_text(encoding="utf-8")
