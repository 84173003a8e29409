"""`flask slots explain`: why an order is contacted when and how it is; counts and codes, nothing personal."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import click

from models.orders import Order
from models.reasons import Reason
from models.unit_of_work import Session, unit_of_work
from models.vocabulary import Arm, Chooser
from scripts.opening import answer, json_option, opened
from verification.planning.explaining import Ambiguous, Explained, Unknown, explain, order_named
from verification.planning.planned import Planned
from verification.slots.staffing import FORBIDDEN
from verification.telling.plan import ToldPlan, told_plan
from verification.wording import render
from verification.wording.rendering import render_seen

_STOPS = {
    "deadline": "the deadline",
    "caps_spent": "all contacts that it may have",
    "not_worth": "not worth another contact",
    "no_time": "no allowed time is left",
}


@click.command("explain")
@click.argument("order")
@json_option
def explained(order: str, as_json: bool) -> None:
    """Why ORDER (its id, or its number or external id where only one has it) is contacted as it is.

    Times are of the buyer's clock. Nothing of who the buyer is is shown.
    """
    with opened() as house, unit_of_work(house.engine) as session:
        now = house.now()
        found = _order(session, order)
        if found.decision_id is not None:
            plan = told_plan(found.plan, found.ladder)
            told: dict[str, Any] = {**_named(found), "decided": True, "kept": _kept(plan)}
            answer(told, "\n".join(_lines_of_decided(found, plan)), as_json=as_json)
            return
        known = explain(session, found, now=now)
        answer(_told(known, now), "\n".join(_lines(known, now)), as_json=as_json)


def _order(session: Session, text: str) -> Order:
    try:
        return order_named(session, text)
    except Unknown:
        raise click.ClickException("no order has this id, number or external id") from None
    except Ambiguous as many:
        ids = ", ".join(str(each) for each in many.order_ids)
        raise click.ClickException(f"several orders have this number: name one by its id ({ids})") from None


def _named(order: Order) -> dict[str, Any]:
    return {"order": order.id, "country": order.country, "arm": order.arm and order.arm.value}


def _kept(plan: ToldPlan) -> dict[str, Any]:
    return {
        "chooser": plan.chooser and plan.chooser.value,
        "model": plan.model,
        "chance": plan.chance,
        "stop": plan.stop,
        "waits": plan.waits and plan.waits.as_json(),
        "worth": dict(plan.worth),
        "planned_at": plan.planned_at,
        "ladder": [
            {"channel": each.channel.value, "not_before": each.not_before, "chance": each.chance}
            for each in plan.rungs
        ],
    }


def _told(known: Explained, now: datetime) -> dict[str, Any]:
    learned, week, terms = known.learned, known.week, known.terms
    following = [each for each in (learned.next, *learned.ladder) if each is not None]
    return {
        **_named(known.order),
        "decided": False,
        "at": now,
        "zone": known.zone,
        "deadline": known.order.decide_by,
        "orders_together": known.together,
        "stopped": known.stopped,
        "kept": _kept(known.kept),
        "buyer": {
            "contacts": week.contacts,
            "orders": week.orders,
            "signs_of_life": week.signs,
            "facts": [
                {"kind": each.kind.value, "hour": each.hour, "times": each.times} for each in week.facts
            ],
            "regime": week.regime.value,
            "model": week.model,
        },
        "chances": [
            {"channel": each.channel.value, "at": each.at, "chance": each.chance} for each in known.chances
        ],
        "learned": {
            "chance": learned.chance,
            "stop": learned.end and learned.end.value,
            "waits": learned.waits and learned.waits.as_json(),
            "ladder": [_rung(each) for each in following],
        },
        "schedule": [_rung(each) for each in known.schedule.rungs],
        "prices": {
            "decision": terms.decision_value,
            "complaint": terms.complaint_cost,
            "agent_price": terms.agent_price,
            "try": {channel.value: cost for channel, cost in terms.ring.items()},
            "answered": {channel.value: cost for channel, cost in terms.talk.items()},
            "most": {channel.value: most for channel, most in terms.caps.items()},
            "agent_hours": {hour.isoformat(): price for hour, price in known.agent_prices.items()},
        },
    }


def _rung(rung: Planned) -> dict[str, Any]:
    return {
        "channel": rung.channel.value,
        "not_before": rung.not_before,
        "chance": rung.chance,
        "reason": rung.reason.as_json(),
    }


def _lines(known: Explained, now: datetime) -> Iterator[str]:
    clock = _Clock(known.zone)
    yield (
        f"order {known.order.id}, {known.order.country}; now {clock.at(now)}, "
        f"deadline {clock.at(known.order.decide_by)} ({known.zone})"
    )
    yield f"chosen by: {_chooser(known)}"
    if known.together > 1:
        yield f"asked about together with other undecided orders of this buyer: {known.together - 1}"
    yield from _of_buyer(known)
    yield "chances of a decision by one contact, as soon as it is allowed"
    for each in known.chances:
        yield f"  {clock.at(each.at)}  {each.channel.value:15}{each.chance:6.1%}"
    if not known.chances:
        yield f"  {_without_chances(known)}"
    yield from _best(known, clock)
    yield "the fixed schedule would make"
    yield from (_line(rung, clock) for rung in known.schedule.rungs)
    if not known.schedule.rungs:
        yield "  no contact"
    yield from _prices(known, clock)


def _without_chances(known: Explained) -> str:
    if not known.has_number:
        return "none, as there is no number by which the buyer can be reached"
    return "none but what is planned" if known.learned.next else "no contact is possible before the deadline"


def _chooser(known: Explained) -> str:
    arm = known.order.arm
    if known.stopped:
        return "the fixed schedule, as choosing is stopped for everybody (flask slots resume)"
    learned = (
        f"what was learned, model version {known.week.model}"
        if known.week.model
        else "what is usual, as nothing has been learned yet"
    )
    # An order that came to an open case is contacted with it, whatever it drew itself.
    if arm is not None and arm != Arm.learned and known.kept.chooser is Chooser.learned:
        return f"{learned}, with an older order of its buyer; by itself it is of the arm {arm.value}"
    if known.kept.stopped:
        return "the fixed schedule until it is planned anew, as choosing was stopped when it was planned"
    if arm is Arm.learned and known.kept.chooser is Chooser.fixed:
        return "the fixed schedule, with an older order of its buyer; by itself it is of the arm learned"
    named = {
        "learned": learned,
        "control": "the fixed schedule, as one of those kept on it to compare with",
        "fixed": "the fixed schedule, as the policy says or said when the order came",
    }
    return named[arm.value] if arm else "nothing yet: it has not been planned"


def _of_buyer(known: Explained) -> Iterator[str]:
    week = known.week
    said = "; ".join(
        render_seen({"kind": each.kind.value, "hour": each.hour, "times": each.times}, "en")
        for each in week.facts
    )
    counts = ", ".join(
        f"{count} {name}{'' if count == 1 else 's'}{rest}"
        for count, name, rest in (
            (week.contacts, "contact", ""),
            (week.orders, "order", ""),
            (week.signs, "other sign", " of life"),
        )
    )
    yield f"known of the buyer: {counts}{f'; {said}' if said else ''}"
    worth = known.kept.worth
    if worth.get("loss") is not None:
        yield (
            f"worth asking: a refusal has a chance of {worth['refusal']:.0%}, so {worth['loss']:.2f} USD are "
            f"likely lost unasked; asking costs about {worth['cost']:.2f} (rank {worth['rank']} of 0 to 9)"
        )


def _best(known: Explained, clock: "_Clock") -> Iterator[str]:
    plan = known.learned
    whole = "" if plan.chance is None else f", {plan.chance:.0%} decided in time"
    yield f"the best plan by what was learned{whole}"
    if plan.next is None:
        yield "  no contact"
    for rung in (plan.next, *plan.ladder):
        if rung is not None:
            yield _line(rung, clock)
    if plan.end is not None:
        yield f"  then stop: {_STOPS.get(plan.end.value, plan.end.value)}"
    if plan.waits is not None:
        yield f"why not now: {_said(plan.waits, clock)}"


def _line(rung: Planned, clock: "_Clock") -> str:
    chance = "     –" if rung.chance is None else f"{rung.chance:6.1%}"
    drawn = " (drawn by lot)" if rung.chosen == "random" and rung.reason.code != "drawn_by_lot" else ""
    return (
        f"  {clock.at(rung.not_before)}  {rung.channel.value:15}{chance}  {_said(rung.reason, clock)}{drawn}"
    )


def _prices(known: Explained, clock: "_Clock") -> Iterator[str]:
    terms = known.terms
    yield (
        f"prices in USD: a decision {terms.decision_value:.2f}, a complaint {terms.complaint_cost:.2f}, "
        f"an agent's time × {terms.agent_price:.2f}"
    )
    for channel, most in terms.caps.items():
        ring, talk = terms.ring.get(channel, 0.0), terms.talk.get(channel, 0.0)
        besides = f", {talk:.3f} more when answered" if talk else ""
        yield f"  {channel.value:15}{ring:.3f} a try{besides}; at most {most} an order"
    for hour, price in known.agent_prices.items():
        said = "nobody is at work" if price >= FORBIDDEN else f"agents are short, their time × {price:.2f}"
        yield f"  {clock.at(hour)}: {said}"


def _lines_of_decided(order: Order, plan: ToldPlan) -> Iterator[str]:
    yield f"order {order.id}, {order.country}: decided, so nothing more is planned"
    if not plan.known:
        yield "no plan was kept of it"
        return
    by = plan.chooser.value if plan.chooser else "–"
    version = "" if plan.model is None else f", model version {plan.model}"
    stopped = ", as choosing was stopped for everybody" if plan.stopped else ""
    yield f"its last plan, of {plan.planned_at:%Y-%m-%d %H:%M} UTC, was chosen by: {by}{version}{stopped}"
    for rung in plan.rungs:
        yield f"  would have followed: {rung.channel.value} at {rung.not_before:%Y-%m-%d %H:%M} UTC"


def _said(reason: Reason, clock: "_Clock") -> str:
    return render(reason, "en", write_instant=clock.at)


class _Clock:
    """The buyer's, as text."""

    def __init__(self, zone: str) -> None:
        self._zone = ZoneInfo(zone)

    def at(self, instant: datetime) -> str:
        """ "Sun 22 Nov 21:00"."""
        return f"{instant.astimezone(self._zone):%a %d %b %H:%M}"
