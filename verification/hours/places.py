"""The places parcels go to: cities and governorates of the served countries, found by what buyers type."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from verification.hours.spelling import bare, key, words_of
from verification.hours.where import Place, Where
from verification.screening.address_words import MARKERS, marker
from verification.screening.folding import fold_words

_FILES = Path(__file__).with_suffix("")
_STAND_IN = "SA"
_FILLERS = frozenset(
    fold_words(
        "مدينة محافظة المحافظة منطقة المنطقة إمارة ولاية بلدية پارێزگای شاری "
        "city town governorate province region emirate wilayat municipality state of the"
    )
)
# After a name these make a street of it: "Riyadh Street". Not "way": Oman writes "Muscat Way 3521".
# In Arabic the word for street comes first.
_STREETS_AFTER = frozenset(fold_words("street st road rd avenue ave lane"))
_PARTS = re.compile(r"[,،;؛/\\|()\[\]\r\n\t:–—]+|-(?=\s)|(?<=\s)-")
_CLOSE_PARTS = re.compile(_PARTS.pattern + "|-")


@dataclass(frozen=True, slots=True)
class _Country:
    """One country's file: what each spelling names, what lies in what, and which places are no cities."""

    places: Mapping[str, Place]
    names: Mapping[str, str | None]
    within: Mapping[str, str]
    regions: frozenset[str]
    longest: int

    def around(self, code: str) -> Iterator[str]:
        """The wider places in which a place lies, the nearest first."""
        while code in self.within:
            code = self.within[code]
            yield code


def find_place(country: str, *lines: str | None) -> Place | None:
    """The place that address lines name, the line that counts most first: city, region, then the others.

    The first line that names a place decides, save that a region gives way to a city in it. A line counts if
    all its words, or those between commas, are names; or if a name is followed by a district, a street or the
    like, save a street of that name ("Riyadh Street"). A line that names two places apart says nothing, nor
    does one that merely resembles a name.
    """
    served = _COUNTRIES.get(country)
    if served is None:
        return None
    region: str | None = None
    for code in (_read(country, line) for line in lines if line):
        if code and code not in served.regions and (region is None or region in served.around(code)):
            return served.places[code]
        region = region or code
    return served.places[region] if region else None


def largest(country: str) -> Place:
    """The place with most people in a country; Riyadh for a country that is not served."""
    places = _COUNTRIES.get(country, _COUNTRIES[_STAND_IN]).places
    return max(places.values(), key=lambda place: place.population)


def place_of(code: str | None) -> Place | None:
    """The place with a code like "SA/riyadh", or None."""
    return PLACES.get(code) if code else None


@lru_cache(maxsize=2048)
def where_of(country: str, code: str | None) -> Where:
    """Where a buyer is: the place with the code, if it lies in the country, else the country's largest."""
    place = place_of(code)
    if place is not None and place.country == country:
        return Where(country, place, is_known=True)
    return Where(country, largest(country), is_known=False)


@lru_cache(maxsize=8192)
def _read(country: str, line: str) -> str | None:
    served = _COUNTRIES[country]
    tried: list[str] = []
    for parts in ([line], _PARTS.split(line), _CLOSE_PARTS.split(line)):
        if parts == tried:
            continue
        tried = parts
        found = {code for part in parts for code in _named(served, part)}
        # "Sharjah, Khor Fakkan" is the town; what lies around it only says where it is.
        found -= {wider for code in found for wider in served.around(code)}
        if found:
            return found.pop() if len(found) == 1 else None
    return None


def _named(served: _Country, text: str) -> set[str]:
    """The places that the whole text names, empty when some of it is about something else."""
    words = words_of(text)
    bared = [bare(word) for word in words]
    found: set[str] = set()
    at = 0
    while at < len(words):
        if found and words[at] in _STREETS_AFTER:
            return set()
        if found and marker(words[at]):
            break
        length, code = _longest(served, words, bared, at)
        if code:
            found.add(code)
        elif not length and words[at] not in _FILLERS and not (found and _is_postal_code(words[at])):
            return set()
        at += length or 1
    return found


def _longest(served: _Country, words: list[str], bared: list[str], at: int) -> tuple[int, str | None]:
    """How many words from here make the longest name, and what it names (None: the country itself)."""
    for end in range(min(len(words), at + served.longest), at, -1):
        # "مدينة" is no name of Medina, only "المدينة" is; and "عمارة 5" is a building, not Amarah.
        if end == at + 1 and (words[at] in _FILLERS or (words[at] in MARKERS and len(words) > 1)):
            break
        name = "".join(bared[at:end])
        if name in served.names:
            return end - at, served.names[name]
    return 0, None


def _is_postal_code(word: str) -> bool:
    return word.isdigit() and len(word) > 2


def _load(path: Path) -> _Country:
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    country = path.stem.upper()
    entries: dict[str, dict[str, Any]] = {**data["regions"], **data["cities"]}
    names: dict[str, str | None] = {key(name): None for name in data["country"]}
    places: dict[str, Place] = {}
    within: dict[str, str] = {}
    longest = 1
    for slug, entry in entries.items():
        code = f"{country}/{slug}"
        for name in (entry["name_en"], entry["name_ar"], *entry["also"]):
            if names.setdefault(key(name), code) != code:
                raise ValueError(f"{path.name}: {name!r} names two places")
            longest = max(longest, len(fold_words(name)))
        places[code] = Place(
            code=code,
            country=country,
            name_en=entry["name_en"],
            name_ar=entry["name_ar"],
            latitude=entry["latitude"],
            longitude=entry["longitude"],
            zone=data["zone"],
            population=entry["population"],
        )
        if "region" in entry:
            within[code] = f"{country}/{entry['region']}"
    regions = frozenset(f"{country}/{slug}" for slug in data["regions"])
    return _Country(places, names, within, regions, longest)


_COUNTRIES: Mapping[str, _Country] = MappingProxyType(
    {path.stem.upper(): _load(path) for path in sorted(_FILES.glob("*.toml"))}
)

PLACES: Mapping[str, Place] = MappingProxyType(
    {code: place for country in _COUNTRIES.values() for code, place in country.places.items()}
)
"""Every place by its code, like "SA/riyadh"."""
