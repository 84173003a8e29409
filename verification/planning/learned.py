"""Contacts by what was learned, pure: the best hours and channels that are left, phone by phone."""

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from models.reasons import Reason
from models.vocabulary import Choice
from verification.planning.case import CaseFacts, Insight, Point
from verification.planning.choosing import asked_of, terms_of
from verification.planning.opening import Opening, alone, draw, open_with
from verification.planning.planned import End, Ladder
from verification.planning.walking import Walk
from verification.policy.values import Policy
from verification.slots.asking import Asked, Terms
from verification.slots.ladder import Plan as Slots
from verification.slots.ladder import plan_batch
from verification.slots.model import Model


@dataclass(frozen=True, eq=False)
class _Question:
    """What is asked of a model about one phone."""

    model: Model
    asked: Asked
    terms: Terms


_Asking = Generator[_Question, Slots, Ladder]


def ladders(cases: Sequence[tuple[CaseFacts, Policy]], now: datetime) -> list[Ladder]:
    """The best contacts for each case (all have an insight), in order; many at once cost far less each.

    No ladder depends on the other cases. Every contact is one that `permit` allows after those before it,
    and lies before the deadline.
    """
    found: dict[int, Ladder] = {}
    asking = {number: _of_case(facts, policy, now) for number, (facts, policy) in enumerate(cases)}
    questions: dict[int, _Question] = {}
    for number, each in asking.items():
        _go_on(each, None, number, questions, found)
    while questions:
        answers, questions = _answers(questions), {}
        for number, answer in answers.items():
            _go_on(asking[number], answer, number, questions, found)
    return [found[number] for number in range(len(cases))]


def _go_on(
    asking: _Asking,
    answer: Slots | None,
    number: int,
    questions: dict[int, _Question],
    found: dict[int, Ladder],
) -> None:
    """Let one case's planning run until it asks again or is done."""
    try:
        questions[number] = next(asking) if answer is None else asking.send(answer)
    except StopIteration as ended:
        found[number] = ended.value


def _answers(questions: Mapping[int, _Question]) -> dict[int, Slots]:
    """The plans that are asked for, in batches of the same model and terms."""
    batches: list[tuple[_Question, list[int]]] = []
    for number, question in questions.items():
        for like, numbers in batches:
            if like.model is question.model and like.terms == question.terms:
                numbers.append(number)
                break
        else:
            batches.append((question, [number]))
    found: dict[int, Slots] = {}
    for like, numbers in batches:
        plans = plan_batch(like.model, [questions[number].asked for number in numbers], like.terms)
        found.update(zip(numbers, plans, strict=True))
    return found


def _of_case(facts: CaseFacts, policy: Policy, now: datetime) -> _Asking:
    """The contacts for the first phone that has any left.

    Each phone has its share of the time and leaves a contact of each kind to those after it; when all have
    had theirs, what is left goes to the first that has use for it.
    """
    if facts.insight is None:
        raise ValueError("the case is contacted by the fixed schedule")
    usable = [point for point in facts.points if point.usable]
    found = Ladder(end=End.no_time)
    for place, point in enumerate(usable):
        until = _share(facts, facts.insight, place + 1, len(usable))
        found = yield from _of_phone(facts, facts.insight, point, policy, now, until, len(usable) - place - 1)
        if found.rungs:
            return found
    for point in usable[:-1]:
        found = yield from _of_phone(facts, facts.insight, point, policy, now, facts.decide_by, 0)
        if found.rungs:
            return found
    return found


def _share(facts: CaseFacts, known: Insight, number: int, phones: int) -> datetime:
    whole = facts.decide_by - known.received_at
    return facts.decide_by if number == phones else known.received_at + whole * (number / phones)


def _of_phone(
    facts: CaseFacts,
    known: Insight,
    point: Point,
    policy: Policy,
    now: datetime,
    until: datetime,
    kept_back: int,
) -> _Asking:
    """The contacts for one phone: what it is owed, then the best hours.

    Where a cap that fills up on the way forbids what the model counted on, it is asked again from there, as
    it will be when that contact has failed.
    """
    walk, terms = Walk(facts, point, policy, now), terms_of(policy)
    walk.owe()
    later: Reason | None = None
    going = 1.0
    while True:
        if walk.is_full:
            return walk.ladder(End.caps_spent, 1 - going, later)
        asked = asked_of(walk.facts, walk.point, policy, walk.now, until=until, kept_back=kept_back)
        if not (asked.calls or asked.messages):
            return walk.ladder(End.no_time, 1 - going, later)
        plan = yield _Question(known.model, asked, terms)
        rungs, taken = plan.rungs, 0
        if not walk.rungs:
            opening = yield from _opening(facts, known, policy, terms, asked, plan)
            if opening is None:
                return walk.ladder(End(plan.stop.value), 0.0, None)
            if not walk.open(opening):
                return walk.ladder(End.no_time, 0.0, None)
            if not rungs or opening.rung is not rungs[0]:
                going, later = 1 - opening.rung.chance, opening.later
                continue
            later, taken = opening.later, 1
        taken += walk.follow(rungs[taken:])
        if taken == len(rungs):
            return walk.ladder(End(plan.stop.value), 1 - going * (1 - plan.chance), later)
        if not taken:
            return walk.ladder(End.no_time, 1 - going, later)
        for rung in rungs[:taken]:
            going *= 1 - rung.chance


def _opening(
    facts: CaseFacts, known: Insight, policy: Policy, terms: Terms, asked: Asked, plan: Slots
) -> Generator[_Question, Slots, Opening | None]:
    """The best next contact, or in its place one drawn by lot."""
    best = open_with(facts, policy, asked, plan)
    if best is None:
        return None
    drawn, propensity = draw(known, len(facts.past) + 1, policy, terms, asked, best.rung)
    if drawn is None:
        return replace(best, propensity=propensity)
    lone = yield _Question(known.model, *alone(asked, terms, drawn))
    if not lone.rungs:
        return best
    reason = Reason("drawn_by_lot", lone.rungs[0].reason.params)
    return Opening(lone.rungs[0], reason, Choice.random, propensity, reason)
