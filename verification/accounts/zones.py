"""The time zone of a shop, by its country."""

from functools import cache
from importlib.resources import files
from zoneinfo import available_timezones

from models.countries import served

_ELSEWHERE = "UTC"


def zone_of(country: str) -> str:
    """The IANA zone in which most of a country lives; `country` an assigned ISO 3166-1 alpha-2 code."""
    known = served(country)
    return known.time_zone if known else _first_zones().get(country, _ELSEWHERE)


def is_zone(name: str) -> bool:
    """Whether this is the name of an IANA time zone."""
    return name in available_timezones()


@cache
def _first_zones() -> dict[str, str]:
    # IANA lists each country's zones with the most populous first.
    table = (files("tzdata.zoneinfo") / "zone.tab").read_text(encoding="utf-8")
    first: dict[str, str] = {}
    for line in table.splitlines():
        if line and not line.startswith("#"):
            country, _, zone = line.split("\t")[:3]
            first.setdefault(country, zone)
    return first
