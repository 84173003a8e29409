"""The planner in a conversation: past contacts and orders come in, plans go out (docs/slots.md)."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from models.vocabulary import Channel, Regime
from verification.hours.occasions import occasion_of
from verification.slots.asking import Asked, Span, Terms, Tried
from verification.slots.cells import channel_index, contact_cell, order_cell, rest_days
from verification.slots.counts import Past, Pooled
from verification.slots.fitting import fit
from verification.slots.ladder import plan_batch
from verification.slots.model import Model, cold_model


class _Whose(NamedTuple):
    buyer: str
    country: str
    city: str


def _whose(row: Mapping[str, Any]) -> _Whose:
    return _Whose(str(row["buyer"]), str(row["country"]), str(row["city"]))


class _Contact(NamedTuple):
    whose: _Whose
    channel: Channel
    local: datetime
    reached: bool
    decided: bool

    @classmethod
    def read(cls, row: Mapping[str, Any]) -> "_Contact":
        """One line of the protocol; all are read before any is learned, so a bad one changes nothing."""
        local, channel = datetime.fromisoformat(row["at"]), Channel(row["channel"])
        channel_index(channel)
        return cls(_whose(row), channel, local, bool(row["reached"]), bool(row["decided"]))


class Planner:
    """What was learned so far; each request of the protocol changes or asks it."""

    def __init__(self, model: Model | None = None) -> None:
        self.model = model or cold_model()
        self.pasts: dict[str, Past] = {}
        self._places: dict[str, tuple[str, str]] = {}
        self._pooled: dict[frozenset[int], Pooled] = {}

    def answer(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """The answer to one request; ValueError, KeyError or TypeError on one that cannot be understood."""
        match request["op"]:
            case "learn":
                contacts = [_Contact.read(row) for row in request.get("attempts", ())]
                placed = [
                    (_whose(row), datetime.fromisoformat(row["placed_at"]))
                    for row in request.get("orders", ())
                ]
                for contact in contacts:
                    self._learn(contact)
                for whose, at in placed:
                    self._past(whose).add(order_cell(at))
                return {"ok": True}
            case "fit":
                places = [self._places[buyer] for buyer in self.pasts]
                self.model = fit(self.model, list(self.pasts.values()), places, self._pooled)
                return {"ok": True}
            case "plan":
                return {"plans": self._plans(request["orders"], request["policy"])}
            case other:
                raise ValueError(f"unknown op {other!r}")

    def _past(self, whose: "_Whose") -> Past:
        self._places[whose.buyer] = (whose.country, whose.city)
        return self.pasts.setdefault(whose.buyer, Past())

    def _learn(self, one: "_Contact") -> None:
        country, local = one.whose.country, one.local
        regime = _regime(local, country)
        self._past(one.whose).add(contact_cell(one.channel, local, country, regime, reached=one.reached))
        pooled = self._pooled.setdefault(rest_days(country), Pooled())
        if regime is Regime.normal:
            pooled.add(one.channel, local.weekday(), local.hour, reached=one.reached, decided=one.decided)
        else:
            pooled.add_answer(one.channel, reached=one.reached, decided=one.decided)

    def _plans(self, orders: Sequence[Mapping[str, Any]], policy: Mapping[str, Any]) -> list[dict[str, Any]]:
        asked = [_asked(order, policy, self.pasts.get(str(order["buyer"]), _NOTHING)) for order in orders]
        plans = plan_batch(self.model, asked, terms_of(policy))
        return [
            {"id": order["id"], "channel": None}
            if not plan.rungs
            else {
                "id": order["id"],
                "channel": plan.rungs[0].channel.value,
                "not_before": plan.rungs[0].not_before.astimezone(each.zone).isoformat(),
                "chance": plan.rungs[0].chance,
                "reason": plan.rungs[0].reason.as_json(),
            }
            for order, each, plan in zip(orders, asked, plans, strict=True)
        ]


_NOTHING = Past()


def terms_of(policy: Mapping[str, Any]) -> Terms:
    """The terms of a policy as the protocol writes it."""
    costs, calls = policy["costs"], int(policy["max_calls"])
    return Terms(
        decision_value=float(policy["decision_value"]),
        complaint_cost=float(policy["complaint_cost"]),
        ring={channel: float(costs[channel.value]) for channel in Channel if channel.value in costs},
        talk={Channel.ivr: float(costs["ivr_talk"]), Channel.agent_call: float(costs["agent_talk"])},
        caps={
            Channel.whatsapp: int(policy["max_whatsapp"]),
            Channel.sms: int(policy["max_sms"]),
            Channel.ivr: calls,
            Channel.agent_call: calls,
        },
        most_calls=calls,
    )


def _asked(order: Mapping[str, Any], policy: Mapping[str, Any], past: Past) -> Asked:
    now, deadline = datetime.fromisoformat(order["now"]), datetime.fromisoformat(order["deadline"])
    zone = now.tzinfo
    if zone is None:
        raise ValueError("now: needs an offset")
    days = (deadline.astimezone(zone).date() - now.date()).days + 1
    return Asked(
        past=past,
        country=order["country"],
        city=order["city"],
        zone=zone,
        placed_at=datetime.fromisoformat(order["placed_at"]),
        now=now,
        deadline=deadline,
        calls=_daily(now, days, policy["call_hours"]),
        messages=_daily(now, days, policy["message_hours"]),
        tried=[
            Tried(Channel(each["channel"]), datetime.fromisoformat(each["at"]), bool(each["reached"]))
            for each in order["tried"]
        ],
        regimes=[_regime(now + timedelta(days=day), order["country"]) for day in range(days)],
    )


def _daily(now: datetime, days: int, hours: Sequence[int]) -> list[Span]:
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    return [
        (midnight + timedelta(days=day, hours=hours[0]), midnight + timedelta(days=day, hours=hours[1]))
        for day in range(days)
    ]


def _regime(local: datetime, country: str) -> Regime:
    return _regime_on(local.toordinal(), country)


@lru_cache(maxsize=4096)
def _regime_on(day: int, country: str) -> Regime:
    return occasion_of(datetime.fromordinal(day).date(), country).regime
