"""Whether a contact that has come due can go out: a provider that works, a sender that is free."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, DateTime, and_, cast, exists, func, literal, or_

from models.orders import Order
from models.senders import ProviderState, Sender
from models.steps import Step
from models.vocabulary import Channel, SenderKind

MACHINE_CHANNELS = tuple(each for each in Channel if each.is_message or each is Channel.ivr)


def is_out(provider: str) -> ColumnElement[bool]:
    """Whether a provider counts as out."""
    return exists().where(ProviderState.provider == provider, ProviderState.out_since.is_not(None))


def has_sender() -> ColumnElement[bool]:
    """Whether some sender is there for the enclosing query's `Step` of `Order`, busy or not."""
    return exists().where(_serves()).correlate(Step, Order)


def has_free_sender(now: datetime) -> ColumnElement[bool]:
    """Whether such a sender may be used at this instant: it does not rest and its rate has a slot."""
    rate = Sender.per_second
    ahead = (func.greatest(1, func.floor(rate)) - 1) / rate
    free_at = Sender.next_slot_at - ahead * literal(timedelta(seconds=1))
    instant = cast(literal(now), DateTime(timezone=True))
    return (
        exists()
        .where(
            _serves(),
            or_(Sender.resting_until.is_(None), Sender.resting_until <= instant),
            or_(Sender.next_slot_at.is_(None), free_at <= instant),
        )
        .correlate(Step, Order)
    )


def _serves() -> ColumnElement[bool]:
    kinds = {channel: SenderKind.of(channel) for channel in MACHINE_CHANNELS}
    return and_(
        Sender.removed_at.is_(None),
        Sender.weight > 0,
        or_(*(and_(Step.channel == channel, Sender.kind == kind) for channel, kind in kinds.items())),
        or_(Sender.seller_id.is_(None), Sender.seller_id == Order.seller_id),
        or_(Sender.country.is_(None), Sender.country == Step.country),
    )
