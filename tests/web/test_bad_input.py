"""Whatever is sent: a clear answer that names the field and the rule, never a failure, and nothing lost."""

import io
import json
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.folding import without_directions
from tests.orders import PAYLOAD
from tests.web.conftest import order, pointers

FINE = {200, 201}
REFUSED = {400, 409, 413, 422}

TEXTS = [
    *("store", "external_id", "number", "payment_method", "note"),
    *("buyer/name", "buyer/phone", "buyer/alternate_phone", "buyer/language"),
    *("address/region", "address/city", "address/district", "address/street", "address/building"),
    *("address/short_address", "address/postal_code", "address/landmark"),
    *("items/0/sku", "items/0/title", "items/0/variant", "items/0/image_url", "items/0/product_url"),
]
FIELDS = [
    *TEXTS,
    *("placed_at", "currency", "total", "ship_by", "buyer", "address", "items", "address/country"),
    *("items/0", "items/0/quantity", "items/0/unit_price"),
]
OPTIONAL = {
    *("store", "number", "ship_by", "note", "buyer/name", "buyer/alternate_phone", "buyer/language"),
    *(each for each in TEXTS if each.startswith("address/")),
    *("items/0/sku", "items/0/variant", "items/0/image_url", "items/0/product_url"),
}
HOSTILE = {
    "sql": "'); DROP TABLE orders; --",
    "html": "<script>alert('x')</script>&lt;\"",
    "template": "{{ 7*7 }} {reason} %s %(x)s ${x}",
    "right-to-left override": "\u202etxt.\u2066exe\u2069",
    "control": "\x01\x07\x1b[31m\r\n\t\x7f\x85",
    "not a character": "\ufffe\U0010ffff",
    "emoji": "👩‍👩‍👧‍👦🇸🇦",
    "combining": "ا" + "\u0651" * 500,
    "newline": "first\nsecond\u2028third",
}


def put(payload: Any, path: str, value: Any) -> Any:
    payload = deepcopy(payload)
    *before, last = path.split("/")
    inside = payload
    for step in before:
        inside = inside[int(step)] if isinstance(inside, list) else inside[step]
    inside[int(last) if isinstance(inside, list) else last] = value
    return payload


def test_the_sample_itself_is_fine(api):
    assert api.post("/orders", PAYLOAD).status_code == 201


UNREADABLE = [
    b"",
    b" ",
    b"{",
    b'{"external_id": "1',
    json.dumps(PAYLOAD).encode()[:-1],
    json.dumps(PAYLOAD).encode() + b"}",
    b"{'external_id': 1}",
    b"\x00",
    b"\xff\xfe{\x00}\x00",
    b'{"note": "\xff"}',
    b'{"note": "\xed\xa0\x80"}',
    json.dumps(PAYLOAD).encode("utf-16"),
    b'{"total": NaN}',
    b'{"total": Infinity}',
    b'{"total": -Infinity}',
    b'{"total": 01}',
    b"[" * 100_000,
    b"[" * 100_000 + b"]" * 100_000,
    b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
    b"external_id=1&total=2",
    b"<order/>",
    b'"\\ud83',
]


@pytest.mark.parametrize("path", ["/orders", "/orders/batch"])
def test_what_is_not_json_is_unreadable(api, path):
    for raw in UNREADABLE:
        answer = api.post(path, raw=raw)
        code = answer.json["code"]
        assert (answer.status_code, code) in {(400, "unreadable_json"), (400, "nested_too_deep")}, raw[:50]


@pytest.mark.parametrize("value", [None, True, 1, 1.5, 1e400, "order", [], [PAYLOAD]])
def test_what_is_no_object_is_no_order(api, value):
    answer = api.post("/orders", raw=json.dumps(value).replace("Infinity", "1e400").encode())
    assert answer.status_code == 422
    assert pointers(answer) == {("", "object_expected")}


def test_an_empty_object_is_told_all_that_is_missing(api):
    assert pointers(api.post("/orders", {})) == {
        (f"/{name}", "required")
        for name in (
            *("external_id", "placed_at", "currency", "total", "payment_method", "buyer", "address", "items"),
        )
    }


WRONG: list[Any] = [None, True, 0, -1, 7, 10**30, 1.5, "", [], {}, [[]], {"a": {}}]


@pytest.mark.parametrize("field", FIELDS)
def test_a_wrong_type_names_its_field(api, field):
    for number, value in enumerate(WRONG):
        answer = api.post("/orders", put(order(f"n{number}"), field, value))
        if answer.status_code == 201:
            assert field in OPTIONAL or (field, value) in {("items/0/quantity", 7), ("buyer/phone", "")}
            assert value is None or isinstance(value, str | int)
            continue
        assert answer.status_code == 422
        assert {pointer.split("/")[1] for pointer, _ in pointers(answer)} == {field.split("/")[0]}
        assert value is not None or field not in OPTIONAL


@pytest.mark.parametrize("field", FIELDS)
def test_a_field_left_out_is_required_or_not(api, field):
    payload = deepcopy(PAYLOAD)
    *before, last = field.split("/")
    inside: Any = payload
    for step in before:
        inside = inside[int(step)] if isinstance(inside, list) else inside[step]
    if isinstance(inside, list):
        inside.pop()
    else:
        inside.pop(last, None)
    assert api.post("/orders", payload).status_code == (201 if field in OPTIONAL else 422)


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text_is_only_text(api, text):
    assert pointers(api.post("/orders", put(PAYLOAD, "store", text))) == {("/store", "unknown_store")}
    payload: Any = PAYLOAD
    for field in TEXTS[1:]:
        payload = put(payload, field, text)
    answer = api.post("/orders", payload)
    assert answer.status_code == 201, answer.text
    shown = api.get(f"/orders/{answer.json['id']}").json
    assert shown == answer.json
    for told in (shown["number"], shown["address"]["city"], shown["items"][0]["title"]):
        assert told == without_directions(text).strip()
    again = api.post("/orders", payload)
    assert (again.status_code, again.json["id"]) == (200, shown["id"])
    assert api.patch(shown["id"], {"note": text + "!", "items": payload["items"]}).status_code == 200


@pytest.mark.parametrize("field", TEXTS)
def test_text_that_cannot_be_kept_names_its_field(api, field):
    for text, code in (
        ("a\0b", "text_has_nul"),
        ("\0", "text_has_nul"),
        ("\ud800", "text_not_unicode"),
        ("a\udfffb", "text_not_unicode"),
        ("\ude00\ud83d", "text_not_unicode"),
        ("x" * 2_001, "text_too_long"),
    ):
        answer = api.post("/orders", put(PAYLOAD, field, text))
        assert answer.status_code == 422
        assert pointers(answer) == {(f"/{field}", code)}
        assert text not in answer.text


def test_a_whole_surrogate_pair_is_a_character(api):
    assert api.send(number="\ud83d\ude00")["number"] == "😀"


RULES: list[tuple[str, Any, str]] = [
    ("total", "-1", "negative"),
    ("total", "-0.01", "negative"),
    ("total", "1.005", "too_many_decimals"),
    ("total", "10000000000.01", "too_large"),
    ("total", "9" * 400, "too_large"),
    ("total", "9" * 1_900, "too_large"),
    ("total", "1e3", "not_a_number"),
    ("total", "1,000", "not_a_number"),
    ("total", "١٩٩", "not_a_number"),
    ("total", "NaN", "not_a_number"),
    ("total", "", "not_a_number"),
    ("total", "0x10", "not_a_number"),
    ("total", 199, "text_expected"),
    ("total", 199.5, "text_expected"),
    ("items/0/unit_price", "-5", "negative"),
    ("items/0/unit_price", "1.234", "too_many_decimals"),
    ("items/0/quantity", 0, "quantity_out_of_range"),
    ("items/0/quantity", -3, "quantity_out_of_range"),
    ("items/0/quantity", 10_001, "quantity_out_of_range"),
    ("items/0/quantity", "1", "whole_number_expected"),
    ("items/0/quantity", 1.5, "whole_number_expected"),
    ("items/0/quantity", True, "whole_number_expected"),
    ("currency", "XXX", "unknown_currency"),
    ("currency", "SA", "unknown_currency"),
    ("currency", "ريال", "unknown_currency"),
    ("currency", "", "required"),
    ("address/country", "ZZ", "unknown_country"),
    ("address/country", "KSA", "unknown_country"),
    ("address/country", "Saudi Arabia", "unknown_country"),
    ("placed_at", "yesterday", "not_a_time"),
    ("placed_at", "2026-11-20", "not_a_time"),
    ("placed_at", "2026-02-30T00:00:00Z", "not_a_time"),
    ("placed_at", "0001-01-01T00:00:00Z", "time_out_of_range"),
    ("placed_at", "9999-12-31T23:59:59Z", "time_out_of_range"),
    ("placed_at", 1_700_000_000, "text_expected"),
    ("ship_by", "soon", "not_a_time"),
    ("items", [], "no_items"),
    ("items", [PAYLOAD["items"][0]] * 201, "too_many_items"),
    ("items", [PAYLOAD["items"][0]] * 5_000, "too_many_items"),
    ("buyer/phone", None, "required"),
]


def test_every_rule_has_its_code(api):
    for field, value, code in RULES:
        answer = api.post("/orders", put(PAYLOAD, field, value))
        assert answer.status_code == 422, (field, str(value)[:50])
        assert pointers(answer) == {(f"/{field}", code)}, str(value)[:50]


@pytest.mark.parametrize("total", ["0", "0.00", "10000000000.00", "000199.00"])
def test_odd_totals_are_taken(api, total):
    assert api.send(total=total)["currency"] == "SAR"


def test_numbers_without_end_are_refused_like_others(api):
    raw = json.dumps(PAYLOAD).replace('"quantity": 1', f'"quantity": {"9" * 10_000}')
    assert pointers(api.post("/orders", raw=raw.encode())) == {("/items/0/quantity", "quantity_out_of_range")}
    raw = json.dumps(PAYLOAD).replace('"quantity": 1', f'"quantity": -{"9" * 10_000}')
    assert pointers(api.post("/orders", raw=raw.encode())) == {("/items/0/quantity", "quantity_out_of_range")}
    raw = json.dumps({**PAYLOAD, "extra": 0}).replace('"extra": 0', f'"extra": {"9" * 10_000}')
    assert api.post("/orders", raw=raw.encode()).status_code == 201


def test_ten_megabytes_are_too_much(api):
    raw = json.dumps({**PAYLOAD, "padding": "x" * 10_000_000}).encode()
    answer = api.post("/orders", raw=raw)
    assert (answer.status_code, answer.json["code"]) == (413, "body_too_large")
    assert api.post("/orders/batch", raw=raw).status_code == 413
    fits = json.dumps({**PAYLOAD, "padding": "x" * 1_000_000}).encode()
    assert api.post("/orders", raw=fits).status_code == 201


def test_a_body_of_unannounced_length_is_measured_too(app, api):
    from io import BytesIO

    def send(size):
        return app.test_client().post(
            "/api/v1/orders",
            input_stream=BytesIO(json.dumps(PAYLOAD).encode() + b" " * size),
            headers={"Authorization": f"Bearer {api.key}", "Transfer-Encoding": "chunked"},
            environ_overrides={"wsgi.input_terminated": True},
        )

    assert send(0).status_code == 201
    assert send(2 * 1024 * 1024).status_code == 413


class _Broken(io.BytesIO):
    """A body whose chunks are none, as a server's own reader tells it."""

    def read(self, *_: object) -> bytes:
        raise LookupError("chunk size")


def test_a_body_that_breaks_off_is_the_callers_fault(app, api):
    headers = {"Authorization": f"Bearer {api.key}"}
    answer = app.test_client().post(
        "/api/v1/orders",
        headers=headers,
        input_stream=_Broken(),
        environ_overrides={"wsgi.input_terminated": True},
    )
    assert (answer.status_code, answer.json["code"]) == (400, "broken_body")


@pytest.mark.parametrize(
    "kind", [None, "", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "x"]
)
def test_the_content_type_does_not_matter(app, api, kind):
    headers = {"Authorization": f"Bearer {api.key}"}
    sent = json.dumps(PAYLOAD).encode("utf-8-sig")
    answer = app.test_client().post("/api/v1/orders", data=sent, headers=headers, content_type=kind)
    assert answer.status_code == 201


def test_of_a_name_that_comes_twice_the_last_value_counts(api):
    raw = json.dumps(PAYLOAD)[:-1] + ', "external_id": "second"}'
    assert api.post("/orders", raw=raw.encode()).json["external_id"] == "second"


PHONES = [
    *("", " ", "0", "00", "+", "-", "()", "null", "N/A", "لا يوجد", "phone", "5.51234567E8", "551234567.0"),
    *("0551234567 / 0567654321", "0551234567,0567654321", "055-123-4567 (بعد المغرب)", "٠٥٥١٢٣٤٥٦٧"),
    *("۰۵۵۱۲۳۴۵۶۷", "+9660551234567", "00966551234567", "966551234567", "5512345678901234567890"),
    *(
        "055123456",
        "05512345678",
        "0000000000",
        "1234567890",
        "0551234567x12",
        "tel:+966551234567",
        "+٩٦٦٥٥١٢٣٤٥٦٧",
    ),
    *(
        "\u200e+966 55 123 4567\u202c",
        "\u202a0551234567\u202c",
        "\ufeff0551234567",
        "0５５1234567",
        "9" * 2_000,
    ),
    *(
        "+1 900 555 0100",
        "999",
        "911",
        "+882 16 12345678",
        "0551234567" * 150,
        "<b>0551234567</b>",
        "'0551234567",
    ),
]


@pytest.mark.parametrize("start", range(0, len(PHONES), 10))
def test_a_broken_phone_loses_no_order(api, start):
    for number, phone in enumerate(PHONES[start : start + 10]):
        taken = api.send(f"n{number}", buyer={"phone": phone})
        assert taken["phone"] is not None or taken["flags"], phone[:50]
        assert taken["next_contact"] or taken["decision"], phone[:50]
        second = api.send(f"m{number}", buyer={"phone": f"056765432{number}", "alternate_phone": phone})
        assert second["phone"] == f"+96656765432{number}", phone[:50]


def test_two_hundred_items_are_taken(api):
    assert len(api.send(items=[PAYLOAD["items"][0]] * 200)["items"]) == 200


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(codec=None), max_size=30)
    | st.sampled_from(
        [*HOSTILE.values(), "\0", "\ud800", "199.00", "SAR", "2026-11-22T08:30:00Z", "0551234567"]
    ),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    changes=st.lists(st.tuples(st.sampled_from(FIELDS), JSON), min_size=1, max_size=3),
    number=st.integers(0, 9),
)
def test_no_order_whatever_it_says_is_a_failure(api, changes, number):
    payload: Any = order(f"n{number}")
    for field, value in changes:
        try:
            payload = put(payload, field, value)
        except (KeyError, IndexError, TypeError, ValueError, AttributeError):
            continue  # an earlier change took the place of this one's parent
    answer = api.post("/orders", raw=json.dumps(payload).encode())
    assert answer.status_code in FINE | REFUSED, answer.text
    if answer.status_code in FINE:
        patched = api.patch(answer.json["id"], raw=json.dumps(dict(changes)).encode())
        assert patched.status_code in FINE | REFUSED, patched.text
        assert api.get(f"/orders/{answer.json['id']}").status_code == 200


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    cut=st.integers(0, 900), junk=st.binary(max_size=20), path=st.sampled_from(["/orders", "/orders/batch"])
)
def test_no_bytes_are_a_failure(api, cut, junk, path):
    raw = json.dumps(PAYLOAD).encode()
    assert api.post(path, raw=raw[:cut] + junk + raw[cut:]).status_code in FINE | REFUSED
    assert api.post(path, raw=raw[:cut] + junk).status_code in FINE | REFUSED
