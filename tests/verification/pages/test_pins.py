import pytest
from hypothesis import given
from hypothesis import strategies as st

from verification.pages.pins import read_pin, with_pin, without_pin


@pytest.mark.parametrize(
    ("pasted", "pin"),
    [
        ("24.7136, 46.6753", "24.71360,46.67530"),
        ("٢٤٫٧١٣٦، ٤٦٫٦٧٥٣", "24.71360,46.67530"),
        ("https://maps.google.com/?q=36.191111,44.009167", "36.19111,44.00917"),
        ("https://www.google.com/maps/@24.7136,46.6753,15z", "24.71360,46.67530"),
        ("geo:-33.8688,151.2093", "-33.86880,151.20930"),
        ("https://maps.app.goo.gl/abcdef", None),
        ("95.1234, 46.6753", None),
        ("24.7136, 246.6753", None),
        ("12", None),
        ("", None),
    ],
)
def test_a_place_is_read_from_what_people_paste(pasted: str, pin: str | None) -> None:
    assert read_pin(pasted) == pin


@pytest.mark.parametrize("landmark", [None, "قرب جامع الرحمن", "Gate (2)"])
@pytest.mark.parametrize("pin", [None, "24.71360,46.67530"])
def test_a_pin_travels_behind_the_landmark(landmark: str | None, pin: str | None) -> None:
    assert without_pin(with_pin(landmark, pin)) == (landmark, pin)


@given(st.text())
def test_any_text_can_be_pasted(text: str) -> None:
    pin = read_pin(text)
    assert pin is None or without_pin(pin) == (None, pin)
