"""What an order's plan says of itself, read from where planning left it; pure.

Plans of other times may lack what today's tell, so whatever is not there reads as unknown.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from models.reasons import Reason
from models.vocabulary import Arm, Channel, Chooser
from verification.hours.pauses import CODES as HOURS

OF_HABITS = ("seen", "percent", "usual_percent", "percent_now")
"""The params of a reason that stem from a buyer's habits, over all sellers."""
# A waiver's percent rests on the tier, whose reasons the seller reads anyway.
_RECKONED_FROM_TIER = ("waived_known_buyer", "waived_asking_costs_more")
_TOLD_RULES = frozenset({*HOURS, "provider_out"})
_QUARTER = timedelta(minutes=15)
_ZERO = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class ToldRung:
    """A contact that is expected should all before it fail; `chance` is that of a decision by it."""

    channel: Channel
    not_before: datetime
    chance: float | None
    reason: Reason


@dataclass(frozen=True)
class ToldPlan:
    """The plan as it was at `planned_at`; `rungs` come after the next contact, which is a step.

    `stop` says why it ends (`deadline`, `caps_spent`, `not_worth`, `no_time`), `waits` why the next contact
    is not now. `seen` are facts of the buyer's past over all sellers, `{kind, hour, times}`: for staff alone.
    """

    chooser: Chooser | None
    arm: Arm | None
    stopped: bool
    model: int | None
    chance: float | None
    stop: str | None
    waits: Reason | None
    seen: tuple[Mapping[str, Any], ...]
    worth: Mapping[str, Any]
    planned_at: datetime | None
    rungs: tuple[ToldRung, ...]

    @property
    def known(self) -> bool:
        """Whether the plan told anything but its contacts."""
        return self.planned_at is not None


def told_plan(plan: Mapping[str, Any] | None, ladder: Sequence[Mapping[str, Any]]) -> ToldPlan:
    """An order's `plan` and `ladder`, as they are stored; of a decided order, the ladder that was left."""
    said = plan or {}
    chooser, arm, waits, planned_at = (said.get(name) for name in ("chooser", "arm", "waits", "planned_at"))
    return ToldPlan(
        chooser=Chooser(chooser) if chooser in list(Chooser) else None,
        arm=Arm(arm) if arm in list(Arm) else None,
        stopped=bool(said.get("stopped")),
        model=said.get("model"),
        chance=said.get("chance"),
        stop=said.get("stop"),
        waits=Reason.from_json(waits) if waits else None,
        seen=tuple(_seen(said.get("signs") or {})),
        worth=said.get("worth") or {},
        planned_at=datetime.fromisoformat(planned_at) if planned_at else None,
        rungs=tuple(
            ToldRung(
                Channel(rung["channel"]),
                datetime.fromisoformat(rung["not_before"]),
                rung.get("chance"),
                Reason.from_json(rung["reason"]),
            )
            for rung in ladder or said.get("left") or ()
        ),
    )


def why_not_now(waits: Reason | None, reason: Reason) -> Reason | None:
    """Why a contact is not made at once: what its plan says of that, else the rules that hold it back."""
    if waits is not None:
        return waits
    held_by = reason.params.get("held_by")
    return Reason("held_back", {"by": list(held_by)}) if held_by else None


def for_sellers(reason: Reason, *, since: datetime | None = None) -> Reason:
    """The reason, and those within it, as every door of the sellers tells it.

    Of the buyer a seller knows the tier alone, never another seller's contact: what was seen, how likely an
    answer is and which caps hold are left out, of what holds back the hours stay. A `not_before` to come,
    as seen from `since` (aware), is rounded as `rounded` has it.
    """
    code, params = reason.code, dict(reason.params)
    if code not in _RECKONED_FROM_TIER:
        params = without_habits(params)
    for name in ("held_by", "by"):
        if isinstance(rules := params.get(name), list | tuple):
            params[name] = [rule for rule in rules if rule in _TOLD_RULES]
            if not params[name]:
                del params[name]
    if code == "cap" or (code == "held_back" and "by" not in params):
        return Reason("planned_for_later")
    if since is not None and isinstance(at := params.get("not_before"), str):
        params["not_before"] = _rounded_text(at, since)
    return Reason(code, {name: _told(value) for name, value in params.items()})


def rounded(at: datetime) -> datetime:
    """The next full quarter of an hour, `at` itself where it is one: finer would tell another's contact."""
    return at + (_ZERO - at) % _QUARTER


def without_habits(params: Mapping[str, Any]) -> dict[str, Any]:
    """A plan's reason or its params, also within others, without what stems from the buyer's habits."""
    return {
        name: without_habits(value) if isinstance(value, Mapping) else value
        for name, value in params.items()
        if name not in OF_HABITS
    }


def _told(value: Any) -> Any:
    if isinstance(value, Mapping) and "code" in value:
        return for_sellers(Reason.from_json(value)).as_json()
    return value


def _rounded_text(text: str, since: datetime) -> str:
    at = datetime.fromisoformat(text)
    return rounded(at).isoformat() if at > since else text


def _seen(signs: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """`{"answers_after": 20, "reads_at": [{"hour": 21, "times": 2}]}` as facts in one row."""
    for kind, told in signs.items():
        if isinstance(told, int):
            yield {"kind": kind, "hour": told}
        elif isinstance(told, list):
            yield from ({**fact, "kind": kind} for fact in told if isinstance(fact, Mapping))
