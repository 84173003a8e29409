"""The trial as it was last counted: counting takes seconds where orders are many, however many look."""

from datetime import datetime, timedelta
from threading import Lock
from time import monotonic

from models.unit_of_work import Session
from verification.trial.trial import Trial, read_trial

KEPT = "takeed.trial"

_SECONDS = 60.0
# What took long to count is kept longer, so that counting takes a fiftieth of the time at most.
_TIMES_ITS_COST = 50
_MOST = 8
# Where time is moved by hand, what was counted in another hour is not what is asked for.
_STALE = timedelta(hours=2)


class KeptTrials:
    """One process's latest trials, by the days that they are over."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._kept: dict[int, tuple[float, Trial]] = {}

    def get(self, session: Session, *, days: int, now: datetime) -> Trial:
        """The trial over so many days, counted anew when it is old; others who ask meanwhile wait for it."""
        with self._lock:
            until, trial = self._kept.get(days, (0.0, None))
            if trial is None or monotonic() > until or abs(now - trial.until) > _STALE:
                began = monotonic()
                trial = read_trial(session, days=days, now=now)
                took = monotonic() - began
                if len(self._kept) >= _MOST:
                    self._kept.clear()
                self._kept[days] = began + took + max(_SECONDS, took * _TIMES_ITS_COST), trial
            return trial

    def forget(self) -> None:
        """Count anew for whoever asks next."""
        with self._lock:
            self._kept.clear()
