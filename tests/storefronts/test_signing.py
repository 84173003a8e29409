import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storefronts.signing import SignatureRefused, new_secret, sign, verify

# The known answer of the Standard Webhooks specification.
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
ID = "msg_p5jXN8AQM9LWM0D4loKWxJek"
AT = 1614265330
BODY = b'{"test": 2432232314}'
SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def headers(**changed: str) -> dict[str, str]:
    return {"webhook-id": ID, "webhook-timestamp": str(AT), "webhook-signature": SIGNATURE} | {
        name.replace("_", "-"): value for name, value in changed.items()
    }


def refusal(given_headers: dict[str, str], body: bytes = BODY, *, secret: str = SECRET, now: int = AT) -> str:
    with pytest.raises(SignatureRefused) as caught:
        verify(secret, given_headers, body, now=now)
    return caught.value.code


def test_signs_and_verifies_the_known_answer() -> None:
    assert sign([SECRET], ID, AT, BODY) == SIGNATURE
    verify(SECRET, headers(), BODY, now=AT)


def test_header_names_are_read_in_any_case() -> None:
    verify(SECRET, {name.title(): value for name, value in headers().items()}, BODY, now=AT)


def test_during_a_rotation_the_old_and_the_new_secret_both_verify() -> None:
    new = new_secret()
    both = headers(webhook_signature=sign([new, SECRET], ID, AT, BODY))
    verify(SECRET, both, BODY, now=AT)
    verify(new, both, BODY, now=AT)
    assert refusal(both, secret=new_secret()) == "bad_signature"


def test_signatures_of_kinds_we_do_not_know_are_passed_over() -> None:
    verify(SECRET, headers(webhook_signature=f"v1a,AAAA {SIGNATURE} v9"), BODY, now=AT)
    assert refusal(headers(webhook_signature="v1a," + SIGNATURE.removeprefix("v1,"))) == "bad_signature"


@pytest.mark.parametrize("away", [-300, 0, 300])
def test_five_minutes_either_way_are_tolerated(away: int) -> None:
    verify(SECRET, headers(), BODY, now=AT + away)


def test_older_and_newer_messages_are_refused() -> None:
    assert refusal(headers(), now=AT + 301) == "too_old"
    assert refusal(headers(), now=AT - 301) == "too_new"


@pytest.mark.parametrize("name", ["webhook-id", "webhook-timestamp", "webhook-signature"])
def test_each_header_is_needed(name: str) -> None:
    given_headers = headers()
    del given_headers[name]
    assert refusal(given_headers) == "missing_header"


@pytest.mark.parametrize(
    "timestamp", ["", "-1", "1.5", "1e9", " 1614265330", "١٦١٤٢٦٥٣٣٠", "9" * 5000, "\n1"]
)
def test_a_timestamp_is_plain_digits(timestamp: str) -> None:
    assert refusal(headers(webhook_timestamp=timestamp)) == "bad_timestamp"


@pytest.mark.parametrize("message_id", ["", "a.b", "a b", "معرف", "a\n", "x" * 201, "\ud800"])
def test_an_id_has_no_dot_and_nothing_unprintable(message_id: str) -> None:
    assert refusal(headers(webhook_id=message_id)) == "bad_id"
    with pytest.raises(SignatureRefused):
        sign([SECRET], message_id, AT, BODY)


@pytest.mark.parametrize(
    "secret",
    ["", "whsec_", "whsec_abc", "whsec_سر", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_" + "A" * 28 + "===="],
)
def test_a_secret_that_cannot_sign_is_refused(secret: str) -> None:
    assert refusal(headers(), secret=secret) == "bad_secret"
    with pytest.raises(SignatureRefused):
        sign([secret], ID, AT, BODY)


def test_nothing_is_signed_without_a_secret() -> None:
    with pytest.raises(SignatureRefused):
        sign([], ID, AT, BODY)


def test_new_secrets_are_long_enough_and_differ() -> None:
    secrets = {new_secret() for _ in range(20)}
    assert len(secrets) == 20
    assert all(len(base64.b64decode(secret.removeprefix("whsec_"))) == 32 for secret in secrets)


@given(body=st.binary(max_size=200), at=st.integers(0, 10**11), extra=st.integers(0, 2))
def test_what_was_signed_verifies(body: bytes, at: int, extra: int) -> None:
    secrets = [*(new_secret() for _ in range(extra)), SECRET]
    given_headers = headers(webhook_timestamp=str(at), webhook_signature=sign(secrets, ID, at, body))
    verify(SECRET, given_headers, body, now=at)


@given(body=st.binary(min_size=1, max_size=200), data=st.data())
def test_any_flipped_bit_of_the_body_refuses(body: bytes, data: st.DataObject) -> None:
    given_headers = headers(webhook_signature=sign([SECRET], ID, AT, body))
    place = data.draw(st.integers(0, len(body) * 8 - 1))
    flipped = bytearray(body)
    flipped[place // 8] ^= 1 << place % 8
    assert refusal(given_headers, bytes(flipped)) == "bad_signature"


@given(st.sampled_from(list(headers())), st.data())
def test_any_flipped_byte_of_a_header_refuses(name: str, data: st.DataObject) -> None:
    value = bytearray(headers()[name].encode())
    place = data.draw(st.integers(0, len(value) - 1))
    value[place] ^= data.draw(st.integers(1, 255))
    assert refusal(headers() | {name: value.decode("latin-1")})


@given(st.text(), st.text(), st.text(), st.binary(max_size=50))
def test_whatever_a_sender_writes_is_refused_in_one_way(
    message_id: str, timestamp: str, signature: str, body: bytes
) -> None:
    sent = headers(webhook_id=message_id, webhook_timestamp=timestamp, webhook_signature=signature)
    assert refusal(sent, body)
    assert refusal(headers(webhook_signature=signature), body)
