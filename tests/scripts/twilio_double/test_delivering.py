from collections.abc import Callable
from datetime import datetime
from threading import Event

import pytest

from scripts.twilio_double.delivering import Courier
from scripts.twilio_double.serving import Double

from .conftest import Clock

Starts = Callable[..., Double]


def test_what_fails_for_one_contact_stops_nobody_elses(
    start: Starts, clock: Clock, capfd: pytest.CaptureFixture[str]
) -> None:
    double = start()
    came = Event()

    def fails(_: datetime) -> None:
        raise KeyError("a fate that cannot be")

    double.account.later(clock.now, fails)
    double.account.later(clock.now, lambda _: came.set())
    courier = Courier(double, clock, lambda *_: None)
    assert came.wait(5)
    courier.stop()
    assert "a fate that cannot be" in capfd.readouterr().err
