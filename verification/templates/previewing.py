"""What a real order's buyer would read."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from channels.protocol import Button, ContactOrder
from models.money import decimal_text
from models.orders import Order
from models.sellers import Store
from models.vocabulary import Channel
from verification import audit
from verification.policy.stored import policy_for
from verification.policy.values import Policy
from verification.refusals import NotFound
from verification.templates.composing import NoTemplate, compose
from verification.templates.filling import fill, values_of
from verification.templates.linting import Problem, lint
from verification.templates.listing import Kept
from verification.templates.segments import Segments, segments

_REFERENCE = "tk-0"


@dataclass(frozen=True)
class Preview:
    """A message as the buyer would read it; `parts` of an SMS, `problems` in the buyer's country."""

    order_id: UUID
    number: str
    country: str
    text: str
    buttons: tuple[Button, ...]
    parts: Segments | None
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class Said:
    """What would go out on a channel about an order, at its first contact there: a text, or why none."""

    channel: Channel
    text: str | None
    buttons: tuple[Button, ...]
    template_id: UUID | None
    parts: Segments | None
    code: str | None


def preview(
    session: Session, template: Kept, order: Order, *, link: str, actor: str, now: datetime
) -> Preview:
    """The text with this order in it, as if its country allowed it; the look at the order is recorded.

    `link` stands for the buyer's page. Raises `NotFound` for an order of a seller whose text it is not.
    """
    store, policy, asked = _about(session, order)
    if template.seller_id not in (None, store.seller_id):
        raise NotFound
    _note(session, order, template, actor, now)
    values = values_of([asked], store_name=store.display_name, language=template.language, link=link)
    told = fill(template.body, {"store": values["store"]})
    text = fill(template.body, values)
    return Preview(
        order.id,
        asked.number,
        order.country,
        text,
        template.buttons,
        segments(text) if template.channel is Channel.sms else None,
        lint(
            told,
            channel=template.channel,
            message_class=template.message_class,
            country=order.country,
            policy=policy,
            buttons=template.buttons,
        ),
    )


def preview_all(session: Session, order: Order, *, link: str, actor: str, now: datetime) -> list[Said]:
    """What would go out about this order on each channel of messages; the look at it is recorded."""
    store, policy, asked = _about(session, order)
    _note(session, order, None, actor, now)
    said = []
    for channel in (Channel.whatsapp, Channel.sms):
        wording = compose(
            session,
            channel=channel,
            seller_id=store.seller_id,
            store_name=store.display_name,
            orders=[asked],
            language=order.language or "ar",
            country=order.country,
            attempt_number=1,
            link=link,
            reference=_REFERENCE,
            window_open=False,
            policy=policy,
        )
        if isinstance(wording, NoTemplate):
            said.append(Said(channel, None, (), None, None, wording.code))
            continue
        parts = segments(wording.text) if channel is Channel.sms else None
        said.append(Said(channel, wording.text, wording.buttons, wording.template_id, parts, None))
    return said


def order_named(session: Session, text: str, *, seller_id: UUID | None = None) -> Order:
    """The newest order of this id, number or external id, of one seller or of any; raises `NotFound`."""
    bare = text.replace("\0", "").strip().lstrip("#").strip()[:200]
    named = Order.is_named(bare) | Order.is_named(f"#{bare}")
    with suppress(ValueError):
        named |= Order.id == UUID(bare)
    asked = select(Order).where(named).order_by(Order.placed_at.desc(), Order.id.desc()).limit(1)
    if seller_id is not None:
        asked = asked.join(Store, Store.id == Order.store_id).where(Store.seller_id == seller_id)
    found = session.scalars(asked).one_or_none() if bare else None
    if found is None:
        raise NotFound
    return found


def _about(session: Session, order: Order) -> tuple[Store, Policy, ContactOrder]:
    store = session.get_one(Store, order.store_id)
    asked = ContactOrder(
        order.id,
        order.number or order.external_id,
        decimal_text(order.total_minor, order.currency),
        order.currency,
        tuple(item.title for item in order.items),
    )
    return store, policy_for(session, store, order.country), asked


def _note(session: Session, order: Order, template: Kept | None, actor: str, now: datetime) -> None:
    told = {"order_id": str(order.id)}
    if template is not None:
        told |= {"template": template.name, "template_id": str(template.id), "language": template.language}
        told |= {"channel": template.channel.value}
    audit.note(session, at=now, actor=actor, code="template_previewed", params=told)
