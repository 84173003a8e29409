"""What choosing well brings: learned against control, measure by measure, with 95 % intervals; pure.

Which orders count and how they are weighed is said in `layers`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from models.vocabulary import Arm, Channel
from verification.trial.intervals import Estimate, Mean, newcombe, quotient, ratio, wilson
from verification.trial.layers import BOTH, CHANNELS, Count, Counted, Layers, Sums, layers_of

LEAST_CASES = 50
"""With fewer cases in an arm no effect is told."""
LEAST_EVENTS = 10
"""A mean is told by its ratio once it is known as well as a count of so many."""


class Measure(StrEnum):
    """What is compared, for each case: shares by their difference, means by their ratio."""

    decided = "decided"
    calls = "calls"
    contacts = "contacts"
    cost = "cost"
    complaints = "complaints"
    returned = "returned"

    @property
    def is_share(self) -> bool:
        """Whether its effect is a difference of shares, else a ratio."""
        return self in (Measure.decided, Measure.complaints, Measure.returned)

    @property
    def wants_more(self) -> bool:
        """Whether more of it is better."""
        return self is Measure.decided


@dataclass(frozen=True)
class Compared:
    """One measure in both arms; None where an arm has nothing to count. `effect` is the difference of shares
    or the ratio of means, learned against control; None: too few to tell."""

    measure: Measure
    learned: float | None = None
    control: float | None = None
    effect: Estimate | None = None

    @property
    def is_better(self) -> bool | None:
        """Whether learned is better (True) or worse (False) beyond chance; None when nobody can tell."""
        if self.effect is None:
            return None
        same = 0.0 if self.measure.is_share else 1.0
        if self.effect.low <= same <= self.effect.high:
            return None
        return (self.effect.value > same) is self.measure.wants_more


@dataclass(frozen=True)
class ChannelPart:
    """The part of one channel: cases decided in time through it, contacts on it, dollars spent on it."""

    channel: Channel
    measures: tuple[Compared, ...]


@dataclass(frozen=True)
class Part:
    """One country, or all together (None), with how many cases each arm has."""

    country: str | None
    learned: int
    control: int
    measures: tuple[Compared, ...]
    channels: tuple[ChannelPart, ...]

    def of(self, measure: Measure) -> Compared:
        """The comparison by one measure."""
        return next(each for each in self.measures if each.measure is measure)


def compare(counted: Sequence[Counted]) -> tuple[Part, ...]:
    """All together first, then each country, the one with most cases first."""
    by_country: dict[str, list[Counted]] = {}
    for each in counted:
        by_country.setdefault(each.country, []).append(each)
    sizes = {country: sum(each.cases for each in these) for country, these in by_country.items()}
    largest_first = sorted(by_country, key=lambda country: (-sizes[country], country))
    return (_part(None, counted), *(_part(country, by_country[country]) for country in largest_first))


def _part(country: str | None, counted: Sequence[Counted]) -> Part:
    layers = layers_of(counted)
    parcels = layers_of(counted, lambda each: each.parcels)
    used = {channel for each in counted for channel in each.channels}
    learned, control = (sum(each.cases for each in counted if each.arm is arm) for arm in BOTH)
    return Part(
        country,
        learned,
        control,
        measures=(
            _shares(Measure.decided, layers, lambda each: each.all.decided),
            _means(Measure.calls, layers, lambda each: each.on(Channel.agent_call).contacts),
            _means(Measure.contacts, layers, lambda each: each.all.contacts),
            _cost_of_each_decided(layers),
            _shares(Measure.complaints, layers, lambda each: each.complaints),
            _shares(Measure.returned, parcels, lambda each: each.returned),
        ),
        channels=tuple(_channel_part(channel, layers) for channel in CHANNELS if channel in used),
    )


def _channel_part(channel: Channel, layers: Layers | None) -> ChannelPart:
    return ChannelPart(
        channel,
        (
            _shares(Measure.decided, layers, lambda each: each.on(channel).decided),
            _means(Measure.contacts, layers, lambda each: each.on(channel).contacts),
            _means(Measure.cost, layers, lambda each: each.on(channel).cost),
        ),
    )


def _shares(measure: Measure, layers: Layers | None, count: Count) -> Compared:
    if layers is None:
        return Compared(measure)
    learned, control = (wilson(layers.mean(arm, count), layers.cases(arm)) for arm in BOTH)
    effect = newcombe(learned, control) if layers.fewest >= LEAST_CASES else None
    return Compared(measure, learned.value, control.value, effect)


def _means(measure: Measure, layers: Layers | None, sums: Callable[[Counted], Sums]) -> Compared:
    if layers is None:
        return Compared(measure)
    learned, control = (_mean(layers, arm, sums) for arm in BOTH)
    return Compared(measure, learned.value, control.value, _ratio(layers, learned, control))


def _cost_of_each_decided(layers: Layers | None) -> Compared:
    if layers is None or any(not layers.mean(arm, lambda each: each.all.decided) for arm in BOTH):
        return Compared(Measure.cost)
    learned, control = (_cost_per_decided(layers, arm) for arm in BOTH)
    return Compared(Measure.cost, learned.value, control.value, _ratio(layers, learned, control))


def _cost_per_decided(layers: Layers, arm: Arm) -> Mean:
    cases, share = layers.cases(arm), layers.mean(arm, lambda each: each.all.decided)
    cost = _mean(layers, arm, lambda each: each.all.cost)
    covariance = (layers.mean(arm, lambda each: each.cost_of_decided) - cost.value * share) / cases
    return quotient(cost, Mean(share, share * (1 - share) / cases), covariance)


def _mean(layers: Layers, arm: Arm, sums: Callable[[Counted], Sums]) -> Mean:
    mean = layers.mean(arm, lambda each: sums(each).total)
    square = layers.mean(arm, lambda each: sums(each).squares)
    return Mean(mean, max(0.0, square - mean * mean) / layers.cases(arm))


def _ratio(layers: Layers, learned: Mean, control: Mean) -> Estimate | None:
    """The ratio, where there is enough of both that the logarithm of each is about normal."""
    if layers.fewest < LEAST_CASES or not all(_is_steady(each) for each in (learned, control)):
        return None
    return ratio(learned, control)


def _is_steady(mean: Mean) -> bool:
    # A count of rare things is known to its own square root: ten of them to a third.
    return mean.value > 0 and mean.value**2 >= LEAST_EVENTS * mean.variance
