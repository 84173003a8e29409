from zoneinfo import ZoneInfo

import phonenumbers
import pytest

from models.countries import SERVED, is_country, served
from models.money import exponent, is_currency


def test_the_nine_served_countries_are_known_by_code():
    assert set(SERVED) == {"SA", "AE", "IQ", "KW", "QA", "BH", "OM", "JO", "EG"}
    assert served("FR") is None
    assert served("sa") is None


@pytest.mark.parametrize("country", SERVED.values(), ids=lambda country: country.code)
def test_what_is_said_of_a_country_agrees_with_the_standard_tables(country):
    assert int(country.calling_code) == phonenumbers.country_code_for_region(country.code)
    assert is_currency(country.currency)
    assert exponent(country.currency) == (2 if country.currency in {"SAR", "AED", "QAR", "EGP"} else 3)
    assert ZoneInfo(country.time_zone).key == country.time_zone
    assert country.name_en.isascii()
    assert not country.name_ar.isascii()
    assert country.language == "ar"


@pytest.mark.parametrize("code", ["SA", "FR", "CN", "AQ", "TW", "PS"])
def test_every_assigned_code_is_a_country(code):
    assert is_country(code)


@pytest.mark.parametrize("code", ["", "sa", "XX", "ZZ", "UK", "EU", "XK", "SAU", "966", "السعودية"])
def test_anything_else_is_not(code):
    assert not is_country(code)
