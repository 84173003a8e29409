"""Two phones in one field: where one number ends and the next begins."""

import re
from collections.abc import Callable

# E.164 has fifteen digits at most, so a longer run holds more than one number.
_LONGEST_NUMBER = 15
_SHORTEST_PAIRED = 8

_BETWEEN_NUMBERS = re.compile(r"[/,]")
_BEFORE_PLUS = re.compile(r"(?<=[\d\s)])(?=\+)")
_GAP = re.compile(r"[\s._\-]+")


def digits_of(text: str) -> str:
    """Only the digits."""
    return re.sub(r"\D", "", text)


def split(run: str, is_phone: Callable[[str], bool]) -> list[str]:
    """The numbers of a run, as written. Marks inside one good number (055/1234567) do not part it."""
    if len(digits_of(run)) <= _LONGEST_NUMBER and is_phone(run):
        return [run]
    for border, shortest in ((_BETWEEN_NUMBERS, 1), (_BEFORE_PLUS, _SHORTEST_PAIRED)):
        parts = [part for part in border.split(run) if digits_of(part)]
        if len(parts) > 1 and all(len(digits_of(part)) >= shortest for part in parts):
            pieces = [piece for part in parts for piece in split(part, is_phone)]
            if len(digits_of(run)) > _LONGEST_NUMBER or any(map(is_phone, pieces)):
                return pieces
    return _split_at_gaps(run, is_phone)


def _split_at_gaps(run: str, is_phone: Callable[[str], bool]) -> list[str]:
    """Numbers parted by a dash or a space only, each at least as long as the shortest mobile."""
    pieces, rest = [], run
    while gaps := _gaps(rest):
        good = (gap for gap in gaps if is_phone(rest[: gap.start()]))
        dashed = (gap for gap in gaps if "-" in gap[0])
        gap = next(good, None) or next(dashed, gaps[0])
        pieces.append(rest[: gap.start()])
        rest = rest[gap.end() :]
    return [*pieces, rest]


def _gaps(run: str) -> list[re.Match[str]]:
    """Where the first number of a run that is too long for one may end."""
    total, gaps = len(digits_of(run)), list[re.Match[str]]()
    for gap in _GAP.finditer(run) if total > _LONGEST_NUMBER else ():
        left = len(digits_of(run[: gap.start()]))
        if total - left < _SHORTEST_PAIRED or (gaps and left > _LONGEST_NUMBER):
            break
        if left >= _SHORTEST_PAIRED:
            gaps.append(gap)
    return gaps
