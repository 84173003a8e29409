"""The words by which address lines name their parts, in Arabic, English and Kurdish (Sorani)."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from verification.screening.folding import fold_words


class Part(StrEnum):
    """What a piece of an address says."""

    short_address = "short_address"
    region = "region"
    city = "city"
    district = "district"
    block = "block"
    street = "street"
    building = "building"
    compound = "compound"
    landmark = "landmark"


_MARKERS = {
    Part.district: "حي ضاحية منطقة قرية مخيم محلة زون گەڕەک "
    "district area neighborhood neighbourhood village mahalla zone",
    Part.block: "قطعة ق بلوك بلوک block blk qitaa",
    Part.street: "شارع ش طريق جادة ج زقاق سكة ممر شەقام کۆڵان ڕێگا "
    "street st road rd avenue ave way lane sharia zuqaq",
    Part.building: "بناية عمارة مبنى برج فيلا فيله بيت منزل م دار شقة باڵەخانە خانوو ماڵ شوقە "
    "house h home dar villa building bldg tower apartment apt flat",
    Part.compound: "مجمع كمبوند compound complex",
    Part.landmark: "قرب بالقرب قريب جنب بجانب بجوار جوار مقابل امام خلف وراء يم نزیک تەنیشت بەرامبەر پشت "
    "near nearby opposite opp beside behind next",
}
_PLACES = (
    "جامع مسجد مدرسة مستشفى صيدلية مطعم مول سوبرماركت مخبز محطة بنك جامعة مزگەوت قوتابخانە نەخۆشخانە "
    "mosque school hospital pharmacy mall hypermarket supermarket station bank university clinic"
)
_CONNECTORS = "رقم نمره من عن no nr number num of to the بە لە ژمارە"
_EMPTY = (
    "العام العمومي الرئيسي عام رئيسي main general "
    "na none null nil no unknown test xx xxx لا يوجد غير معروف عنوان العنوان address مدينة city دولة"
)
_COUNTRIES = {
    "SA": "السعودية المملكة العربية ksa saudi arabia",
    "AE": "الامارات uae",
    "KW": "الكويت دولة kuwait",
    "IQ": "العراق iraq عێراق",
    "QA": "دولة",
    "BH": "البحرين مملكة bahrain",
    "OM": "سلطنة عمان oman",
    "JO": "الاردن jordan",
    "EG": "جمهورية egypt",
}


def _folded(words: str) -> frozenset[str]:
    return frozenset(fold_words(words))


MARKERS: Mapping[str, Part] = MappingProxyType(
    {word: part for part, words in _MARKERS.items() for word in fold_words(words)}
)
"""The word that announces a part, folded, without the Arabic article."""

PLACES = _folded(_PLACES)
"""Nouns that make the place they name a landmark."""

CONNECTORS = _folded(_CONNECTORS)
"""Words between a marker and its value: "house no. 7"."""

EMPTY = _folded(_EMPTY)
"""Words that fill a line and say nothing: "main street", "N/A"."""

COUNTRY_WORDS: Mapping[str, frozenset[str]] = MappingProxyType(
    {country: _folded(words) for country, words in _COUNTRIES.items()}
)
"""A country's own name, which is no city or area of it."""

NUMBERED = _folded(
    "قطعة ق بلوك بلوک ش ج م بيت منزل دار فيلا فيله شقة خانوو ماڵ شوقە "
    "block blk qitaa house h home dar villa apartment apt flat"
)
"""Markers that are believed only with a number: "دار 8" is a house, "دار السلام" a part of town."""


def marker(word: str) -> Part | None:
    """The part that a folded word announces, with or without the Arabic article."""
    part = MARKERS.get(word)
    if part is None and word.startswith("ال"):
        part = MARKERS.get(word[2:])
        # Prepositions take no article: "الإمام" is a name, "أمام" says where.
        return None if part is Part.landmark else part
    return part


def is_place(word: str) -> bool:
    """Whether a folded word is a noun like mosque or school, with or without the Arabic article."""
    return word.removeprefix("ال") in PLACES
