"""Which of the stored texts is said to whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from channels.protocol import Button
from models.templates import MessageTemplate
from models.vocabulary import Channel, MessageClass, TemplateState
from verification.templates.filling import NAMES, named_in

_COUNTRIES_SPEAK, _OTHERS_SPEAK = "ar", "en"


@dataclass(frozen=True)
class Text:
    """A text that may be said; without `id` it is built in. `content_id` is the provider's name for it."""

    id: UUID | None
    language: str
    message_class: MessageClass
    body: str
    buttons: tuple[Button, ...]
    content_id: str | None


def named_for(attempt_number: int) -> Sequence[str]:
    """The names that fit the contact of this number, the best first."""
    return NAMES[min(max(attempt_number, 1), len(NAMES)) - 1 :: -1]


def spoken(language: str) -> Sequence[str]:
    """The languages to try: the buyer's, the countries' own, English."""
    return tuple(dict.fromkeys((language, _COUNTRIES_SPEAK, _OTHERS_SPEAK)))


def approved_text(
    session: Session,
    channel: Channel,
    seller_id: UUID | None,
    names: Sequence[str],
    languages: Sequence[str],
    *,
    with_link: bool,
) -> Text | None:
    """The best approved text about a buyer's own order, None when there is none.

    A language the buyer reads better counts most, then a name that fits better, then the seller's own over
    everybody's, then the later version. Without a link at hand, texts that show one are left out.
    """
    row = MessageTemplate
    found = session.scalars(
        select(row).where(
            row.channel == channel,
            row.state == TemplateState.approved,
            row.message_class == MessageClass.service,
            row.language.in_(languages),
            row.name.in_(names),
            or_(row.seller_id == seller_id, row.seller_id.is_(None)),
        )
    ).all()
    usable = [each for each in found if with_link or "link" not in named_in(each.body)]
    if not usable:
        return None
    best = min(
        usable,
        key=lambda each: (
            languages.index(each.language),
            names.index(each.name),
            each.seller_id is None,
            -each.version,
        ),
    )
    return Text(
        best.id,
        best.language,
        best.message_class,
        best.body,
        tuple(Button(each["id"], each["title"]) for each in best.buttons),
        best.content_id,
    )
