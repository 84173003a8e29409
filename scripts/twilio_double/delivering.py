"""Delivers callbacks over HTTP as they fall due, on the real clock."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from threading import Event, Thread
from traceback import print_exc
from urllib.parse import urlencode, urlsplit

from scripts.twilio_double.serving import Double
from scripts.twilio_double.taken import Callback

_OFTEN = 0.05
_AT_ONCE = 16
_PATIENCE = 15.0
_LARGEST = 1 << 20


def post_over_http(callback: Callback) -> tuple[int, str]:
    """Makes the request; status 0 when nobody could be reached in 15 seconds, as long as Twilio waits."""
    parts = urlsplit(callback.url)
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=_PATIENCE)
    headers = dict(callback.headers)
    body = None
    if callback.method != "GET":
        headers["Content-Type"] = "application/x-www-form-urlencoded; charset=utf-8"
        body = urlencode(callback.form)
    try:
        connection.request(callback.method, callback.path or "/", body, headers)
        answer = connection.getresponse()
        return answer.status, answer.read(_LARGEST).decode("utf-8", "replace")
    except (OSError, HTTPException):
        return 0, ""
    finally:
        connection.close()


class Courier:
    """A thread that delivers until it is stopped; `told` hears of each callback and its status."""

    def __init__(
        self, double: Double, clock: Callable[[], datetime], told: Callable[[Callback, int], None]
    ) -> None:
        self._double = double
        self._clock = clock
        self._told = told
        self._stopping = Event()
        self._thread = Thread(target=self._run, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Deliver no more."""
        self._stopping.set()
        self._thread.join()

    def _run(self) -> None:
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            while not self._stopping.wait(_OFTEN):
                for callback in self._due():
                    pool.submit(self._deliver, callback)

    def _due(self) -> list[Callback]:
        try:
            return self._double.due(self._clock())
        except Exception:  # noqa: BLE001  one bad fate must not silence all others
            print_exc()
            return []

    def _deliver(self, callback: Callback) -> None:
        try:
            status, body = post_over_http(callback)
            self._told(callback, status)
            self._double.answered(callback, status, body)
        except Exception:  # noqa: BLE001  nobody waits for what this thread has to say
            print_exc()
