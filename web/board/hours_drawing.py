"""The hours of a day as a picture: lanes whose every minute is open or shut, in one way, for one reason.

What stands where is told as a share of the day in percent, from its beginning; in pages that are read from
right to left the day runs that way too.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from zoneinfo import ZoneInfo

from models.vocabulary import ContactKind
from verification.hours.days import DayHours
from verification.hours.pauses import Pause

_HOUR = timedelta(hours=1)
_TICK_HOURS = 3
_WHOLE = 100.0
# How wide a letter of a name is at most, on a picture as wide as a laptop's screen.
_LETTER = 0.62
# From here on a name has room inside the lane.
_WIDE = 20.0
# Of several rules that shut a minute, the one that is named. Prayers at night stop nobody.
_RANK = ("storm", "eid", "holiday", "friday_prayer", "iftar", "tarawih", "outside_hours", "prayer")


class State(StrEnum):
    """What minutes are: open, outside the weekly hours, shut by a hard pause, put off by a soft one."""

    open = "open"
    outside = "outside"
    hard = "hard"
    soft = "soft"


@dataclass(frozen=True)
class Piece:
    """Minutes in a row of one lane (aware UTC, half-open); `pause` is what shuts them, None when open."""

    begins: datetime
    ends: datetime
    state: State
    pause: Pause | None


@dataclass(frozen=True)
class Row:
    """Minutes in a row in which no lane changes, with the piece of each lane."""

    begins: datetime
    ends: datetime
    pieces: Mapping[ContactKind, Piece]


@dataclass(frozen=True)
class Mark:
    """A name or an hour over or under the lanes, in the middle of `x` percent."""

    x: float
    text: str


@dataclass(frozen=True)
class Picture:
    """Both lanes of a day, and how it is laid out."""

    begins: datetime
    ends: datetime
    zone: str
    lanes: Mapping[ContactKind, tuple[Piece, ...]]
    is_mirrored: bool

    def x(self, at: datetime) -> float:
        """Where an instant stands."""
        share = _WHOLE * ((at - self.begins) / (self.ends - self.begins))
        return round(_WHOLE - share if self.is_mirrored else share, 3)

    def left(self, piece: Piece) -> float:
        """Where a piece begins on the screen, seen from the left as drawings are."""
        return min(self.x(piece.begins), self.x(piece.ends))

    def width(self, piece: Piece) -> float:
        """How much of the day a piece takes."""
        return round(abs(self.x(piece.ends) - self.x(piece.begins)), 3)

    @property
    def hours(self) -> tuple[Mark, ...]:
        """The hours of the clock on the wall, every third, and the end of the day."""
        return (*self._hours(), Mark(self.x(self.ends), "24"))

    def _hours(self) -> Iterator[Mark]:
        zone, at = ZoneInfo(self.zone), self.begins
        while at < self.ends:
            local = at.astimezone(zone)
            if local.hour % _TICK_HOURS == 0 and local.minute == 0:
                yield Mark(self.x(at), f"{local.hour:02d}")
            at += _HOUR

    @property
    def rows(self) -> tuple[Row, ...]:
        """The day as a table, in order."""
        cuts = sorted(
            {at for lane in self.lanes.values() for each in lane for at in (each.begins, each.ends)}
        )
        return tuple(
            Row(begins, ends, {kind: piece_at(lane, begins) for kind, lane in self.lanes.items()})
            for begins, ends in pairwise(cuts)
        )

    def names_over(self, name: Callable[[Pause], str]) -> tuple[Mark, ...]:
        """The names of short pauses over the lanes, the longest pauses first, as far as there is room."""
        placed: list[tuple[float, float, Mark]] = []
        shut = {(each.begins, each.ends): each for lane in self.lanes.values() for each in _named(lane)}
        for piece in sorted(shut.values(), key=lambda each: each.begins - each.ends):
            if piece.pause is None or self.width(piece) >= _WIDE:
                continue
            mark = self._mark(piece, name(piece.pause))
            half = (len(mark.text) + 1) * _LETTER / 2
            start, end = mark.x - half, mark.x + half
            if all(end <= other_start or start >= other_end for other_start, other_end, _ in placed):
                placed.append((start, end, mark))
        return tuple(mark for *_, mark in sorted(placed, key=lambda each: each[0]))

    def names_in(self, lane: Sequence[Piece], name: Callable[[Pause], str]) -> tuple[Mark, ...]:
        """The names of pauses so long that they stand in the lane itself."""
        return tuple(
            self._mark(piece, name(piece.pause))
            for piece in _named(lane)
            if piece.pause and self.width(piece) >= _WIDE
        )

    def _mark(self, piece: Piece, text: str) -> Mark:
        return Mark(round(self.left(piece) + self.width(piece) / 2, 3), text)


def draw(days: Mapping[ContactKind, DayHours], zone: str, *, is_mirrored: bool) -> Picture:
    """The picture of one local day, with a lane for each kind of contact."""
    first = next(iter(days.values()))
    lanes = {kind: pieces_of(day) for kind, day in days.items()}
    return Picture(first.begins, first.ends, zone, lanes, is_mirrored)


def pieces_of(day: DayHours) -> tuple[Piece, ...]:
    """A day's minutes in order, each in exactly one piece."""
    # Contacts do not wait for what is soft all day, so there the day is as open as ever.
    shut = [pause for pause in day.shut if day.delays(pause)]
    cuts = sorted({day.begins, day.ends, *(at for pause in shut for at in (pause.begins, pause.ends))})
    found: list[Piece] = []
    for begins, ends in pairwise(cuts):
        over = [pause for pause in shut if pause.begins <= begins < pause.ends]
        piece = _piece(begins, ends, min(over, key=_weight, default=None))
        if found and (found[-1].state, found[-1].pause) == (piece.state, piece.pause):
            found[-1] = Piece(found[-1].begins, ends, piece.state, piece.pause)
        else:
            found.append(piece)
    return tuple(found)


def piece_at(lane: Sequence[Piece], at: datetime) -> Piece:
    """The piece of a lane that holds an instant of its day."""
    return next(each for each in lane if each.begins <= at < each.ends)


def _named(lane: Sequence[Piece]) -> Iterator[Piece]:
    return (each for each in lane if each.state in (State.hard, State.soft))


def _piece(begins: datetime, ends: datetime, pause: Pause | None) -> Piece:
    if pause is None:
        return Piece(begins, ends, State.open, None)
    if pause.code == "outside_hours":
        return Piece(begins, ends, State.outside, pause)
    return Piece(begins, ends, State.hard if pause.is_hard else State.soft, pause)


def _weight(pause: Pause) -> tuple[bool, int]:
    return not pause.is_hard, _RANK.index(pause.code) if pause.code in _RANK else len(_RANK)
