"""What is wrong with a text, by channel and country, and the parts that an SMS is paid for."""

import pytest

from channels.protocol import Button
from models.countries import SERVED
from models.vocabulary import Channel, MessageClass
from verification.policy.values import default_policy, with_overrides
from verification.templates.defaults import all_built_in
from verification.templates.linting import COUNTRY_RULES, lint
from verification.templates.segments import segments

LINK = "أكّد هنا: {{link}}"


def codes(
    body, channel=Channel.whatsapp, country="SA", message_class=MessageClass.service, buttons=(), **policy
):
    held = with_overrides(default_policy(country), policy)
    found = lint(
        body, channel=channel, message_class=message_class, country=country, policy=held, buttons=buttons
    )
    return [problem.code for problem in found]


@pytest.mark.parametrize("country", SERVED)
def test_what_comes_with_takeed_is_sound(country):
    for text in all_built_in():
        found = set(codes(text.body, text.channel, country, buttons=text.buttons))
        assert found <= (COUNTRY_RULES if text.channel is Channel.sms else set())


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("", ["empty"]),
        (" \n", ["empty"]),
        ("{{store}}: مرحباً بك", ["starts_with_variable"]),
        ("مرحباً {{store}}", ["ends_with_variable"]),
        ("مرحباً {{store}}.", []),
        ("مرحباً {{store}}، {{number}} بك", []),
        ("مرحباً {{store}} {{number}} بك", ["adjacent_variables"]),
        ("مرحباً {{store}}\n{{number}} بك", ["adjacent_variables"]),
        ("مرحباً {{store}}، الطلب {{number}} بك", []),
        ("مرحباً {{name}} بك", ["unknown_variable"]),
        ("مرحباً {{1}} بك", ["unknown_variable"]),
        ("مرحباً {{}} بك", ["unknown_variable"]),
        ("مرحباً {{store بك", ["broken_braces"]),
        ("مرحباً store}} بك", ["broken_braces"]),
        ("م" * 1025, ["too_long"]),
        ("م" * 800 + " {{items}} م", ["too_long"]),
        ("م" * 1024, []),
    ],
)
def test_variables_stand_where_whatsapp_takes_them(body, expected):
    assert codes(body) == expected


@pytest.mark.parametrize(
    "body",
    [
        "أكّد طلبك واحصل على خصم",
        "أَكِّد: الـعَـرض ينتهي",
        "Confirm today and get a DISCOUNT",
        "Confirm, limited\ntime",
        "Confirm: 20% less",
        "أكّد: ٢٠٪ أقل",
        "داشکاندن هەیە",
    ],
)
def test_a_service_text_sells_nothing(body):
    assert codes(body) == ["promotes"]
    assert codes(body, message_class=MessageClass.promotion) == []


@pytest.mark.parametrize("body", ["We offered it", "المعروض هنا", "Freedom Street", "100 grams", "العرضي"])
def test_words_that_only_look_alike_sell_nothing(body):
    assert codes(body) == []


def test_buttons_are_few_and_short():
    assert codes("هل تؤكد؟", buttons=[Button("confirm", "ن" * 21)]) == ["button_too_long"]
    assert codes("هل تؤكد؟", buttons=[Button("confirm", " ")]) == ["button_empty"]
    assert codes("هل تؤكد؟", buttons=[Button(str(n), "نعم") for n in range(4)]) == ["too_many_buttons"]
    assert codes("هل تؤكد؟", buttons=[Button("confirm", "خصم")]) == ["promotes"]


@pytest.mark.parametrize(
    ("body", "country", "expected"),
    [
        (LINK, "KW", []),
        (LINK, "AE", ["link_forbidden"]),
        (LINK, "SA", ["link_unregistered"]),
        ("https://noon.com/x", "AE", ["link_forbidden"]),
        ("wa.me/971501234567", "AE", ["link_forbidden", "shortener", "phone_forbidden"]),
        ("WWW.Noon.example", "AE", ["link_forbidden"]),
        ("noon.com: your order", "AE", ["link_forbidden"]),
        ("متجر.السعودية", "SA", ["link_unregistered"]),
        ("bit.ly/x", "KW", ["shortener"]),
        ("اتصل 04-123 4567", "AE", ["phone_forbidden", "no_answer"]),
        ("اتصل ٠٤١٢٣٤٥٦٧", "AE", ["phone_forbidden", "no_answer"]),
        ("اتصل 04-123 4567", "KW", ["no_answer"]),
        ("طلبك {{number}}", "AE", ["no_answer"]),
        ("e.g. 3.5 kg, 12:30, 1,200.00", "AE", ["no_answer"]),
        ("م" * 200 + LINK, "KW", ["many_parts"]),
        ("م" * 400 + LINK, "KW", ["too_long"]),
    ],
)
def test_an_sms_keeps_the_countrys_rules(body, country, expected):
    assert codes(body, Channel.sms, country) == expected


def test_registered_hosts_are_the_exact_ones():
    hosts = {"sms_link_hosts": ["orders.takeed.example"]}
    assert codes(LINK, Channel.sms, **hosts) == []
    assert codes("https://orders.takeed.example/x", Channel.sms, **hosts) == []
    assert codes("https://takeed.example/x", Channel.sms, **hosts) == ["link_unregistered"]
    assert codes("https://orders.takeed.example.evil.com/x", Channel.sms, **hosts) == ["link_unregistered"]


@pytest.mark.parametrize(
    ("text", "encoding", "units", "parts"),
    [
        ("", "gsm7", 0, 1),
        ("a" * 160, "gsm7", 160, 1),
        ("a" * 161, "gsm7", 161, 2),
        ("a" * 306, "gsm7", 306, 2),
        ("a" * 307, "gsm7", 307, 3),
        ("€" * 80, "gsm7", 160, 1),
        ("a" * 152 + "€" * 4 + "a", "gsm7", 161, 2),
        ("€" * 153, "gsm7", 306, 3),
        ("م" * 70, "ucs2", 70, 1),
        ("م" * 71, "ucs2", 71, 2),
        ("م" * 134, "ucs2", 134, 2),
        ("م" * 135, "ucs2", 135, 3),
        ("a" * 100 + "م", "ucs2", 101, 2),
        ("a" * 70 + "\u00a0", "ucs2", 71, 2),
        ("👍" * 35, "ucs2", 70, 1),
        ("👍" * 67, "ucs2", 134, 3),
    ],
)
def test_parts_are_counted_as_carriers_do(text, encoding, units, parts):
    found = segments(text)
    assert (found.encoding, found.units, found.parts) == (encoding, units, parts)
