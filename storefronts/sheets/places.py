"""Countries as sellers write them: codes, dialling codes, and names in Arabic, English and Chinese."""

import re
from functools import cache

from babel import Locale

from models.countries import SERVED, is_country
from models.folding import fold

_LOCALES = ("ar", "en", "zh", "zh_Hant", "ckb", "fa", "fr")
_ALSO = {
    "SA": "ksa|sau|saudi|saudia|kingdom of saudi arabia|سعوديه|السعوديه|المملكه|العربيه السعوديه|沙特",
    "AE": "uae|u a e|are|emirates|the emirates|امارات|الامارات|دوله الامارات|阿联酋",
    "IQ": "irq|republic of iraq|عراق|العراق|كردستان|اقليم كردستان|كردستان العراق|kurdistan|伊拉克",
    "KW": "kwt|ku|state of kuwait|كويت|دوله الكويت|科威特",
    "QA": "qat|state of qatar|دوله قطر|卡塔尔",
    "BH": "bhr|kingdom of bahrain|بحرين|مملكه البحرين|巴林",
    "OM": "omn|sultanate of oman|عمان|سلطنه عمان|阿曼",
    "JO": "jor|اردن|المملكه الاردنيه الهاشميه|约旦",
    "EG": "egy|جمهوريه مصر العربيه|埃及",
}


def country_code(text: str) -> str | None:
    """The ISO 3166-1 alpha-2 code of a country written in any usual way, or None.

    "KSA", "السعودية", "沙特阿拉伯", "+966" and "SA - Saudi Arabia" are all SA.
    """
    for part in (text, *re.split(r"[-–/|(),،]", text)):
        code = part.strip().upper()
        if is_country(code):
            return code
        if known := _names().get(fold(part)):
            return known
    return None


@cache
def _names() -> dict[str, str]:
    names: dict[str, str] = {}
    for locale in _LOCALES:
        for code, name in Locale.parse(locale).territories.items():
            if is_country(code):
                names.setdefault(fold(name), code)
    for country in SERVED.values():
        names[country.calling_code] = names["00" + country.calling_code] = country.code
        names[fold(country.name_ar)] = names[fold(country.name_en)] = country.code
        names |= {fold(name): country.code for name in _ALSO[country.code].split("|")}
    return names
