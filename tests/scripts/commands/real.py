"""An installation with an account at the double, for the commands that speak with the provider."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from scripts.twilio_double.script import Script
from scripts.twilio_double.serving import Double

SID, TOKEN = "AC" + "0" * 32, "the token of the tests"


@contextmanager
def doubled(environ: dict[str, str], *, public_url: str, script: Script | None = None) -> Iterator[Double]:
    """The double on the real clock, and `environ` leading there; whatever is asked must be as published."""

    def clock() -> datetime:
        return datetime.now(UTC)

    with Double(SID, TOKEN, script=script or Script(), clock=clock, public_url=public_url) as double:
        environ |= {
            "TWILIO_ACCOUNT_SID": SID,
            "TWILIO_AUTH_TOKEN": TOKEN,
            "TWILIO_API_BASE": double.base,
            "TAKEED_PUBLIC_URL": public_url,
        }
        yield double
        assert double.violations == []


@contextmanager
def our_address() -> Iterator[str]:
    """Where our own web answers, as far as /healthz."""

    class Health(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if self.path == "/healthz" else 404)
            self.end_headers()

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Health)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
