"""Where and when, as simulated buyers say it: missing parts of an address, and times to be called."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from random import Random
from types import MappingProxyType
from zoneinfo import ZoneInfo

_DOTS = "، "


@dataclass(frozen=True)
class Told:
    """Words in the buyer's language, in English and in Arabic."""

    text: str
    english: str
    arabic: str


def _place(english: str, arabic: str, kurdish: str) -> Mapping[str, str]:
    return {"en": english, "ar": arabic, "ckb": kurdish}


_NUMBERED_HOUSES = (
    _place("building #", "مبنى #", "باڵەخانە #"),
    _place("house #", "بيت #", "خانوو #"),
    _place("villa #", "فيلا #", "ڤێلا #"),
)
_AREAS = (
    _place("Al Rawda", "حي الروضة", "گەڕەک ڕەوزە"),
    _place("Al Salam", "حي السلام", "گەڕەک سەلام"),
    _place("Al Nakheel", "حي النخيل", "گەڕەک نەخیل"),
    _place("Al Zuhoor", "حي الزهور", "گەڕەک زهور"),
)
_STREETS = (
    _place("street #", "شارع #", "شەقام #"),
    _place("Al Jamia street", "شارع الجامعة", "شەقام زانکۆ"),
    _place("Al Souq street", "شارع السوق", "شەقام بازاڕ"),
)
_PLACES: Mapping[str, tuple[str, tuple[Mapping[str, str], ...]]] = MappingProxyType(
    {
        "district": ("district", _AREAS),
        "area": ("district", _AREAS),
        "zone": ("district", (_place("zone #", "منطقة #", "زون #"),)),
        "block": ("street", (_place("block #", "قطعة #", "بلۆک #"),)),
        "street": ("street", _STREETS),
        "road": ("street", (_place("road #", "طريق #", "ڕێگا #"),)),
        "building": ("building", _NUMBERED_HOUSES),
        "house": ("building", _NUMBERED_HOUSES[1:]),
        "landmark": (
            "landmark",
            (
                _place("near the mosque", "قرب المسجد", "نزیک مزگەوت"),
                _place("opposite the school", "مقابل المدرسة", "بەرامبەر قوتابخانە"),
                _place("behind the pharmacy", "خلف الصيدلية", "پشت دەرمانخانە"),
                _place("beside the bakery", "بجانب المخبز", "تەنیشت نانەواخانە"),
            ),
        ),
    }
)
"""By what is missing: the line of the address where it belongs, and ways to say it; `#` becomes a number."""

_CITIES: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "SA": _place("Riyadh", "الرياض", "ڕیاز"),
        "AE": _place("Dubai", "دبي", "دوبەی"),
        "IQ": _place("Erbil", "أربيل", "هەولێر"),
        "KW": _place("Hawalli", "حولي", "حەوەلی"),
        "QA": _place("Doha", "الدوحة", "دەوحە"),
        "BH": _place("Manama", "المنامة", "مەنامە"),
        "OM": _place("Muscat", "مسقط", "مەسقەت"),
        "JO": _place("Amman", "عمان", "عەممان"),
        "EG": _place("Cairo", "القاهرة", "قاهیرە"),
    }
)


def places(
    luck: Random, language: str, country: str, missing: Iterable[str]
) -> tuple[Told, Mapping[str, str]]:
    """What a buyer answers who is asked for these parts of the address, and the lines that it fills."""
    said: list[Mapping[str, str]] = []
    lines: dict[str, str] = {}
    for part in missing:
        line, places = _PLACES.get(part, ("city", (_CITIES.get(country, _CITIES["SA"]),)))
        number = str(luck.randint(1, 60))
        place = {name: words.replace("#", number) for name, words in luck.choice(places).items()}
        said.append(place)
        lines[line] = f"{lines[line]} {place[language]}" if line in lines else place[language]
    commas = ", " if language == "en" else _DOTS
    told = Told(
        commas.join(place[language] for place in said),
        ", ".join(place["en"] for place in said),
        _DOTS.join(place["ar"] for place in said),
    )
    return told, lines


_WEEKDAYS = {
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "ar": ("الاثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "السبت", "الأحد"),
    "ckb": ("دووشەممە", "سێشەممە", "چوارشەممە", "پێنجشەممە", "هەینی", "شەممە", "یەکشەممە"),
}
_DAYS = {"en": ("today", "tomorrow"), "ar": ("اليوم", "بكرة"), "ckb": ("ئەمڕۆ", "سبەینێ")}
_HOURS = (
    *("اثنعش", "واحدة", "ثنتين", "ثلاثة", "أربعة", "خمسة"),
    *("ستة", "سبعة", "ثمانية", "تسعة", "عشرة", "احدعش"),
)
_MINUTES = {0: "", 15: " وربع", 30: " ونص", 45: " و45 دقيقة"}
_PARTS_AR = ((4, "صباحًا"), (12, "الصبح"), (13, "الظهر"), (16, "بعد الظهر"), (18, "العصر"), (24, "مساءً"))
_PARTS_GLOSS = ((12, "صباحًا"), (16, "ظهرًا"), (24, "مساءً"))
_PARTS_CKB = ((12, "بەیانی"), (13, "نیوەڕۆ"), (18, "دوانیوەڕۆ"), (24, "ئێوارە"))


def hours_said(luck: Random, language: str, at: datetime, now: datetime, zone: str) -> Told:
    """A quarter of an hour at which to be called, on the clock of the IANA `zone`."""
    local, today = at.astimezone(ZoneInfo(zone)), now.astimezone(ZoneInfo(zone)).date()
    ahead = (local.date() - today).days
    english = f"{_day('en', local, ahead)} at {_clock(local)} {'am' if local.hour < 12 else 'pm'}"
    day = _day("ar", local, ahead)
    arabic = f"{'غدًا' if ahead == 1 else day} الساعة {_clock(local)} {_part(local, _PARTS_GLOSS)}"
    if language == "en":
        return Told(english, english, arabic)
    if language == "ckb":
        text = f"{_day('ckb', local, ahead)} کاتژمێر {_clock(local)}ی {_part(local, _PARTS_CKB)}"
        return Told(text, english, arabic)
    hour = luck.choice((_HOURS[local.hour % 12], str(local.hour % 12 or 12)))
    return Told(f"{day} الساعة {hour}{_MINUTES[local.minute]} {_part(local, _PARTS_AR)}", english, arabic)


def _day(language: str, local: datetime, ahead: int) -> str:
    if ahead < len(_DAYS[language]):
        return _DAYS[language][ahead]
    return _WEEKDAYS[language][local.weekday()] if ahead < 7 else f"{local.day}/{local.month}"


def _clock(local: datetime) -> str:
    return f"{local.hour % 12 or 12}:{local.minute:02}"


def _part(local: datetime, parts: Iterable[tuple[int, str]]) -> str:
    return next(name for ends, name in parts if local.hour < ends)
