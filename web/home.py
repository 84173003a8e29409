"""The front page: how the orders stand, for whoever passes by; numbers only, never a person."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from flask import Blueprint

from models.vocabulary import Channel, DeliveryState, OrderState, StepState, Via
from verification.gauges import Gauges
from web.access import Access, open_to
from web.counts import KeptGauges
from web.pages import render_page
from web.words import word

_WIDTH = 1000
_WAITING = (StepState.scheduled, StepState.ready, StepState.claimed)


@dataclass(frozen=True)
class Bar:
    """One part of the picture: a word, how many, and where it stands between 0 and 1000."""

    code: str
    word: str
    count: int
    start: float
    width: float


def home(kept: KeptGauges) -> Blueprint:
    """The address of the front page."""
    blueprint = Blueprint("home", __name__)

    @blueprint.get("/")
    @open_to(Access.public)
    def show_home() -> str:
        gauges = kept.get()
        return render_page(
            "home.html",
            orders=sum(gauges.orders.values()),
            states=list(_bars({state: gauges.orders.get(state.value, 0) for state in OrderState})),
            channels=list(_bars(_by_via(gauges))),
            decided=sum(gauges.decisions.values()),
            with_agents=_waiting_for_agents(gauges),
            told=gauges.events.get(DeliveryState.delivered.value, 0),
            untold=gauges.events.get(DeliveryState.pending.value, 0),
        )

    return blueprint


def _by_via(gauges: Gauges) -> Mapping[Via, int]:
    found: Counter[str] = Counter()
    for (_, via), count in gauges.decisions.items():
        found[via] += count
    return {via: found[via.value] for via in Via}


def _waiting_for_agents(gauges: Gauges) -> int:
    return sum(gauges.steps.get((state.value, Channel.agent_call.value), 0) for state in _WAITING)


def _bars(counts: Mapping[OrderState, int] | Mapping[Via, int]) -> Iterator[Bar]:
    total, start = sum(counts.values()) or 1, 0.0
    for member, count in counts.items():
        width = _WIDTH * count / total
        yield Bar(member.value, word(member), count, round(start, 2), round(width, 2))
        start += width
