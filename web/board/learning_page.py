"""What was learned night by night, and whether the chances it gave came true."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from flask import abort, request
from flask.typing import ResponseReturnValue

from models.unit_of_work import Session
from models.vocabulary import Channel, Regime
from verification.learning.comparing import FEWEST_CONTACTS
from verification.learning.current import current_version
from verification.learning.gathering import held_out_count
from verification.learning.versions import Version, versions
from web.access import Visit
from web.pages import render_page
from web.translating import lazy

_REGIMES: Mapping[str, Any] = {
    "normal": lazy("Ordinary days"),
    "ramadan": lazy("Ramadan"),
    "eid": lazy("Eid"),
}
_WHY: Mapping[str, Any] = {
    "better": lazy("no worse than the one before"),
    "as_good": lazy("as good, and fresher by two weeks"),
    "worse": lazy("worse than the one in use"),
    "overtaken": lazy("another one came into use meanwhile"),
}


class State(StrEnum):
    """What became of a version."""

    in_use = "in_use"
    replaced = "replaced"
    kept_back = "kept_back"
    rolled_back = "rolled_back"


_STATES: Mapping[State, Any] = {
    State.in_use: lazy("Used now"),
    State.replaced: lazy("Was used"),
    State.kept_back: lazy("Not used"),
    State.rolled_back: lazy("Rolled back"),
}


@dataclass(frozen=True)
class Mark:
    """A point of a curve: told and came are shares of 1, x and y percent of the picture's square."""

    told: float
    came: float
    contacts: int

    @property
    def x(self) -> float:
        """From the left."""
        return round(100 * self.told, 2)

    @property
    def y(self) -> float:
        """From the top."""
        return round(100 - 100 * self.came, 2)


@dataclass(frozen=True)
class Curve:
    """How chances came true: marks by rising chance; `error` is their mean distance from the truth."""

    contacts: int
    error: float
    marks: Sequence[Mark]

    @property
    def line(self) -> str:
        """The marks joined, as SVG wants them."""
        return " ".join(f"{mark.x},{mark.y}" for mark in self.marks)


@dataclass(frozen=True)
class Picture:
    """One channel: chances of an answer on held-out contacts, and chances of a decision as production stated
    them; either may be missing for want of contacts."""

    channel: Channel
    answers: Curve | None
    decisions: Curve | None


@dataclass(frozen=True)
class Row:
    """One version in the list. `error` is the mean error of its chances, None where none was measured."""

    version: Version
    state: State
    losses: Mapping[str, Any]
    error: float | None

    @property
    def state_word(self) -> str:
        """What became of it."""
        return str(_STATES[self.state])

    @property
    def why(self) -> str:
        """Why it was used, or was not."""
        return str(_WHY.get(self.version.findings.get("why", ""), ""))


def show_learning(visit: Visit, session: Session) -> ResponseReturnValue:
    """The versions, and the curves of one of them: of the newest unless the address names another."""
    in_use = current_version(session)
    rows = [_row(each, in_use) for each in versions(session)]
    shown = _wanted(rows)
    held_out = 0 if rows else held_out_count(session, now=visit.now, most=FEWEST_CONTACTS)
    return render_page(
        "board_learning.html",
        rows=rows,
        shown=shown,
        current=next((row for row in rows if row.version.version == in_use), None),
        pictures=list(_pictures(shown.version.findings)) if shown else [],
        parts=shown.version.findings.get("parts", []) if shown else [],
        channel_of=Channel,
        regime_word=lambda regime: str(_REGIMES[Regime(regime)]),
        signed=signed,
        held_out=held_out,
        fewest=FEWEST_CONTACTS,
    )


def signed(difference: float) -> str:
    """ "+0.0012", "−0.0310": with the sign that is written in print."""
    return f"{difference:+.4f}".replace("-", "−")


def _wanted(rows: Sequence[Row]) -> Row | None:
    """The version that the address names; one that is not kept leads nowhere."""
    asked = request.args.get("version")
    if not asked:
        return rows[0] if rows else None
    found = [row for row in rows if str(row.version.version) == asked]
    if not found:
        abort(404)
    return found[0]


def _row(version: Version, in_use: int) -> Row:
    if version.version == in_use:
        state = State.in_use
    elif version.rolled_back_at is not None:
        state = State.rolled_back
    else:
        state = State.replaced if version.promoted_at is not None else State.kept_back
    found = version.findings.get("calibration", {}).values()
    contacts = sum(each["contacts"] for each in found)
    error = sum(each["contacts"] * each["error"] for each in found) / contacts if contacts else None
    return Row(version, state, version.findings.get("overall", {}), error)


def _pictures(findings: Mapping[str, Any]) -> Iterator[Picture]:
    for channel in Channel:
        curves = [_curve(findings.get(kind, {}).get(channel.value)) for kind in ("calibration", "chosen")]
        if any(curves):
            yield Picture(channel, *curves)


def _curve(found: Mapping[str, Any] | None) -> Curve | None:
    if found is None:
        return None
    return Curve(found["contacts"], found["error"], [Mark(*point) for point in found["points"]])
