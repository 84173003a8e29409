"""A place on the map, pure: read from what people paste, and kept behind the landmark's words.

It travels with the landmark because that is the line which sellers pass on to couriers as it is.
"""

import re

from models.folding import fold_digits

_PIN = re.compile(r"(-?[0-9]{1,2}\.[0-9]{3,12})\s*(?:,|،|%2[Cc]|\s)\s*(-?[0-9]{1,3}\.[0-9]{3,12})")
_KEPT = re.compile(r"(?:^|\s)\(?(-?[0-9]{1,2}\.[0-9]{5},-?[0-9]{1,3}\.[0-9]{5})\)?$")


def read_pin(text: str) -> str | None:
    """ "latitude,longitude" in degrees, out of coordinates or a map's address; None when there are none."""
    found = _PIN.search(fold_digits(text).replace("٫", "."))
    if found is None:
        return None
    latitude, longitude = float(found[1]), float(found[2])
    if abs(latitude) > 90 or abs(longitude) > 180:
        return None
    return write_pin(latitude, longitude)


def write_pin(latitude: float, longitude: float) -> str:
    """ "latitude,longitude" in degrees, a metre or so exact."""
    return f"{latitude:.5f},{longitude:.5f}"


def with_pin(landmark: str | None, pin: str | None) -> str | None:
    """The landmark's line as it is stored."""
    if pin is None:
        return landmark
    return f"{landmark} ({pin})" if landmark else pin


def without_pin(line: str | None) -> tuple[str | None, str | None]:
    """The words of a landmark's line, and the pin that was stored with them."""
    found = _KEPT.search(line or "")
    if line is None or found is None:
        return line, None
    return line[: found.start()].strip() or None, found[1]
