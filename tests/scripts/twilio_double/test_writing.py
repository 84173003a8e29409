from collections.abc import Callable

import pytest
from twilio.base.exceptions import TwilioRestException

from scripts.twilio_double.script import Behaves, Script
from scripts.twilio_double.serving import Double

from .conftest import PUBLIC, Clock, Product, client_of

Starts = Callable[..., Double]
PHONE = "whatsapp:+966551234567"
SENDER = "whatsapp:+14155550100"
INBOUND = "/channels/twilio/messages/inbound"


def test_text_comes_in_and_is_answered_in_the_same_breath(
    start: Starts, clock: Clock, product: Product
) -> None:
    double = start()
    product.says[INBOUND] = "<Response><Message>أي طلب؟</Message></Response>"
    double.writes(PHONE, SENDER, body="نعم")
    double.deliver(clock.on(minutes=1), product)
    form = product.forms(INBOUND)[0]
    assert (form["From"], form["To"], form["Body"], form["NumMedia"]) == (PHONE, SENDER, "نعم", "0")
    assert form["WaId"] == "966551234567"
    assert [(each.text, each.direction, each.status) for each in double.messages] == [
        ("أي طلب؟", "outbound-reply", "delivered")
    ]


def test_media_and_location(start: Starts, clock: Clock, product: Product) -> None:
    double = start()
    double.writes(PHONE, SENDER, media=["audio/ogg"])
    double.writes(PHONE, SENDER, location=(24.7136, 46.6753))
    double.deliver(clock.on(minutes=1), product)
    voice, place = product.forms(INBOUND)
    assert (voice["NumMedia"], voice["MediaContentType0"], voice["MessageType"]) == (
        "1",
        "audio/ogg",
        "audio",
    )
    assert voice["MediaUrl0"].startswith("https://api.twilio.com/")
    assert (place["Latitude"], place["Longitude"], place["MessageType"]) == ("24.7136", "46.6753", "location")


def test_stop_by_sms_closes_the_road_until_start(start: Starts) -> None:
    double = start()
    phone, sender = "+966551234567", "+14155550100"
    double.writes(phone, sender, body="STOP", opt_out="STOP")
    with pytest.raises(TwilioRestException) as caught:
        client_of(double).messages.create(to=phone, from_=sender, body="x")
    assert caught.value.code == 21610
    double.writes(phone, sender, body="START")
    client_of(double).messages.create(to=phone, from_=sender, body="x")


def submit(double: Double) -> str:
    content = client_of(double).content.v1.contents.create(
        _content(
            "ar",
            {
                "twilio/quick-reply": {
                    "body": "طلبك رقم {{1}} بمبلغ {{2}}، هل تؤكده؟",
                    "actions": [
                        {"type": "QUICK_REPLY", "title": "تأكيد", "id": "confirm:{{3}}"},
                        {"type": "QUICK_REPLY", "title": "إلغاء", "id": "cancel:{{3}}"},
                    ],
                }
            },
            {"1": "1047", "2": "199 ر.س", "3": "tk-0"},
        )
    )
    return str(content.sid)


def _content(language: str, types: dict[str, object], variables: dict[str, str]):  # type: ignore[no-untyped-def]
    class Body:
        def to_dict(self) -> dict[str, object]:
            return {
                "friendly_name": "first",
                "language": language,
                "types": types,
                "variables": variables,
            }

    return Body()


def test_a_button_of_a_template_is_tapped(start: Starts, clock: Clock, product: Product) -> None:
    double = start(Script(Behaves(taps="cancel", report=("sent", "delivered", "read"))))
    sid = submit(double)
    client_of(double).messages.create(
        to=PHONE,
        from_=SENDER,
        content_sid=sid,
        content_variables='{"1": "1047", "2": "199", "3": "tk-9"}',
        status_callback=f"{PUBLIC}/channels/twilio/messages/status?ref=tk-9",
    )
    assert double.messages[0].text == "طلبك رقم 1047 بمبلغ 199، هل تؤكده؟"
    double.deliver(clock.on(minutes=2), product)
    form = product.forms(INBOUND)[0]
    assert (form["ButtonPayload"], form["ButtonText"], form["Body"]) == ("cancel:tk-9", "إلغاء", "إلغاء")
    assert form["OriginalRepliedMessageSid"] == double.messages[0].sid
    assert double.violations == []


def test_a_template_unknown_here_is_tapped_by_the_reference_of_its_callback(
    start: Starts, clock: Clock, product: Product
) -> None:
    double = start(Script(Behaves(taps="confirm")))
    client_of(double).messages.create(
        to=PHONE,
        from_=SENDER,
        content_sid="HX" + "0" * 32,
        status_callback=f"{PUBLIC}/channels/twilio/messages/status?ref=tk-9",
    )
    double.deliver(clock.on(minutes=2), product)
    assert product.forms(INBOUND)[0]["ButtonPayload"] == "confirm:tk-9"


def test_templates_are_approved_or_turned_down(start: Starts, clock: Clock) -> None:
    double = start()
    good = submit(double)
    bad = client_of(double).content.v1.contents.create(
        _content("en", {"twilio/text": {"body": "{{1}} is yours"}}, {"1": "x"})
    )
    for sid in (good, bad.sid):
        found = client_of(double).content.v1.contents(sid)
        asked = found.approval_create.create(_request("first", "UTILITY"))
        assert asked.status == "received"
        assert found.approval_fetch().fetch().whatsapp["status"] == "received"
    double.due(clock.on(minutes=10))
    approvals = [
        client_of(double).content.v1.contents(sid).approval_fetch().fetch().whatsapp
        for sid in (good, bad.sid)
    ]
    assert [each["status"] for each in approvals] == ["approved", "rejected"]
    assert "start or end" in approvals[1]["rejection_reason"]
    assert [each.sid for each in client_of(double).content.v1.contents.list()] == [good, bad.sid]
    assert double.violations == []


def _request(name: str, category: str):  # type: ignore[no-untyped-def]
    class Body:
        def to_dict(self) -> dict[str, object]:
            return {"name": name, "category": category}

    return Body()


def test_account_balance_and_numbers(start: Starts) -> None:
    double = start()
    double.own("+14155550100")
    client = client_of(double)
    assert client.api.v2010.accounts(double.account.sid).fetch().status == "active"
    assert client.balance.fetch().currency == "USD"
    numbers = client.incoming_phone_numbers.list()
    assert [each.voice_url for each in numbers] == [f"{PUBLIC}/channels/twilio/voice/inbound"]
    assert numbers[0].sms_url == f"{PUBLIC}{INBOUND}"
    assert double.violations == []
