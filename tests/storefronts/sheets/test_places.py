"""Countries as sellers write them."""

import pytest

from storefronts.sheets.places import country_code


@pytest.mark.parametrize(
    ("written", "code"),
    [
        *(
            (name, "SA")
            for name in ("SA", "sa", "KSA", "Saudi Arabia", "المملكة العربية السعودية", "سعودية", "沙特")
        ),
        *(
            (name, "AE")
            for name in ("UAE", "U.A.E.", "الإمارات", "الامارات العربية المتحدة", "阿联酋", "+971")
        ),
        *((name, "IQ") for name in ("العراق", "Iraq", "伊拉克", "إقليم كردستان", "IQ - Iraq")),
        *((name, "KW") for name in ("الكويت", "دولة الكويت", "科威特", "kuwait")),
        *((name, "OM") for name in ("عُمان", "سلطنة عمان", "Oman")),
        *((name, "EG") for name in ("مصر", "Egypt", "埃及")),
        ("المغرب", "MA"),
        ("Deutschland (Germany)", "DE"),
    ],
)
def test_one_country_under_all_its_names(written: str, code: str) -> None:
    assert country_code(written) == code


@pytest.mark.parametrize("written", ["", "نارنيا", "Riyadh", "999", "-"])
def test_what_is_no_country(written: str) -> None:
    assert country_code(written) is None
