import json
from hashlib import sha256

import pytest
from twilio.request_validator import HMAC_SHA1, HMAC_SHA256, RequestValidator

from channels.twilio.account import Account
from channels.twilio.signing import is_signed

ACCOUNT = Account("AC1", "12345", "https://mycompany.com", webhook_keys={"key-1": "a shared secret"})
# The example of Twilio's own documentation and libraries.
URL = "https://mycompany.com/myapp.php?foo=1&bar=2"
FORM = [
    ("CallSid", "CA1234567890ABCDE"),
    ("Digits", "1234"),
    ("From", "+14158675309"),
    ("To", "+18005551212"),
    ("Caller", "+14158675309"),
]
SIGNATURE = "RSOYDt4T1cUTdK1PDd93/VVr8B8="
SETTINGS = "X-Twilio-Webhooks-Signature-Settings"


def signed(url=URL, form=FORM, *, secret="12345", algorithm=HMAC_SHA1, settings=None) -> dict[str, str]:
    signature = RequestValidator(secret).compute_signature(url, dict(form), algorithm)
    return {"X-Twilio-Signature": signature} | ({SETTINGS: settings} if settings else {})


def test_the_documented_example_is_signed() -> None:
    assert is_signed(ACCOUNT, URL, FORM, {"X-Twilio-Signature": SIGNATURE})


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Twilio-Signature": ""},
        {"X-Twilio-Signature": "RSOYDt4T1cUTdK1PDd93/VVr8B9="},
        {"X-Twilio-Signature": "é"},
        {"X-Twilio-Signature": SIGNATURE, SETTINGS: "key=key-1,algorithm=HMAC_SHA256"},
        {"X-Twilio-Signature": SIGNATURE, SETTINGS: "algorithm=MD5"},
        {"X-Twilio-Signature": SIGNATURE, SETTINGS: "key=unknown"},
    ],
)
def test_a_signature_that_is_missing_or_wrong_is_none(headers: dict[str, str]) -> None:
    assert not is_signed(ACCOUNT, URL, FORM, headers)


def test_what_was_changed_on_the_way_is_not_signed() -> None:
    assert not is_signed(ACCOUNT, URL, [*FORM[:1], ("Digits", "1"), *FORM[2:]], signed())
    assert not is_signed(ACCOUNT, f"{URL}&x=1", FORM, signed())
    assert not is_signed(ACCOUNT, URL, [*FORM, ("More", "1")], signed())


def test_a_shared_key_signs_too() -> None:
    settings = "key=key-1, algorithm=HMAC_SHA256"
    headers = signed(secret="a shared secret", algorithm=HMAC_SHA256, settings=settings)
    assert is_signed(ACCOUNT, URL, FORM, headers)
    assert not is_signed(Account("AC1", "12345", "https://mycompany.com"), URL, FORM, headers)


def test_fields_that_come_several_times_and_empty_ones_count() -> None:
    form = [("A", "1"), ("A", "2"), ("Empty", ""), ("Body", "نعم & 1")]

    class Several(dict):
        def getlist(self, name):
            return self[name]

    several = Several(A=["1", "2"], Empty=[""], Body=["نعم & 1"])
    signature = RequestValidator("12345").compute_signature(URL, several)
    assert is_signed(ACCOUNT, URL, form, {"X-Twilio-Signature": signature})
    assert not is_signed(ACCOUNT, URL, form[1:], {"X-Twilio-Signature": signature})


def test_another_accounts_request_is_refused_even_when_signed_as_ours() -> None:
    ours, theirs = [*FORM, ("AccountSid", "AC1")], [*FORM, ("AccountSid", "AC2")]
    assert is_signed(ACCOUNT, URL, ours, signed(form=ours))
    assert not is_signed(ACCOUNT, URL, theirs, signed(form=theirs))


def test_a_body_of_another_kind_is_signed_by_its_hash_in_the_address() -> None:
    body = json.dumps({"a": "نعم"})
    url = f"{URL}&bodySHA256={sha256(body.encode()).hexdigest()}"
    assert is_signed(ACCOUNT, url, body, signed(url, []))
    assert not is_signed(ACCOUNT, url, body + " ", signed(url, []))
    assert not is_signed(ACCOUNT, URL, body, signed(URL, []))


@pytest.mark.parametrize("url", ["https://[::1", "https://mycompany.com:x/", "", "https://mycompany.com/?\0"])
def test_an_address_that_is_none_is_not_signed(url: str) -> None:
    assert not is_signed(ACCOUNT, url, FORM, {"X-Twilio-Signature": SIGNATURE})
