"""What an agent asks the buyer about each flag, in the buyer's language.

Arabic is the plain polite plural that is understood from Baghdad to Muscat; Kurdish is Sorani (`ckb`).
Nothing here tells a buyer what we think of him: a flag is a reason to ask, not an accusation.
"""

from collections.abc import Mapping
from types import MappingProxyType

from models.reasons import Reason
from models.vocabulary import Flag
from verification.wording.amounts import write_number
from verification.wording.rendering import amounts_of

_ENGLISH = {
    Flag.phone_invalid: "On which mobile number can the courier reach you? Please say it digit by digit.",
    Flag.phone_ambiguous: "In which country is your number, and what is it with the country code?",
    Flag.phone_not_mobile: "This is a landline. Do you have a mobile number for the courier?",
    Flag.phone_needs_review: "Would you repeat your mobile number, so that we have it right?",
    Flag.phone_fake_pattern: "Which number of your own may the courier call on the day of delivery?",
    Flag.address_incomplete: "So that the courier finds you, please tell us: {missing}.",
    Flag.duplicate: "You ordered the same product shortly before. Do you want both orders, or only one?",
    Flag.suspicious_quantity: "You ordered {quantity} pieces. Is that the number you want?",
    Flag.suspicious_value: "The order comes to {total}. Will you pay that in cash on delivery?",
    Flag.buyer_blocked: "Do you still want this order, and will you be there to receive and pay for it?",
    Flag.opted_out: "You asked us not to write to you. May we settle this order with you now, in one minute?",
    Flag.not_cod: "The order says that it is not paid on delivery. How would you like to pay?",
    Flag.out_of_area: "In which country and city would you receive the parcel?",
    Flag.total_mismatch: "We have a total of {total}. Is that what you saw when you ordered?",
}
_ARABIC = {
    Flag.phone_invalid: "ما رقم الجوال الذي يصلكم عليه المندوب؟ نرجو ذكره رقمًا رقمًا.",
    Flag.phone_ambiguous: "من أي دولة رقمكم، وما هو مع مفتاح الدولة؟",
    Flag.phone_not_mobile: "هذا رقم هاتف ثابت. هل لديكم رقم جوال للمندوب؟",
    Flag.phone_needs_review: "نرجو إعادة رقم جوالكم حتى نتأكد من صحته.",
    Flag.phone_fake_pattern: "ما رقمكم الذي يتصل عليه المندوب يوم التوصيل؟",
    Flag.address_incomplete: "حتى يصل إليكم المندوب، نرجو إخبارنا بما يلي: {missing}.",
    Flag.duplicate: "طلبتم المنتج نفسه قبل قليل. هل تريدون الطلبين معًا أم طلبًا واحدًا؟",
    Flag.suspicious_quantity: "عدد القطع في طلبكم {quantity}. هل هذا هو العدد المطلوب؟",
    Flag.suspicious_value: "هل تدفعون مبلغ الطلب {total} نقدًا عند الاستلام؟",
    Flag.buyer_blocked: "هل ما زلتم تريدون هذا الطلب، وهل ستكونون موجودين لاستلامه ودفع قيمته؟",
    Flag.opted_out: "طلبتم ألا نراسلكم. هل تسمحون أن ننهي معكم هذا الطلب الآن في دقيقة؟",
    Flag.not_cod: "مكتوب أن الطلب ليس بالدفع عند الاستلام. كيف تودون الدفع؟",
    Flag.out_of_area: "في أي دولة ومدينة تستلمون الطلب؟",
    Flag.total_mismatch: "المبلغ المسجل لدينا هو {total}، فهل هو المبلغ الذي ظهر لكم عند الطلب؟",
}
_KURDISH = {
    Flag.phone_invalid: "ژمارەی مۆبایلتان چەندە تا گەیەنەر پەیوەندیتان پێوە بکات؟ ژمارە بە ژمارە بیڵێن.",
    Flag.phone_ambiguous: "ژمارەکەتان هی کام وڵاتە، و لەگەڵ کۆدی وڵات چەندە؟",
    Flag.phone_not_mobile: "ئەمە ژمارەی تەلەفۆنی ماڵەوەیە. ژمارەی مۆبایلتان هەیە بۆ گەیەنەر؟",
    Flag.phone_needs_review: "تکایە ژمارەی مۆبایلەکەتان دووبارە بکەنەوە تا دڵنیا بین.",
    Flag.phone_fake_pattern: "گەیەنەر لە ڕۆژی گەیاندندا پەیوەندی بە کام ژمارەی خۆتانەوە بکات؟",
    Flag.address_incomplete: "بۆ ئەوەی گەیەنەر بگاتە لاتان، تکایە ئەمانەمان پێ بڵێن: {missing}.",
    Flag.duplicate: "پێشتر هەمان کاڵاتان داوا کردووە. هەردوو داواکارییەکەتان دەوێت یان تەنها یەکێک؟",
    Flag.suspicious_quantity: "{quantity} دانەتان داوا کردووە. ئەم ژمارەیە ڕاستە؟",
    Flag.suspicious_value: "ئایا نرخی داواکارییەکە، {total}، لە کاتی وەرگرتندا بە کاش دەدەن؟",
    Flag.buyer_blocked: "هێشتا ئەم داواکارییەتان دەوێت، و لەوێ دەبن بۆ وەرگرتن و پارەدان؟",
    Flag.opted_out: "داواتان کردووە نامەتان بۆ نەنێرین. دەکرێت ئێستا ئەم داواکارییە تەواو بکەین؟",
    Flag.not_cod: "نووسراوە کە پارەدان لە کاتی وەرگرتندا نییە. چۆن دەتانەوێت پارە بدەن؟",
    Flag.out_of_area: "لە کام وڵات و شار داواکارییەکە وەردەگرن؟",
    Flag.total_mismatch: "کۆی گشتی لای ئێمە ({total}) هەمان ئەو بڕەیە کە بینیتان؟",
}

_ENGLISH_PARTS = {
    "city": "the city",
    "governorate": "the governorate",
    "area": "the area",
    "district": "the district",
    "zone": "the zone number",
    "block": "the block number",
    "street": "the street",
    "road": "the road number",
    "building": "the building, or a well-known place beside it",
    "house": "the house number",
    "landmark": "the nearest well-known place",
}
_ARABIC_PARTS = {
    "city": "المدينة",
    "governorate": "المحافظة",
    "area": "المنطقة",
    "district": "الحي",
    "zone": "رقم المنطقة",
    "block": "رقم القطعة أو المجمع",
    "street": "الشارع",
    "road": "رقم الطريق",
    "building": "المبنى أو معلم معروف بجانبه",
    "house": "رقم المنزل",
    "landmark": "أقرب نقطة دالة",
}
_KURDISH_PARTS = {
    "city": "شار",
    "governorate": "پارێزگا",
    "area": "ناوچە",
    "district": "گەڕەک",
    "zone": "ژمارەی زۆن",
    "block": "ژمارەی بلۆک",
    "street": "شەقام",
    "road": "ژمارەی ڕێگا",
    "building": "باڵەخانە یان شوێنێکی ناسراو لە تەنیشتی",
    "house": "ژمارەی خانوو",
    "landmark": "نزیکترین شوێنی ناسراو",
}

QUESTIONS: Mapping[str, Mapping[Flag, str]] = MappingProxyType(
    {"en": _ENGLISH, "ar": _ARABIC, "ckb": _KURDISH}
)
PARTS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {"en": _ENGLISH_PARTS, "ar": _ARABIC_PARTS, "ckb": _KURDISH_PARTS}
)
_COMMAS = {"en": ", ", "ar": "، ", "ckb": "، "}


def spoken(language: str | None) -> str:
    """The one of our languages to ask in: Arabic (`ar`), Kurdish (`ckb`, `ku`), or English for all others."""
    named = (language or "").casefold().replace("_", "-").split("-")[0]
    return "ckb" if named == "ku" else named if named in QUESTIONS else "en"


def question(flag: Reason, language: str | None) -> str:
    """What to ask about a flag, in the one of our languages that serves.

    Raises ValueError for a code that is no `Flag`.
    """
    asked_in = spoken(language)
    parts = PARTS[asked_in]
    counts = {
        name: write_number(value, asked_in) for name, value in flag.params.items() if isinstance(value, int)
    }
    words = {**flag.params, **counts, **amounts_of(flag, asked_in)}
    if "missing" in words:
        words["missing"] = _COMMAS[asked_in].join(parts[code] for code in words["missing"])
    return QUESTIONS[asked_in][Flag(flag.code)].format_map(words)
