"""The installation's gauges for whoever looks: counted at most every two seconds, however many look."""

from threading import Lock
from time import monotonic

from models.unit_of_work import Session
from verification.gauges import Gauges, read_gauges
from web.context import context
from web.transaction import in_transaction

_KEPT_SECONDS = 2.0


class KeptGauges:
    """One process's latest gauges."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._gauges: Gauges | None = None
        self._until = 0.0

    def get(self) -> Gauges:
        """The latest, counted anew when they are old; others who ask meanwhile wait for that one count."""
        with self._lock:
            if self._gauges is None or monotonic() > self._until:
                self._gauges = in_transaction(_read)
                self._until = monotonic() + _KEPT_SECONDS
            return self._gauges


def _read(session: Session) -> Gauges:
    return read_gauges(session, now=context().clock())
