"""Orders counted in layers, so that the arms can be held against each other fairly: pure.

Every order drew its arm by lot when it was taken in and is counted in it whatever happened to it later
(intention to treat). Counted are orders whose deadline has passed: to count those decided sooner as well
would flatter whichever arm decides sooner. An order that came while another of the same buyer at the same
store was open joined that one's case and does not count; the first stands for the case with all its contacts.
Whether it came so was settled before its own lot was drawn, so the arms stay alike.

How many orders are control differs by seller, country and month. So orders are compared within the layer of
one country and store, and the layers joined with the weights of Mantel and Haenszel; a layer with one arm
alone says nothing. What differs between layers is left in the variance, which errs to the careful side.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from models.vocabulary import Arm, Channel

BOTH = (Arm.learned, Arm.control)
CHANNELS = (Channel.whatsapp, Channel.sms, Channel.ivr, Channel.agent_call)


@dataclass(frozen=True)
class Sums:
    """A sum over cases, and the sum of the squares."""

    total: float = 0.0
    squares: float = 0.0


@dataclass(frozen=True)
class Spent:
    """What one channel, or all of them, came to: cases decided in time through it, contacts, US dollars."""

    decided: int = 0
    contacts: Sums = Sums()
    cost: Sums = Sums()


@dataclass(frozen=True)
class Counted:
    """The cases of one arm in one layer.

    Decided are those decided by their buyer (confirmed or rejected) before the deadline, `cost_of_decided` is
    what was spent on them. `complaints` are the cases whose buyer asked us to stop; `parcels` those confirmed
    of which the courier has told the end, `returned` those among them whose parcel came back.
    """

    country: str
    layer: str
    arm: Arm
    cases: int
    all: Spent
    channels: Mapping[Channel, Spent] = field(default_factory=dict)
    cost_of_decided: float = 0.0
    complaints: int = 0
    parcels: int = 0
    returned: int = 0

    def on(self, channel: Channel) -> Spent:
        """What one channel came to."""
        return self.channels.get(channel, Spent())


Count = Callable[[Counted], float]


@dataclass(frozen=True)
class Layers:
    """The layers in which both arms have something to count, and what each weighs."""

    arms: Mapping[Arm, Sequence[Counted]]
    sizes: Mapping[Arm, Sequence[int]]
    weights: Sequence[float]

    def mean(self, arm: Arm, count: Count) -> float:
        """Something counted, per case, as if both arms had the same layers."""
        parts = zip(self.weights, self.arms[arm], self.sizes[arm], strict=True)
        return sum(weight * count(each) / size for weight, each, size in parts) / sum(self.weights)

    def cases(self, arm: Arm) -> float:
        """How many cases of equal weight would tell as much."""
        parts = zip(self.weights, self.sizes[arm], strict=True)
        return sum(self.weights) ** 2 / sum(weight**2 / size for weight, size in parts)

    @property
    def fewest(self) -> int:
        """The cases of the arm that has fewer."""
        return min(sum(self.sizes[arm]) for arm in BOTH)


def layers_of(
    counted: Iterable[Counted], size: Callable[[Counted], int] = lambda each: each.cases
) -> Layers | None:
    """The layers in which both arms have something to count, `size` saying how much; None without any."""
    found: dict[tuple[str, str], dict[Arm, Counted]] = {}
    for each in counted:
        if size(each):
            found.setdefault((each.country, each.layer), {})[each.arm] = each
    both = [one for one in found.values() if len(one) == len(BOTH)]
    if not both:
        return None
    arms = {arm: [one[arm] for one in both] for arm in BOTH}
    sizes = {arm: [size(each) for each in these] for arm, these in arms.items()}
    pairs = zip(*(sizes[arm] for arm in BOTH), strict=True)
    return Layers(arms, sizes, [one * other / (one + other) for one, other in pairs])
