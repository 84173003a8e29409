"""The HTTP server on loopback: reads requests, and answers, stalls or cuts as the script has it."""

import contextlib
import json
import socket
import sys
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Lock, Thread
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from scripts.twilio_double.answering import Answer, Asked

Handle = Callable[[Asked], tuple[Answer, float]]
"""Answers a request, and says how many seconds that takes."""

_LONGEST_HANG = 120.0
_LARGEST = 1 << 20


class Server:
    """Listens from its making until `stop`. `stopping` lets go of whoever hangs."""

    def __init__(self, port: int, handle: Handle, stopping: Event) -> None:
        self._http = _Http(port, handle, stopping)
        self.port = int(self._http.server_address[1])
        # Polled often, so that stopping does not take half a second.
        self._thread = Thread(target=self._http.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Close the door and cut what is open."""
        self._http.shutdown()
        self._http.server_close()
        self._http.cut()
        self._thread.join()


class _Http(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, port: int, handle: Handle, stopping: Event) -> None:
        self.handle = handle
        self.stopping = stopping
        self._open: set[socket.socket] = set()
        self._guard = Lock()
        super().__init__(("127.0.0.1", port), _Handler)

    def server_bind(self) -> None:
        # The parent asks the name service for our name, which may take long and is used nowhere.
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = "127.0.0.1", self.server_address[1]

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._guard:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self._guard:
            self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        # A client that went away is its own affair.
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)

    def cut(self) -> None:
        with self._guard:
            for each in self._open:
                with contextlib.suppress(OSError):
                    each.shutdown(socket.SHUT_RDWR)


class _Handler(BaseHTTPRequestHandler):
    server: _Http
    protocol_version = "HTTP/1.1"
    server_version = "TwilioDouble"
    wbufsize = -1
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def do_DELETE(self) -> None:
        self._serve()

    def _serve(self) -> None:
        parts = urlsplit(self.path)
        length = self.headers.get("Content-Length") or "0"
        if not length.isdecimal():
            self.close_connection = True
            self._send(Answer(400, None))
            return
        wanted = min(int(length), _LARGEST)
        body = self.rfile.read(wanted)
        if len(body) < wanted:  # whoever asked is gone in the middle of it
            self.close_connection = True
            return
        asked = Asked(
            self.command,
            parts.path,
            parse_qsl(parts.query, keep_blank_values=True),
            self.headers.get("Authorization", ""),
            self.headers.get("Content-Type", "").split(";", 1)[0].strip(),
            body,
            time.monotonic(),
        )
        answer, delay = self.server.handle(asked)
        fate = answer.fate
        if fate.api in ("hang", "cut"):
            if fate.api == "hang":
                self.server.stopping.wait(_LONGEST_HANG)
            self.close_connection = True
            return
        wait = delay + (fate.wait if fate.api == "slow" else 0.0)
        if wait:
            self.server.stopping.wait(wait)
        self._send(answer)

    def _send(self, answer: Answer) -> None:
        body = b"" if answer.body is None else json.dumps(answer.body).encode()
        self.send_response(answer.http)
        self.send_header("Content-Type", "application/json;charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Requests hold phones and texts: nothing is logged."""
