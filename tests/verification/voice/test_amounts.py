"""Amounts as voices read them out."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.countries import SERVED
from verification.voice.amounts import amount_in_digits, amount_in_words
from verification.voice.arabic_numbers import cardinal as arabic
from verification.voice.english_numbers import cardinal as english


@pytest.mark.parametrize(
    ("total", "currency", "in_english", "in_arabic"),
    [
        ("199.00", "SAR", "one hundred ninety-nine Saudi riyals", "مئة وتسعة وتسعون ريالاً سعودياً"),
        (
            "199.50",
            "SAR",
            "one hundred ninety-nine Saudi riyals and fifty halalas",
            "مئة وتسعة وتسعون ريالاً سعودياً وخمسون هللة",
        ),
        ("1.00", "SAR", "one Saudi riyal", "ريال سعودي واحد"),
        ("2.03", "SAR", "two Saudi riyals and three halalas", "ريالان سعوديان وثلاث هللات"),
        ("7.02", "SAR", "seven Saudi riyals and two halalas", "سبعة ريالات سعودية وهللتان"),
        (
            "5.113",
            "OMR",
            "five Omani rials and one hundred thirteen baisas",
            "خمسة ريالات عمانية ومئة وثلاث عشرة بيسة",
        ),
        (
            "12.500",
            "KWD",
            "twelve Kuwaiti dinars and five hundred fils",
            "اثنا عشر ديناراً كويتياً وخمسمئة فلس",
        ),
        ("200.00", "AED", "two hundred UAE dirhams", "مئتا درهم إماراتي"),
        ("2000.00", "QAR", "two thousand Qatari riyals", "ألفا ريال قطري"),
        ("35000.000", "IQD", "thirty-five thousand Iraqi dinars", "خمسة وثلاثون ألف دينار عراقي"),
        ("35000.600", "IQD", "thirty-five thousand one Iraqi dinars", "خمسة وثلاثون ألفاً وواحد دينار عراقي"),
        (
            "0.250",
            "BHD",
            "zero Bahraini dinars and two hundred fifty fils",
            "صفر دينار بحريني ومئتان وخمسون فلساً",
        ),
        ("3300.00", "EGP", "three thousand three hundred Egyptian pounds", "ثلاثة آلاف وثلاثمئة جنيه مصري"),
        ("20.00", "USD", "20 US dollars", "20 دولار أمريكي"),
        ("300", "JPY", "300 Japanese yen", "300 ين ياباني"),
    ],
)
def test_an_amount_is_said_as_people_say_it(total, currency, in_english, in_arabic):
    assert amount_in_words(total, currency, "en") == in_english
    assert amount_in_words(total, currency, "ar") == in_arabic


@pytest.mark.parametrize(
    ("total", "currency", "digits"),
    [
        ("199.00", "SAR", ("199", "")),
        ("199.05", "SAR", ("199", "05")),
        ("12.500", "KWD", ("12", "500")),
        ("35000.000", "IQD", ("35000", "")),
    ],
)
def test_an_amount_can_be_told_in_digits(total, currency, digits):
    assert amount_in_digits(total, currency) == digits


@given(st.integers(0, 10**12))
def test_different_numbers_sound_different(number):
    assert {english(number), arabic(number)} & {english(number + 1), arabic(number + 1)} == set()
    assert "-1" not in english(number)


@given(st.integers(0, 10**12), st.sampled_from([each.currency for each in SERVED.values()]))
def test_every_amount_of_our_countries_can_be_said(minor, currency):
    decimals = {"KWD": 3, "BHD": 3, "OMR": 3, "JOD": 3, "IQD": 3}.get(currency, 2)
    total = f"{Decimal(minor).scaleb(-decimals):f}"
    for language in ("ar", "en"):
        words = amount_in_words(total, currency, language)
        assert words
        assert not any(each.isdigit() for each in words)
