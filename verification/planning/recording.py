"""What is kept of a plan with its orders, for people to read; codes, numbers and times only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from models.vocabulary import Arm, Chooser
from verification.planning.case import CaseFacts
from verification.planning.planned import Plan, Planned
from verification.planning.standing import known_by
from verification.worth.worth import Worth, rank_of


@dataclass(frozen=True)
class Ground:
    """By what the contacts of a case are chosen: its oldest order's `arm`, unless the kill switch stands."""

    arm: Arm
    stopped: bool


def recorded(
    made: Plan, facts: CaseFacts, ground: Ground, arm: Arm | None, worth: Worth, now: datetime
) -> dict[str, Any]:
    """The plan as one of its orders keeps it, under `orders.plan`; `arm` and `worth` are the order's own.

    `counted` is there to tell whether anything is new when it is planned again.
    """
    known = known_by(facts.insight) if facts.insight else {"model": None}
    contacts = [each for each in (made.next, *made.ladder) if each is not None and each.chosen]
    return {
        "chooser": (Chooser.learned if facts.insight else Chooser.fixed).value,
        "arm": (arm or ground.arm).value,
        "stopped": ground.stopped,
        **known,
        "chance": made.chance,
        "stop": made.end.value if made.end else None,
        "stop_at": contacts[-1].not_before.isoformat() if contacts else None,
        "waits": made.waits.as_json() if made.waits else None,
        "signs": _signs(made.next),
        "worth": {
            "refusal": round(worth.refusal, 4),
            "loss": round(worth.loss, 2),
            "cost": round(worth.cost, 2),
            "rank": rank_of(worth),
        },
        "planned_at": now.isoformat(),
    }


def _signs(planned: Planned | None) -> dict[str, Any]:
    """The facts that support the next contact, by kind."""
    seen: Sequence[Mapping[str, Any]] = planned.reason.params.get("seen", ()) if planned else ()
    signs: dict[str, Any] = {}
    for fact in seen:
        if fact["kind"] == "answers_after":
            signs["answers_after"] = fact["hour"]
        else:
            signs.setdefault(fact["kind"], []).append({"hour": fact["hour"], "times": fact["times"]})
    return signs


def expected(rung: Planned, facts: CaseFacts) -> dict[str, Any]:
    """A contact of the ladder as `orders.ladder` keeps it; `point` is the place of its phone."""
    return {
        "channel": rung.channel.value,
        "not_before": rung.not_before.isoformat(),
        "reason": rung.reason.as_json(),
        "chance": rung.chance,
        "point": next((at for at, point in enumerate(facts.points) if point.id == rung.point_id), None),
    }
