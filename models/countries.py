"""Countries: the nine that are served, and the codes of all the others."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Country:
    """A served country: ISO codes, calling code without '+', IANA zone, the language its buyers expect."""

    code: str
    calling_code: str
    currency: str
    time_zone: str
    name_en: str
    name_ar: str
    language: str = "ar"


SERVED: Mapping[str, Country] = MappingProxyType(
    {
        country.code: country
        for country in (
            Country("SA", "966", "SAR", "Asia/Riyadh", "Saudi Arabia", "السعودية"),
            Country("AE", "971", "AED", "Asia/Dubai", "United Arab Emirates", "الإمارات"),
            Country("IQ", "964", "IQD", "Asia/Baghdad", "Iraq", "العراق"),
            Country("KW", "965", "KWD", "Asia/Kuwait", "Kuwait", "الكويت"),
            Country("QA", "974", "QAR", "Asia/Qatar", "Qatar", "قطر"),
            Country("BH", "973", "BHD", "Asia/Bahrain", "Bahrain", "البحرين"),
            Country("OM", "968", "OMR", "Asia/Muscat", "Oman", "عُمان"),
            Country("JO", "962", "JOD", "Asia/Amman", "Jordan", "الأردن"),
            Country("EG", "20", "EGP", "Africa/Cairo", "Egypt", "مصر"),
        )
    }
)


def served(code: str) -> Country | None:
    """The served country with this ISO 3166-1 alpha-2 code (upper case), or None."""
    return SERVED.get(code)


def is_country(code: str) -> bool:
    """Whether this is an assigned ISO 3166-1 alpha-2 code, in upper case, served or not."""
    return code in _assigned_codes()


@cache
def _assigned_codes() -> frozenset[str]:
    # IANA keeps the ISO list beside the time zones, which are a dependency anyway.
    table = (files("tzdata.zoneinfo") / "iso3166.tab").read_text(encoding="utf-8")
    return frozenset(line.split("\t")[0] for line in table.splitlines() if line and not line.startswith("#"))
