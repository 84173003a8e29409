from collections.abc import Callable

import pytest
import requests
from twilio.base.exceptions import TwilioRestException

from scripts.twilio_double.obeying import HELP, obey, obey_all
from scripts.twilio_double.serving import Double

from .conftest import Clock, Product, client_of

Starts = Callable[..., Double]


def test_buyers_begin_on_command(start: Starts, clock: Clock, product: Product) -> None:
    double = start()
    product.says["/channels/twilio/voice/inbound"] = '<Response><Gather action="/key"/></Response>'
    assert obey(double, "write whatsapp:+966551234567 whatsapp:+14155550100 أكد الطلب\n")
    assert obey(double, "tap whatsapp:+966551234567 whatsapp:+14155550100 confirm:tk-1\n")
    assert obey(double, "ring +966551234567 +14155550100 1 2\n")
    double.deliver(clock.on(minutes=1), product)
    said, tapped = product.forms("/channels/twilio/messages/inbound")
    assert (said["Body"], tapped["ButtonPayload"]) == ("أكد الطلب", "confirm:tk-1")
    assert product.forms("/key")[0]["Digits"] == "1"


def test_outages_begin_and_end_on_command(start: Starts) -> None:
    double = start()
    assert obey(double, "outage 20429")
    with pytest.raises(TwilioRestException) as caught:
        client_of(double).balance.fetch()
    assert caught.value.status == 429
    assert obey(double, "up")
    assert obey(double, "down")
    with pytest.raises(Exception, match="refused"):
        client_of(double).balance.fetch()
    assert obey(double, "up")
    assert client_of(double).balance.fetch().balance == "100.00"


def test_what_hangs_is_taken_all_the_same(start: Starts) -> None:
    double = start()
    assert obey(double, "hang")
    with pytest.raises(requests.exceptions.ReadTimeout):
        client_of(double, timeout=0.3).messages.create(to="+966551234567", from_="+14155550100", body="x")
    assert len(double.messages) == 1


@pytest.mark.parametrize("line", ["help", "write +966551234567", "outage soon", "ring"])
def test_what_is_not_understood_is_explained(
    start: Starts, line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    obey_all(start(), [line, "\n"])
    assert capsys.readouterr().out == HELP + "\n"
