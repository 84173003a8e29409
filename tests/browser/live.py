"""The application as browsers meet it: a server on loopback over the tests' database."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from threading import Condition, Thread
from typing import Any

from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

from tests.web.conftest import Clock


class Live:
    """The server at `url`, whose app lives at the time of `clock`."""

    def __init__(self) -> None:
        self.url = ""
        self.app: Flask
        self.clock: Clock
        self._under_way = 0
        self._change = Condition()

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        with self._change:
            self._under_way += 1
        try:
            return self.app(environ, start)
        finally:
            with self._change:
                self._under_way -= 1
                self._change.notify_all()

    def settle(self) -> None:
        """Wait until no request is being answered."""
        with self._change:
            assert self._change.wait_for(lambda: not self._under_way, timeout=60)


class _Silent(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002 - the base class's name
        pass


@contextmanager
def serving(make: Callable[[str], Flask]) -> Iterator[Live]:
    """A server for the app that is made for its address."""
    live = Live()
    server = make_server("127.0.0.1", 0, live, threaded=True, request_handler=_Silent)
    live.url = f"http://127.0.0.1:{server.server_port}"
    live.app = make(live.url)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield live
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
