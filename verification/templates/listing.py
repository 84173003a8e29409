"""The stored templates, as pages and commands show them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from channels.protocol import Button
from models.sellers import Seller
from models.templates import MessageTemplate
from models.vocabulary import Channel, MessageClass, TemplateState
from verification import audit
from verification.refusals import NotFound
from verification.templates.filling import NAMES

LANGUAGES = ("ar", "en", "ckb")
"""Those that texts are brought along in, the first ones in every list."""


@dataclass(frozen=True)
class Kept:
    """A version as it is stored, with whose it is; `problem` is the provider's word on it."""

    id: UUID
    seller_id: UUID | None
    seller_slug: str | None
    seller_name: str | None
    channel: Channel
    name: str
    language: str
    version: int
    message_class: MessageClass
    body: str
    buttons: tuple[Button, ...]
    state: TemplateState
    state_at: datetime
    content_id: str | None
    problem: str | None
    created_by: str
    created_by_name: str | None
    created_at: datetime

    @property
    def is_waiting(self) -> bool:
        """Whether it is to be submitted, and the provider has not been told yet."""
        return self.state is TemplateState.submitted and self.content_id is None


def list_templates(
    session: Session, *, seller_id: UUID | None = None, all_sellers: bool = True
) -> list[Kept]:
    """Every version, by whose it is, channel, name and language, the newest first.

    Without `all_sellers`, those of one seller, or of nobody in particular.
    """
    row = MessageTemplate
    asked = select(row, Seller.slug, Seller.name).outerjoin(Seller, Seller.id == row.seller_id)
    if not all_sellers:
        asked = asked.where(row.seller_id.is_not_distinct_from(seller_id))
    found = session.execute(asked).all()
    names = audit.names_of(session, (each[0].created_by for each in found))
    return sorted((_kept(*each, names) for each in found), key=_place)


def find_template(session: Session, template_id: UUID) -> Kept:
    """One version; raises `NotFound`."""
    row = MessageTemplate
    asked = select(row, Seller.slug, Seller.name).outerjoin(Seller, Seller.id == row.seller_id)
    found = session.execute(asked.where(row.id == template_id)).one_or_none()
    if found is None:
        raise NotFound
    return _kept(*found, audit.names_of(session, [found[0].created_by]))


def _kept(row: MessageTemplate, slug: str | None, seller: str | None, names: Mapping[str, str]) -> Kept:
    return Kept(
        row.id,
        row.seller_id,
        slug,
        seller,
        row.channel,
        row.name,
        row.language,
        row.version,
        row.message_class,
        row.body,
        tuple(Button(each["id"], each["title"]) for each in row.buttons),
        row.state,
        row.state_at,
        row.content_id,
        row.problem,
        row.created_by,
        names.get(row.created_by),
        row.created_at,
    )


def _place(kept: Kept) -> tuple[Any, ...]:
    position = NAMES.index(kept.name) if kept.name in NAMES else len(NAMES)
    spoken = LANGUAGES.index(kept.language) if kept.language in LANGUAGES else len(LANGUAGES)
    return (
        kept.seller_name or "",
        kept.channel is Channel.sms,
        position,
        spoken,
        kept.language,
        -kept.version,
    )
