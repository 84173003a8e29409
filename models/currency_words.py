"""How sellers write currencies in their files: Arabic, English and Chinese words and symbols."""

import re
import unicodedata

# Several countries share a noun, and some abbreviations; the store's own currency settles which is meant.
_WRITTEN = {
    ("SAR",): "ر.س|ريال سعودي|sr|saudi riyal|saudi riyals|沙特里亚尔|沙币",
    ("AED",): "د.إ|درهم إماراتي|درهم اماراتي|dh|dhs|uae dirham|迪拉姆|阿联酋迪拉姆",
    ("IQD",): "د.ع|دينار عراقي|id|iraqi dinar|伊拉克第纳尔",
    ("KWD",): "د.ك|دينار كويتي|kd|kuwaiti dinar|科威特第纳尔|科第",
    ("QAR",): "ر.ق|ريال قطري|qr|qatari riyal|卡塔尔里亚尔",
    ("BHD",): "د.ب|دينار بحريني|bd|bahraini dinar|巴林第纳尔",
    ("OMR",): "ر.ع|ريال عماني|ro|omani rial|阿曼里亚尔",
    ("JOD",): "د.أ|دينار أردني|دينار اردني|jd|jordanian dinar|约旦第纳尔",
    ("EGP",): "ج.م|جنيه مصري|le|l.e|egyptian pound|埃及镑|埃镑",
    ("USD",): "us$|دولار|دولار أمريكي|dollar|dollars|美元|美金",
    ("CNY",): "元|人民币|rmb",
    ("EUR",): "يورو|euro|欧元",
    ("AED", "JOD"): "د.ا",
    ("SAR", "QAR", "OMR", "YER"): "ريال|ريالات|riyal|riyals|rial|rials|里亚尔",
    ("AED", "MAD"): "درهم|دراهم|dirham|dirhams",
    ("IQD", "KWD", "BHD", "JOD", "LYD", "TND", "DZD"): "دينار|دنانير|dinar|dinars|第纳尔",
    ("EGP", "SDG"): "جنيه|جنيهات",
}


# Signs that are not letters but mean a currency all the same, and letters of the Persian keyboard.
_SPELLED = str.maketrans({"$": "usd", "€": "eur", "\u20c1": "sar", "ی": "ي", "ک": "ك"})


def word_key(text: str) -> str:
    """The word without the dots, spaces, marks, tatweel and case in which its writings differ."""
    spelled = unicodedata.normalize("NFKC", text).casefold().translate(_SPELLED)
    return re.sub(r"[\W_ـ]+", "", spelled)


_MEANT = {word_key(word): frozenset(codes) for codes, words in _WRITTEN.items() for word in words.split("|")}


def currencies_meant(text: str) -> frozenset[str]:
    """The ISO 4217 codes a word or symbol may stand for; none when it is no currency word we know."""
    return _MEANT.get(word_key(text), frozenset())
