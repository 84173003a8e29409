from collections.abc import Callable
from datetime import timedelta

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.request_validator import RequestValidator

from scripts.twilio_double.script import Behaves, Mix, Script
from scripts.twilio_double.serving import Double

from .conftest import NOW, PUBLIC, TOKEN, Clock, Product, client_of

Starts = Callable[..., Double]
PHONE = "+966551234567"
SENDER = "+14155550100"
STATUS = f"{PUBLIC}/channels/twilio/messages/status?ref=tk-1"
PATH = "/channels/twilio/messages/status"


def send(double: Double, **more: str) -> str:
    fields = {"to": PHONE, "from_": SENDER, "body": "السلام عليكم", "status_callback": STATUS} | more
    return str(client_of(double).messages.create(**fields).sid)


def statuses(product: Product) -> list[str]:
    return [form["MessageStatus"] for form in product.forms(PATH)]


def test_a_message_is_taken_carried_and_told_of(start: Starts, clock: Clock, product: Product) -> None:
    double = start()
    sid = send(double)
    assert double.messages[0].sid == sid
    assert double.messages[0].text == "السلام عليكم"
    double.deliver(clock.on(seconds=1), product)
    assert statuses(product) == ["sent"]
    double.deliver(clock.on(minutes=1), product)
    assert statuses(product) == ["sent", "delivered"]
    assert client_of(double).messages(sid).fetch().status == "delivered"
    assert double.violations == []


def test_callbacks_carry_a_signature_that_twilio_s_own_validator_believes(
    start: Starts, clock: Clock, product: Product
) -> None:
    double = start()
    send(double)
    double.deliver(clock.on(minutes=1), product)
    for callback in product.heard:
        signature = callback.headers["X-Twilio-Signature"]
        assert RequestValidator(TOKEN).validate(callback.url, dict(callback.form), signature)
        assert not RequestValidator("another").validate(callback.url, dict(callback.form), signature)


def test_a_shared_key_signs_with_sha256(start: Starts, clock: Clock, product: Product) -> None:
    double = start(shared_key=("key1", "a secret"))
    send(double)
    double.deliver(clock.on(minutes=1), product)
    callback = product.heard[0]
    assert callback.headers["X-Twilio-Webhooks-Signature-Settings"] == "key=key1,algorithm=HMAC_SHA256"
    signature = callback.headers["X-Twilio-Signature"]
    assert RequestValidator("a secret").validate(callback.url, dict(callback.form), signature, "HMAC_SHA256")


def test_twilio_s_guide_s_example_comes_out_as_there(start: Starts) -> None:
    from scripts.twilio_double.signing import sign

    form = [
        ("CallSid", "CA1234567890ABCDE"),
        ("Caller", "+14158675309"),
        ("Digits", "1234"),
        ("From", "+14158675309"),
        ("To", "+18005551212"),
    ]
    url = "https://mycompany.com/myapp.php?foo=1&bar=2"
    assert sign("12345", url, form) == RequestValidator("12345").compute_signature(url, dict(form))
    assert sign("12345", url, form) == "RSOYDt4T1cUTdK1PDd93/VVr8B8="


def test_a_failure_names_its_code(start: Starts, clock: Clock, product: Product) -> None:
    double = start(Script(phones={PHONE: [Behaves(report=("sent", "undelivered"), error_code=30003)]}))
    sid = send(double)
    double.deliver(clock.on(minutes=1), product)
    assert product.forms(PATH)[-1]["ErrorCode"] == "30003"
    assert client_of(double).messages(sid).fetch().error_code == 30003


def test_the_price_comes_later_than_the_end(start: Starts, clock: Clock) -> None:
    double = start()
    sid = send(double)
    double.due(clock.on(seconds=5))
    assert client_of(double).messages(sid).fetch().price is None
    double.due(clock.on(seconds=30))
    message = client_of(double).messages(sid).fetch()
    assert (message.price, message.price_unit) == ("-0.0145", "USD")


@pytest.mark.parametrize(
    ("code", "http"), [(21610, 400), (20429, 429), (20003, 401), (20500, 500), (63018, 400)]
)
def test_refusals_look_like_twilio_s(start: Starts, code: int, http: int) -> None:
    double = start(Script(Behaves(api="error", code=code)))
    with pytest.raises(TwilioRestException) as caught:
        send(double)
    assert (caught.value.code, caught.value.status) == (code, http)
    assert double.messages == []


def test_a_wrong_token_is_refused(start: Starts) -> None:
    with pytest.raises(TwilioRestException) as caught:
        client_of(start(), token="wrong").balance.fetch()
    assert (caught.value.code, caught.value.status) == (20003, 401)


@pytest.mark.parametrize("api", ["cut", "hang"])
@pytest.mark.parametrize("taken", [True, False])
def test_a_lost_answer_leaves_the_message_taken_or_not(start: Starts, api: str, taken: bool) -> None:
    double = start(Script(Behaves(api=api, taken=taken)))  # type: ignore[arg-type]
    with pytest.raises(Exception, match=r"Connection|timed out"):
        client_of(double, timeout=0.2).messages.create(to=PHONE, from_=SENDER, body="x")
    assert len(double.messages) == int(taken)
    assert len(client_of(double).messages.list(to=PHONE, date_sent_after=NOW)) == int(taken)


def test_an_outage_hits_every_request_and_ends(start: Starts) -> None:
    double = start()
    double.outage = Behaves(api="error", code=20503)
    with pytest.raises(TwilioRestException):
        send(double)
    double.outage = None
    double.refuse_connections()
    with pytest.raises(Exception, match="refused"):
        send(double)
    double.accept_connections()
    send(double)
    assert len(double.messages) == 1


def test_a_behaviour_for_each_contact_of_a_phone_the_last_for_all_that_follow(start: Starts) -> None:
    double = start(Script(phones={PHONE: [Behaves(api="error", code=20429), Behaves()]}))
    with pytest.raises(TwilioRestException):
        send(double)
    send(double)
    send(double)
    assert len(double.messages) == 2


def test_callbacks_come_twice_backwards_late_and_forged(
    start: Starts, clock: Clock, product: Product
) -> None:
    behaves = Behaves(duplicate=1, reorder=True, late=timedelta(minutes=5), forged=True)
    double = start(Script(behaves))
    send(double)
    double.deliver(clock.on(minutes=4), product)
    assert product.heard == []
    double.deliver(clock.on(minutes=4), product)
    true = [each for each in product.heard if not each.forged]
    assert [dict(each.form)["MessageStatus"] for each in true] == ["delivered"] * 2 + ["sent"] * 2
    tokens = [each.headers["I-Twilio-Idempotency-Token"] for each in true]
    assert len(set(tokens)) == 2
    assert tokens[0] == tokens[1]
    forged = [each for each in product.heard if each.forged]
    assert len(forged) == 2
    for each in forged:
        signature = each.headers["X-Twilio-Signature"]
        assert not RequestValidator(TOKEN).validate(each.url, dict(each.form), signature)


def test_a_callback_is_tried_again_as_its_address_asks(start: Starts, clock: Clock, product: Product) -> None:
    double = start(Script(Behaves(report=("delivered",))))
    send(double, status_callback=f"{STATUS}#rc=2&rp=all")
    product.status = 503
    double.deliver(clock.on(minutes=1), product)
    assert len(product.heard) == 3
    assert "#" not in product.heard[0].url
    assert len({each.headers["I-Twilio-Idempotency-Token"] for each in product.heard}) == 1


def test_free_text_on_whatsapp_needs_the_buyer_s_word_of_the_last_day(
    start: Starts, clock: Clock, product: Product
) -> None:
    double = start()
    ends = {"to": f"whatsapp:{PHONE}", "from_": f"whatsapp:{SENDER}"}
    send(double, **ends)
    double.deliver(clock.on(minutes=1), product)
    assert product.forms(PATH)[-1]["ErrorCode"] == "63016"
    double.writes(f"whatsapp:{PHONE}", f"whatsapp:{SENDER}", body="نعم")
    send(double, **ends)
    double.deliver(clock.on(minutes=1), product)
    assert product.forms(PATH)[-1]["MessageStatus"] == "delivered"


def test_lists_filter_and_page_newest_first(start: Starts, clock: Clock) -> None:
    double = start()
    sids = []
    for _ in range(5):
        sids.append(send(double))
        clock.on(minutes=10)
    send(double, to="+966550000000")
    found = client_of(double).messages.list(to=PHONE, page_size=2)
    assert [each.sid for each in found] == sids[::-1]
    since = NOW + timedelta(minutes=25)
    assert len(client_of(double).messages.list(to=PHONE, date_sent_after=since)) == 2
    assert len(client_of(double).messages.list(to=PHONE, date_sent_before=since)) == 3
    assert client_of(double).messages.list(to=PHONE, from_="+14155550199") == []
    assert double.violations == []


def test_a_message_that_has_not_left_can_be_called_back(
    start: Starts, clock: Clock, product: Product
) -> None:
    double = start()
    sid = send(double)
    client_of(double).messages(sid).update(status="canceled")
    double.deliver(clock.on(minutes=1), product)
    assert product.heard == []
    assert double.messages[0].status == "canceled"
    with pytest.raises(TwilioRestException):
        client_of(double).messages(sid).update(status="canceled")


def test_shares_are_drawn_by_a_seed(start: Starts) -> None:
    mix = Mix(seed=7, cut=0.05, duplicate=0.1, reorder=0.2)
    drawn = [Script(mix=mix).behaviour("sms", f"+9665500{number:05}", 0) for number in range(2000)]
    assert 70 <= sum(each.api == "cut" for each in drawn) <= 130
    assert 160 <= sum(each.duplicate for each in drawn) <= 240
    assert 340 <= sum(each.reorder for each in drawn) <= 460
    again = [Script(mix=mix).behaviour("sms", f"+9665500{number:05}", 0) for number in range(2000)]
    assert drawn == again
