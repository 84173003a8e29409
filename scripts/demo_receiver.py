"""The demo sellers' end: takes events, believes none unverified, and counts them.

`GET /` answers `{"verified": n, "refused": n, "by_type": {type: n}}`. Every verified event is a line of
`DIR/demo-events.jsonl`: its id, type, order and version, no personal data.
"""

import argparse
import json
import time
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Lock
from typing import Any

from storefronts.signing import SignatureRefused, verify

_LARGEST = 1 << 20


class Ledger:
    """The events verified so far, each once by its id; kept in a file, so that a restart forgets none."""

    def __init__(self, data: Path) -> None:
        self._data = data
        self._path = data / "demo-events.jsonl"
        self._lock = Lock()
        self._secrets: dict[str, str] = {}
        self.refused = 0
        self._events: dict[str, str] = {}
        if self._path.exists():
            for line in self._path.read_text(encoding="utf-8").splitlines():
                event = json.loads(line)
                self._events[event["id"]] = event["type"]

    def secret_of(self, slug: str) -> str | None:
        """A demo seller's secret; None until the demo data is there."""
        if slug not in self._secrets:
            try:
                demo = json.loads((self._data / "demo.json").read_text(encoding="utf-8"))
            except (OSError, ValueError):
                return None
            self._secrets = {seller["slug"]: seller["webhook_secret"] for seller in demo["sellers"]}
        return self._secrets.get(slug)

    def enter(self, message_id: str, event: dict[str, Any]) -> None:
        """Note a verified event, unless it came before."""
        data = event["data"]
        line = {
            "id": message_id,
            "type": event["type"],
            "order_id": data["id"],
            "version": data["version"],
        }
        with self._lock:
            if message_id not in self._events:
                with self._path.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(line) + "\n")
                self._events[message_id] = event["type"]

    def counts(self) -> dict[str, Any]:
        """What was taken and what was not believed."""
        with self._lock:
            by_type = Counter(self._events.values())
        return {
            "verified": by_type.total(),
            "refused": self.refused,
            "by_type": dict(sorted(by_type.items())),
        }


def _handler(ledger: Ledger) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer(200, ledger.counts())

        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            if length > _LARGEST:
                self._answer(413, {})
                return
            body = self.rfile.read(length)
            secret = ledger.secret_of(self.path.strip("/"))
            if secret is None:
                # The demo data is still being written: come again.
                self._answer(503, {})
                return
            try:
                verify(secret, dict(self.headers.items()), body, now=int(time.time()))
            except SignatureRefused as refusal:
                ledger.refused += 1
                self._answer(401, {"code": refusal.code})
                return
            ledger.enter(self.headers["webhook-id"], json.loads(body))
            self._answer(200, {})

        def _answer(self, status: int, body: dict[str, Any]) -> None:
            content = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - the library's name
            """Say nothing: the ledger is the record."""

    return Handler


def serving(ledger: Ledger, *, port: int) -> ThreadingHTTPServer:
    """A server on loopback that enters what it believes."""
    return ThreadingHTTPServer(("127.0.0.1", port), _handler(ledger))


def main() -> None:
    """Serve on loopback until stopped."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--data", type=Path, required=True)
    options = parser.parse_args()
    serving(Ledger(options.data), port=options.port).serve_forever()


if __name__ == "__main__":
    main()
