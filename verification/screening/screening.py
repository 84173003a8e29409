"""Looking an order over before anybody is contacted."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType

from models.drafts import DraftItem, OrderDraft
from models.money import decimal_text
from models.phones import PhoneProblem
from models.reasons import Reason
from models.vocabulary import Channel, Flag, Tier
from verification.screening.address import missing_parts
from verification.screening.duplicates import EarlierOrder, ItemKey, repeated

PHONE_FLAGS: Mapping[PhoneProblem, Flag] = MappingProxyType(
    {
        PhoneProblem.phone_missing: Flag.phone_invalid,
        PhoneProblem.phone_invalid: Flag.phone_invalid,
        PhoneProblem.phone_unrecoverable: Flag.phone_invalid,
        PhoneProblem.phone_out_of_area: Flag.phone_invalid,
        PhoneProblem.phone_ambiguous: Flag.phone_ambiguous,
        PhoneProblem.phone_not_mobile: Flag.phone_not_mobile,
        PhoneProblem.phone_needs_review: Flag.phone_needs_review,
        PhoneProblem.phone_fake_pattern: Flag.phone_fake_pattern,
    }
)
"""What is wrong with a phone, as a flag; problems that raise the same question share one."""


@dataclass(frozen=True, slots=True)
class ScreeningPolicy:
    """From where on an order is odd. Amounts in minor units of the order's currency; None leaves a check out.

    `largest_charges_minor` is the most that delivery and fees may add to the price of the items.
    """

    duplicate_window: timedelta
    suspicious_quantity: int
    suspicious_value_minor: int | None = None
    largest_charges_minor: int | None = None


@dataclass(frozen=True, slots=True)
class ScreeningFacts:
    """All that screening looks at: the order, how its phones were read, and what is known of its buyer.

    `phone_problems` come from the phone reading; `earlier` the other orders of this buyer at this
    seller; `opted_out` the channels on which the buyer asked not to be contacted for this purpose.
    """

    draft: OrderDraft
    phone_problems: tuple[PhoneProblem, ...]
    is_cod: bool
    is_served: bool
    policy: ScreeningPolicy
    earlier: tuple[EarlierOrder, ...] = ()
    tier: Tier = Tier.new
    opted_out: tuple[Channel, ...] = ()


def screen(facts: ScreeningFacts) -> tuple[Reason, ...]:
    """The flags of an order, `Flag` codes in that enumeration's order; none loses an order."""
    ranks = {flag.value: rank for rank, flag in enumerate(Flag)}
    return tuple(sorted(_flags(facts), key=lambda reason: ranks[reason.code]))


def _flags(facts: ScreeningFacts) -> Iterator[Reason]:
    draft = facts.draft
    for problem in dict.fromkeys(facts.phone_problems):
        yield Reason(PHONE_FLAGS[problem].value, {"problem": problem.value})
    if missing := missing_parts(draft.address, draft.note):
        yield Reason(Flag.address_incomplete.value, {"missing": list(missing)})
    if orders := repeated(draft.items, draft.placed_at, facts.earlier, facts.policy.duplicate_window):
        yield Reason(Flag.duplicate.value, {"orders": [str(order_id) for order_id in orders]})
    if (quantity := _most_of_one(draft.items)) >= facts.policy.suspicious_quantity:
        yield Reason(
            Flag.suspicious_quantity.value,
            {"quantity": quantity, "limit": facts.policy.suspicious_quantity},
        )
    yield from _money_flags(draft, facts.policy)
    if facts.tier is Tier.blocked:
        yield Reason(Flag.buyer_blocked.value)
    if facts.opted_out:
        yield Reason(Flag.opted_out.value, {"channels": [c.value for c in Channel if c in facts.opted_out]})
    if not facts.is_cod:
        yield Reason(Flag.not_cod.value)
    if not facts.is_served:
        yield Reason(Flag.out_of_area.value, {"country": draft.address.country})


def _money_flags(draft: OrderDraft, policy: ScreeningPolicy) -> Iterator[Reason]:
    total = decimal_text(draft.total_minor, draft.currency)
    limit = policy.suspicious_value_minor
    if limit is not None and draft.total_minor >= limit:
        yield Reason(
            Flag.suspicious_value.value,
            {"total": total, "limit": decimal_text(limit, draft.currency), "currency": draft.currency},
        )
    items_minor = sum(item.quantity * item.unit_price_minor for item in draft.items)
    charges = draft.total_minor - items_minor
    most = policy.largest_charges_minor
    if charges < 0 or (most is not None and charges > most):
        yield Reason(
            Flag.total_mismatch.value,
            {"items": decimal_text(items_minor, draft.currency), "total": total, "currency": draft.currency},
        )


def _most_of_one(items: tuple[DraftItem, ...]) -> int:
    # Two lines of one product are one wish, however the storefront split them.
    keys = [ItemKey.of(item) for item in items]
    return max(
        (
            sum(
                item.quantity
                for item, other in zip(items, keys, strict=True)
                if key is other or key.same_product(other)
            )
            for key in keys
        ),
        default=0,
    )
