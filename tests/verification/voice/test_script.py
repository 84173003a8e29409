"""What a call says."""

from string import Formatter

import pytest

from channels.protocol import ContactOrder
from models.base import new_id
from verification.voice.script import Said, asking_again, opening, say
from verification.voice.sentences import READ_OUT, RECORDED


def order(number="#1047", total="199.00", currency="SAR"):
    return ContactOrder(new_id(), number, total, currency, ("خلاط محمول",))


def told(said):
    return " ".join(each.text for each in said)


def test_a_call_tells_shop_number_amount_and_keys():
    words = told(opening("greeting", [order()], "Noor 🌙", "en"))
    assert "automated call from Noor." in words
    assert "Order number: one, zero, four, seven." in words
    assert "one hundred ninety-nine Saudi riyals" in words
    assert words.index("Saudi riyals") < words.index("To confirm, press 1.")


def test_it_does_so_in_arabic():
    words = told(opening("greeting", [order("١٠٤٧")], "نور", "ar"))
    assert "هذه مكالمة آلية من نور" in words
    assert "واحد, صفر, أربعة, سبعة" in words
    assert "مئة وتسعة وتسعون ريالاً سعودياً" in words
    assert "للتأكيد، اضغط واحد" in words


@pytest.mark.parametrize(
    ("name", "said"),
    [("Noor 🌙 Shop", "Noor Shop"), ("No\x01or\x0b\u202e", "No or"), ("🌙", "🌙"), ("نور & <b>", "نور <b>")],
)
def test_a_shops_name_is_said_without_its_signs(name, said):
    assert f"automated call from {said}." in told(opening("greeting", [order()], name, "en"))


def test_letters_of_a_number_are_spelled_and_signs_left_out():
    assert "Order number: S, A, one, two." in told(opening("greeting", [order("#SA-12")], "Noor", "en"))


def test_a_number_that_nobody_knows_by_ear_is_left_out():
    words = told(opening("greeting", [order("7f0c1a52-9a10-4a3c-9d3f-0d5c2f1f6a11")], "Noor", "en"))
    assert "Order number" not in words
    assert "The amount is one hundred" in words


def test_several_orders_are_told_one_by_one_and_answered_together():
    words = told(opening("greeting", [order("1"), order("2", "10.00")], "Noor", "en"))
    assert words.index("several orders") < words.index("number: one.") < words.index("number: two.")
    assert "ten Saudi riyals" in words


def test_a_recorded_language_plays_its_clips():
    said = opening("welcome", [order("#SA-1047", "45000.500", "KWD")], "Noor", "ckb")
    assert [each.text for each in said] == [None] * len(said)
    assert [each.clip for each in said] == [
        "welcome",
        *("order_number", "digit_1", "digit_0", "digit_4", "digit_7"),
        *("amount", "digit_4", "digit_5", "digit_0", "digit_0", "digit_0"),
        *("point", "digit_5", "digit_0", "digit_0"),
        "keys",
    ]


def test_only_what_is_listed_needs_recording():
    played = {
        each.clip for each in (*opening("greeting", [order()] * 2, "Noor", "ckb"), say("goodbye", "ckb"))
    }
    assert played <= set(RECORDED)
    assert {each.clip for each in asking_again("silent", "ckb")} == {"silent", "keys"}


def test_asking_again_says_why():
    assert asking_again("silent", "en") == (
        Said(text="Sorry, we did not hear you."),
        Said(text=READ_OUT["en"]["keys"]),
    )


def test_the_languages_say_the_same_sentences():
    english, arabic = READ_OUT["en"], READ_OUT["ar"]
    assert english.keys() == arabic.keys()
    for name, sentence in english.items():
        places = [{field for _, field, _, _ in Formatter().parse(each)} for each in (sentence, arabic[name])]
        assert places[0] == places[1], name
