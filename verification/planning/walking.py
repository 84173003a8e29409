"""Walking along planned hours, pure: each contact is checked as if all before it were made and failed."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from models.reasons import Reason
from models.vocabulary import Channel, Choice
from verification.planning.case import CaseFacts, Past, Point
from verification.planning.choosing import MESSAGE_HOUR
from verification.planning.opening import Opening
from verification.planning.permission import Permission, Touch
from verification.planning.planned import FIRST, ROUTINE, End, Ladder, Planned, because, permit_case
from verification.planning.recalling import recalled
from verification.planning.schedule import owed_again, why
from verification.policy.values import Policy
from verification.slots.asking import HOUR
from verification.slots.ladder import Rung

_TOLD = frozenset({"next_number", "could_not_contact"})


class Walk:
    """The contacts taken up so far with one phone, and the case as it stands after them."""

    def __init__(self, facts: CaseFacts, point: Point, policy: Policy, now: datetime) -> None:
        self.facts = facts
        self.now = now
        self.rungs: list[Planned] = []
        self._point_id = point.id
        self._policy = policy

    @property
    def point(self) -> Point:
        """The phone, with the contacts taken up."""
        return next(point for point in self.facts.points if point.id == self._point_id)

    @property
    def is_full(self) -> bool:
        """Whether the order has had as many contacts as it may."""
        return len(self.facts.past) >= self._policy.max_attempts_per_order

    def ladder(self, end: End, chance: float, later: Reason | None) -> Ladder:
        """What was taken up."""
        return Ladder(tuple(self.rungs), end, round(chance, 4) if self.rungs else None, later)

    def owe(self) -> None:
        """Take up the contacts that the phone is owed once more because it was off."""
        here = [past for past in self.facts.past if past.point_id == self._point_id]
        for rung in owed_again(self._policy, here, self.facts.past):
            before = self.facts.past[-1]
            earliest = self.now
            if before.left:
                earliest = max(self.now, before.at + timedelta(minutes=rung.after_minutes))
            permission = self._permitted(rung.channel, earliest)
            if self.is_full or rung.channel not in self.point.usable:
                continue
            if permission.at is None or permission.at >= self.facts.decide_by:
                continue
            reason = because(why(before, rung.channel, self._point_id), permission)
            self._take(rung.channel, permission.at, reason, Choice.owed)

    def open(self, opening: Opening) -> bool:
        """Take up the next contact; False where the rules forbid it."""
        at = self._allowed(opening.rung)
        if at is None:
            return False
        rung = opening.rung
        held_by = self._permitted(rung.channel, self.now)
        reason = self._reason(rung.channel, opening.reason, at)
        if held_by.at == at:
            reason = because(reason, held_by)
        self._take(rung.channel, at, reason, opening.choice, opening.propensity, rung.chance)
        return True

    def follow(self, rungs: Sequence[Rung]) -> int:
        """Take up contacts until the rules forbid one; how many were."""
        for number, rung in enumerate(rungs):
            at = None if self.is_full else self._allowed(rung)
            if at is None:
                return number
            reason = self._reason(rung.channel, rung.reason, at)
            self._take(rung.channel, at, reason, Choice.best, chance=rung.chance)
        return len(rungs)

    def _permitted(self, channel: Channel, at: datetime) -> Permission:
        return permit_case(channel, self.point.touches, self.facts, self._policy, at)

    def _allowed(self, rung: Rung) -> datetime | None:
        """The first instant within the planned hour; None where rules move the contact out of it."""
        earliest, last = rung.not_before, self.facts.past[-1] if self.facts.past else None
        if self.rungs and last is not None and last.channel.is_message:
            earliest = max(earliest, last.at + MESSAGE_HOUR)
        over = rung.not_before.replace(minute=0, second=0, microsecond=0) + HOUR
        at = self._permitted(rung.channel, earliest).at
        return at if at is not None and at < min(over, self.facts.decide_by) else None

    def _reason(self, channel: Channel, chosen: Reason, at: datetime) -> Reason:
        before = self.facts.past[-1] if self.facts.past else None
        following = why(before, channel, self._point_id)
        seen = recalled(self.facts, channel, at)
        params = {**chosen.params, **({"seen": seen} if seen else {})}
        if following.code in _TOLD:
            return Reason(following.code, {**params, **following.params})
        return Reason(chosen.code, params)

    def _take(
        self,
        channel: Channel,
        at: datetime,
        reason: Reason,
        choice: Choice,
        propensity: float = 1.0,
        chance: float | None = None,
    ) -> None:
        priority = ROUTINE if self.facts.past else FIRST
        self.rungs.append(
            Planned(
                channel,
                self._point_id,
                at,
                reason,
                priority,
                chosen=choice,
                propensity=propensity,
                chance=chance,
            )
        )
        point = self.point
        touched = replace(point, touches=(*point.touches, Touch(channel, at)))
        points = tuple(touched if each is point else each for each in self.facts.points)
        past = Past(channel, at, self._point_id, open=channel.is_message)
        self.facts = replace(self.facts, points=points, past=(*self.facts.past, past))
        self.now = at
