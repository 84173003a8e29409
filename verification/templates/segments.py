"""How many parts a carrier makes of an SMS."""

from dataclasses import dataclass
from typing import Literal

# The default alphabet of 3GPP TS 23.038 and its extension, whose letters take two places.
_PLAIN = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("\f^{}\\[~]|€")
_ROOM = {"gsm7": (160, 153), "ucs2": (70, 67)}


@dataclass(frozen=True)
class Segments:
    """A text as carriers count it: `units` are places of its encoding, `parts` what is paid for."""

    encoding: Literal["gsm7", "ucs2"]
    units: int
    parts: int


def segments(text: str) -> Segments:
    """The parts of a text: 160 places of GSM-7 or 70 of UCS-2 alone, 153 or 67 in each of several.

    One letter outside GSM-7, as any of Arabic, makes all of it UCS-2. No letter is cut in two.
    """
    is_plain = all(letter in _PLAIN or letter in _EXTENDED for letter in text)
    encoding: Literal["gsm7", "ucs2"] = "gsm7" if is_plain else "ucs2"
    sizes = [_size(letter, is_plain) for letter in text]
    alone, each = _ROOM[encoding]
    units = sum(sizes)
    if units <= alone:
        return Segments(encoding, units, 1)
    parts, left = 1, each
    for size in sizes:
        if size > left:
            parts, left = parts + 1, each
        left -= size
    return Segments(encoding, units, parts)


def _size(letter: str, is_plain: bool) -> int:
    return 1 + (letter in _EXTENDED if is_plain else ord(letter) > 0xFFFF)
