"""Whether a courier can find the door, by what couriers of each served country go by."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from models.drafts import DraftAddress
from models.folding import fold_digits
from verification.screening.address_words import (
    CONNECTORS,
    COUNTRY_WORDS,
    EMPTY,
    MARKERS,
    NUMBERED,
    Part,
    is_place,
    marker,
)
from verification.screening.folding import fold_words

# Glued in either case; parted ("RNRA 4521") only in capitals, where "Road 1234" is not meant.
_SHORT_ADDRESS = re.compile(
    r"(?<![A-Za-z0-9])(?:([A-Za-z]{4})([0-9]{4})|([A-Z]{4})[ -]([0-9]{4}))(?![A-Za-z0-9])"
)


@dataclass(frozen=True, slots=True)
class Need:
    """Something a courier asks for, met by any one of the parts; `code` names it in reasons and questions."""

    code: str
    met_by: frozenset[Part]


def _need(code: str, *parts: Part) -> Need:
    return Need(code, frozenset(parts or (Part(code),)))


_CITY = _need("city", Part.city, Part.region)
_DOOR = _need("building", Part.building, Part.compound, Part.landmark)
_ANYWHERE = _need("street", Part.street, Part.building, Part.compound, Part.landmark)

NEEDS: Mapping[str, tuple[Need, ...]] = MappingProxyType(
    {
        "SA": (_CITY, _need("district"), _ANYWHERE),
        "AE": (_CITY, _need("area", Part.district), _DOOR),
        # Blocks are counted within an area, houses within a street.
        "KW": (
            _need("area", Part.city, Part.district),
            _need("block"),
            _need("street"),
            _need("house", Part.building, Part.compound),
        ),
        # The blue plate on every door: zone, street, building. Zones and districts name the same ground.
        "QA": (
            _need("zone", Part.district),
            _need("street"),
            _need("building", Part.building, Part.compound),
        ),
        # A block number is unique in the whole country.
        "BH": (
            _need("block", Part.block, Part.compound),
            _need("road", Part.street),
            _need("house", Part.building),
        ),
        # محلة/زقاق/دار where they exist; elsewhere drivers go by the nearest known point.
        "IQ": (
            _CITY,
            _need("district", Part.district, Part.landmark),
            _need("landmark", Part.landmark, Part.building, Part.compound),
        ),
        "OM": (_CITY, _need("area", Part.district), _DOOR),
        "JO": (_CITY, _need("area", Part.district), _need("street"), _DOOR),
        "EG": (
            _need("governorate", Part.region, Part.city),
            _need("area", Part.district),
            _need("street"),
            _DOOR,
        ),
    }
)
"""What a parcel needs to arrive, by country, in the order in which a courier asks."""

_ELSEWHERE = (_CITY, _ANYWHERE)
_AREAS = frozenset({Part.region, Part.city, Part.district})


def missing_parts(address: DraftAddress, note: str | None = None) -> tuple[str, ...]:
    """The codes of what is still to be asked, empty when a courier can find the door.

    Every line is searched for every part, since checkouts put them anywhere; `note` is what the buyer wrote
    with the order. A Saudi short address suffices alone.
    """
    found = _parts(address, note)
    if Part.short_address in found:
        return ()
    return tuple(need.code for need in NEEDS.get(address.country, _ELSEWHERE) if not need.met_by & found)


def short_address(address: DraftAddress, note: str | None = None) -> str | None:
    """The Saudi national short address ("RNRA4521") in any line or the note; None in other countries."""
    if address.country != "SA":
        return None
    for line in (address.short_address, *address.lines(), note):
        for match in _SHORT_ADDRESS.finditer(fold_digits(line or "")):
            letters, digits = match[1] or match[3], match[2] or match[4]
            if letters.casefold() not in MARKERS:
                return letters.upper() + digits
    return None


def _parts(address: DraftAddress, note: str | None) -> set[Part]:
    silent = EMPTY | COUNTRY_WORDS.get(address.country, frozenset())
    found = {Part.short_address} if short_address(address, note) else set()
    lines = {
        Part.region: address.region,
        Part.city: address.city,
        # A district that repeats the city says nothing.
        Part.district: None if _same(address.district, address.city) else address.district,
        Part.street: address.street,
        Part.building: address.building,
        Part.landmark: address.landmark,
    }
    for own, line in lines.items():
        words = [word for word in fold_words(line or "") if word not in silent]
        marked, rest = _read(words, named=own not in _AREAS)
        found |= marked
        if _says_something(words if own is Part.landmark else rest, own):
            found.add(own)
    found |= _read(fold_words(note or ""), named=True)[0]
    if address.country == "EG" and {Part.region, Part.city} <= found:
        # A town within a governorate is the area that a courier goes by.
        found.add(Part.district)
    return found


def _read(words: list[str], *, named: bool) -> tuple[set[Part], list[str]]:
    """The parts that the words announce, and the words before the first of them.

    With `named` a part may carry a name ("برج الندى"); without, as in a city's line, only a number is
    believed (برج العرب is a city), save for a district's marker.
    """
    found: set[Part] = set()
    used: set[int] = set()
    first = len(words)
    for at, word in enumerate(words):
        if at in used:
            continue
        part, value = marker(word), _value(words, at, used)
        if part is None and named and is_place(word) and at + 1 < len(words):
            part, value = Part.landmark, at + 1
        if part is None or value is None or not (named or part is Part.district or words[value].isdigit()):
            continue
        found.add(part)
        used |= {at, value}
        first = min(first, at, value)
    return found, words[:first]


def _value(words: list[str], at: int, used: set[int]) -> int | None:
    """Where the name or number of the marker stands: after it, or before it as in "King Saud St"."""
    after = next((i for i in range(at + 1, len(words)) if words[i] not in CONNECTORS), None)
    if after is not None and _fits(words[after], words[at]):
        return after
    before = at - 1
    if words[at].isascii() and before >= 0 and before not in used and _fits(words[before], words[at]):
        return before
    return None


def _fits(value: str, announced_by: str) -> bool:
    if marker(announced_by) is Part.landmark:
        return True
    if marker(value) is not None:
        return False
    return announced_by not in NUMBERED or value.isdigit() or len(value) == 1


def _says_something(words: list[str], own: Part) -> bool:
    plain = [word for word in words if marker(word) is None and word not in CONNECTORS]
    return any(len(word) > 1 and word.isalpha() for word in plain) or (
        own not in _AREAS and any(word.isdigit() for word in plain)
    )


def _same(one: str | None, other: str | None) -> bool:
    return bool(one) and bool(other) and fold_words(one or "") == fold_words(other or "")
