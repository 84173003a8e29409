"""Reading an order: what is taken, what is refused, and where it says the fault is."""

import copy
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.drafts import OrderDraft
from verification.intake.problems import OrderRefused
from verification.intake.reading import read_order
from verification.intake.shape import OrderIn

RIYADH = "Asia/Riyadh"
BUILDING_FIELDS = (
    "region",
    "city",
    "district",
    "street",
    "building",
    "short_address",
    "postal_code",
    "landmark",
)


def order(**changes: Any) -> dict[str, Any]:
    payload = {
        "store": "default",
        "external_id": "5001",
        "number": "#5001",
        "placed_at": "2026-11-20T21:14:09+03:00",
        "currency": "SAR",
        "total": "199.00",
        "payment_method": "cod",
        "ship_by": None,
        "note": "بعد العصر من فضلكم",
        "buyer": {
            "name": "ليلى الزهراني",
            "phone": "٠٥٥ ٠٠٠ ١١٢٢",
            "alternate_phone": None,
            "language": "ar",
        },
        "address": {"country": "SA", "city": "أبها", "district": "المنسك", "street": "شارع الملك فهد"},
        "items": [
            {"sku": "LM-1", "title": "مصباح", "variant": "أبيض", "quantity": 2, "unit_price": "90.00"},
            {"sku": None, "title": "كابل", "quantity": 1, "unit_price": "19"},
        ],
    }
    return payload | changes


def at(payload: dict[str, Any], pointer: str, value: Any) -> dict[str, Any]:
    """The payload with one place set."""
    changed = copy.deepcopy(payload)
    *path, last = [int(step) if step.isdigit() else step for step in pointer.split("/")[1:]]
    place: Any = changed
    for step in path:
        place = place[step]
    place[last] = value
    return changed


def without(payload: dict[str, Any], pointer: str) -> dict[str, Any]:
    changed = copy.deepcopy(payload)
    *path, last = [int(step) if step.isdigit() else step for step in pointer.split("/")[1:]]
    place: Any = changed
    for step in path:
        place = place[step]
    del place[last]
    return changed


def refused(payload: object) -> list[tuple[str, str]]:
    with pytest.raises(OrderRefused) as caught:
        read_order(payload, zone=RIYADH)
    return [(problem.pointer, problem.code) for problem in caught.value.problems]


def test_an_order_becomes_a_draft() -> None:
    draft = read_order(order(), zone=RIYADH)

    assert draft.external_id == "5001"
    assert draft.placed_at == datetime(2026, 11, 20, 18, 14, 9, tzinfo=UTC)
    assert draft.total_minor == 19_900
    assert [item.unit_price_minor for item in draft.items] == [9_000, 1_900]
    assert draft.buyer.phone == "٠٥٥ ٠٠٠ ١١٢٢"
    assert draft.address.lines() == ("أبها", "المنسك", "شارع الملك فهد")


def test_a_time_without_offset_is_the_stores_local_time() -> None:
    payload = order(placed_at="2026-07-01T10:00:00", ship_by="2026-07-03 10:00")

    in_cairo = read_order(payload, zone="Africa/Cairo")

    assert in_cairo.placed_at == datetime(2026, 7, 1, 7, tzinfo=UTC)
    assert in_cairo.ship_by == datetime(2026, 7, 3, 7, tzinfo=UTC)


def test_codes_are_upper_cased_and_texts_stripped() -> None:
    payload = at(order(currency=" kwd ", total="12.500", note="  ", number=""), "/address/country", "kw")

    draft = read_order(payload, zone=RIYADH)

    assert (draft.currency, draft.total_minor, draft.address.country) == ("KWD", 12_500, "KW")
    assert draft.note is None
    assert draft.number is None


@pytest.mark.parametrize("phone", ["", "   ", "لا يوجد", "0555", "05512345678901234"])
def test_a_phone_that_cannot_be_dialled_is_no_reason_to_refuse(phone: str) -> None:
    assert read_order(at(order(), "/buyer/phone", phone), zone=RIYADH).buyer.phone == phone.strip()


def test_a_country_we_do_not_serve_is_taken() -> None:
    assert read_order(at(order(), "/address/country", "MA"), zone=RIYADH).address.country == "MA"


@pytest.mark.parametrize(
    ("sent", "kept"),
    [("AR-sa", "ar"), ("ckb_IQ", "ckb"), ("en", "en"), ("العربية", None), ("", None), (None, None)],
)
def test_only_the_primary_language_is_kept(sent: str | None, kept: str | None) -> None:
    assert read_order(at(order(), "/buyer/language", sent), zone=RIYADH).buyer.language == kept


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("https://shop.example/a.jpg", "https://shop.example/a.jpg"),
        ("javascript:alert(1)", None),
        ("//shop.example/a.jpg", None),
        ("http://[broken", None),
    ],
)
def test_only_web_addresses_are_kept(sent: str, kept: str | None) -> None:
    assert read_order(at(order(), "/items/0/image_url", sent), zone=RIYADH).items[0].image_url == kept


def test_what_looks_hostile_is_text_like_any_other() -> None:
    note = "gnp.exe <script>alert(1)</script> '; DROP TABLE orders;--"

    assert read_order(order(note=note), zone=RIYADH).note == note


def test_marks_of_direction_are_left_out() -> None:
    sent = at(
        order(external_id="7\u200f", note="\u2066 "), "/buyer/name", " \u202e Noor\u202c \u2067Ali\u2069"
    )
    read = read_order(at(sent, "/address/city", "می\u200cخواهم\u200f"), zone=RIYADH)
    assert (read.external_id, read.buyer.name, read.note) == ("7\u200f", "Noor Ali", None)
    assert read.address.city == "می\u200cخواهم"
    with pytest.raises(OrderRefused):
        read_order(at(order(), "/items/0/title", "\u202e"), zone=RIYADH)


@pytest.mark.parametrize(
    "pointer",
    [
        "/external_id",
        "/placed_at",
        "/currency",
        "/total",
        "/payment_method",
        "/buyer",
        "/buyer/phone",
        "/address",
        "/address/country",
        "/items",
        "/items/1/title",
        "/items/1/quantity",
        "/items/1/unit_price",
    ],
)
def test_what_is_required_may_be_neither_absent_nor_null(pointer: str) -> None:
    assert refused(without(order(), pointer)) == [(pointer, "required")]
    assert refused(at(order(), pointer, None)) == [(pointer, "required")]


TEXTS = (
    "/external_id",
    "/number",
    "/note",
    "/payment_method",
    "/buyer/name",
    "/buyer/phone",
    "/buyer/alternate_phone",
    "/buyer/language",
    *(f"/address/{name}" for name in BUILDING_FIELDS),
    "/items/0/sku",
    "/items/0/title",
    "/items/1/variant",
    "/items/1/image_url",
    "/items/1/product_url",
)
BAD_TEXT = [
    (5, "text_expected"),
    (True, "text_expected"),
    ([], "text_expected"),
    ({}, "text_expected"),
    ("x" * 2_001, "text_too_long"),
    ("a\0b", "text_has_nul"),
    ("\ud800", "text_not_unicode"),
]
CORRUPTIONS = [
    *((pointer, value, code) for pointer in TEXTS for value, code in BAD_TEXT),
    *(
        (pointer, value, code)
        for pointer in ("/store", "/currency", "/address/country")
        for value, code in BAD_TEXT
    ),
    ("/external_id", " ", "required"),
    ("/payment_method", "", "required"),
    ("/items/0/title", "", "required"),
    ("/currency", "SAX", "unknown_currency"),
    ("/currency", "ريال", "unknown_currency"),
    ("/address/country", "KSA", "unknown_country"),
    ("/address/country", "XX", "unknown_country"),
    ("/buyer", "Noura", "object_expected"),
    ("/address", [], "object_expected"),
    ("/items", {}, "list_expected"),
    ("/items", [], "no_items"),
    ("/items/1", "lamp", "object_expected"),
    *(
        (f"{pointer}", value, code)
        for pointer in ("/total", "/items/0/unit_price")
        for value, code in [
            (199, "text_expected"),
            (199.0, "text_expected"),
            ("-1.00", "negative"),
            ("199.001", "too_many_decimals"),
            ("1e3", "not_a_number"),
            ("NaN", "not_a_number"),
            ("١٩٩", "not_a_number"),
            ("", "not_a_number"),
            ("10000000000.01", "too_large"),
            ("9" * 5_000, "too_large"),
            ("\ud800", "not_a_number"),
        ]
    ),
    *(
        ("/items/0/quantity", value, code)
        for value, code in [
            ("1", "whole_number_expected"),
            (True, "whole_number_expected"),
            (1.5, "whole_number_expected"),
            (2.0, "whole_number_expected"),
            (float("nan"), "whole_number_expected"),
            (0, "quantity_out_of_range"),
            (-3, "quantity_out_of_range"),
            (10_001, "quantity_out_of_range"),
            (10**400, "quantity_out_of_range"),
        ]
    ),
    *(
        (pointer, value, code)
        for pointer in ("/placed_at", "/ship_by")
        for value, code in [
            (1_795_000_000, "text_expected"),
            ("yesterday", "not_a_time"),
            ("2026-11-20", "not_a_time"),
            ("2026-02-30T10:00:00Z", "not_a_time"),
            ("20/11/2026 10:00", "not_a_time"),
            ("", "not_a_time"),
            ("1999-12-31T23:59:59Z", "time_out_of_range"),
            ("0001-01-01T00:00:00+14:00", "time_out_of_range"),
            ("2101-01-01T00:00:00Z", "time_out_of_range"),
            ("9999-12-31T23:59:59-14:00", "time_out_of_range"),
        ]
    ),
]


@pytest.mark.parametrize(("pointer", "value", "code"), CORRUPTIONS)
def test_one_fault_is_one_problem_at_its_place(pointer: str, value: Any, code: str) -> None:
    assert refused(at(order(), pointer, value)) == [(pointer, code)]


@pytest.mark.parametrize("payload", [None, True, 7, 1.5, "order", [], [{}]])
def test_what_is_no_object_is_no_order(payload: object) -> None:
    assert refused(payload) == [("", "object_expected")]


def test_every_fault_is_told_at_once() -> None:
    payload = at(at(order(currency="SAR", total="-1"), "/items/1/quantity", 0), "/buyer/phone", None)

    assert set(refused(payload)) == {
        ("/total", "negative"),
        ("/items/1/quantity", "quantity_out_of_range"),
        ("/buyer/phone", "required"),
    }
    assert set(refused(order(currency="???", total="-1"))) == {
        ("/currency", "unknown_currency"),
        ("/total", "negative"),
    }


def test_thousands_of_faulty_items_are_one_problem() -> None:
    assert refused(order(items=[{"quantity": "many"}] * 5_000)) == [("/items", "too_many_items")]
    assert len(refused(order(items=[{"quantity": "many"}] * 200))) == 50


def test_two_hundred_items_are_taken() -> None:
    assert len(read_order(order(items=order()["items"] * 100), zone=RIYADH).items) == 200


def test_a_refusal_never_repeats_what_was_sent() -> None:
    secret = "0550001122"
    payload = at(at(order(total=secret + "x"), "/buyer/phone", [secret]), "/buyer/name", {"first": secret})

    with pytest.raises(OrderRefused) as caught:
        read_order(payload, zone=RIYADH)

    assert secret not in str(caught.value)
    assert secret not in repr(caught.value.problems)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


def test_the_published_shape_names_what_is_required_and_speaks_of_text() -> None:
    schema = OrderIn.model_json_schema()

    assert set(schema["required"]) == {
        "external_id",
        "placed_at",
        "currency",
        "total",
        "payment_method",
        "buyer",
        "address",
        "items",
    }
    assert schema["properties"]["total"]["type"] == "string"
    assert schema["$defs"]["ItemIn"]["properties"]["quantity"]["maximum"] == 10_000
    json.dumps(schema)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
PLACES = [
    *TEXTS,
    "/currency",
    "/total",
    "/placed_at",
    "/buyer",
    "/address",
    "/address/country",
    "/items",
    "/items/0",
]
PLACES += ["/items/0/quantity", "/items/0/unit_price", "/ship_by", "/store", "/something_else"]


def drafted(payload: object) -> OrderDraft | None:
    """The draft, or None when it was refused for at least one and at most fifty reasons."""
    try:
        return read_order(payload, zone=RIYADH)
    except OrderRefused as refusal:
        return None if 0 < len(refusal.problems) <= 50 else pytest.fail("no reason given, or too many")


@given(json_values)
def test_any_json_is_a_draft_or_a_refusal(payload: object) -> None:
    drafted(payload)


@given(st.dictionaries(st.sampled_from(PLACES), json_values, min_size=1, max_size=4))
def test_any_json_in_any_place_is_a_draft_or_a_refusal(changes: dict[str, Any]) -> None:
    payload = order()
    for pointer, value in sorted(changes.items(), key=lambda change: -len(change[0])):
        payload = at(payload, pointer, value)

    draft = drafted(payload)

    # Whatever was taken can be stored: it is UTF-8 without NUL.
    assert draft is None or "\\x00" not in repr(draft)
    repr(draft).encode()
