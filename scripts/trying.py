"""One test contact through the real channels: routed, worded and sent as for a buyer, about no order."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from channels.protocol import TRIAL, Contact, ContactOrder, From, Wording
from models.base import new_id
from models.countries import SERVED
from models.unit_of_work import Engine, unit_of_work
from models.vocabulary import Channel
from verification.policy.stored import policy_book
from verification.routing.route import Routed
from verification.routing.taking import take_sender
from verification.templates.composing import NoTemplate, compose
from verification.voice.languages import has_voice

_VALID = timedelta(minutes=10)
_SAMPLE = "1001"
_NO_TEXT = {
    "no_template": "there is no approved text (flask template list)",
    "no_link_allowed": "the policy of the country allows no link to our pages, and an SMS without one "
    "cannot be answered (flask policy show)",
    "forbidden_text": "the store's name breaks a rule of the country",
}


class NoTrial(Exception):
    """Why there is nothing to send, in a sentence."""


@dataclass(frozen=True)
class Whose:
    """The seller that the contact is made for; without an id it is made for none in particular."""

    seller_id: UUID | None
    name: str


def prepare(
    engine: Engine,
    *,
    phone: str,
    country: str,
    channel: Channel,
    language: str,
    whose: Whose,
    link: str,
    now: datetime,
) -> Contact:
    """The contact as it would go to this phone, a slot of its sender's rate taken; raises `NoTrial`."""
    with unit_of_work(engine) as session:
        routed = take_sender(
            session,
            channel,
            seller_id=whose.seller_id,
            country=country,
            contact_point_id=None,
            step_id=new_id(),
            now=now,
        )
        if routed.sender is None:
            raise NoTrial(_without_sender(routed, channel))
        contact = Contact(
            reference=f"{TRIAL}{new_id().hex}",
            channel=channel,
            phone=phone,
            language=language,
            country=country,
            zone=SERVED[country].time_zone,
            store_name=whose.name,
            orders=(ContactOrder(new_id(), _SAMPLE, "199", SERVED[country].currency, ("☕",)),),
            attempt_number=1,
            at=now,
            valid_until=now + _VALID,
            link=link,
            sender=From(routed.sender.address, routed.sender.trunk),
        )
        if channel.is_message:
            return replace(contact, wording=_wording(session, contact, whose))
        if not has_voice(session, whose.seller_id, language):
            raise NoTrial(f"there is no voice for {language}: recordings are missing (flask voice list)")
        return contact


def _without_sender(routed: Routed, channel: Channel) -> str:
    if routed.until is None:
        return f"no sender is there for {channel} to this country (flask sender add)"
    return f"every sender is busy or rests until {routed.until:%H:%M:%S} UTC (flask sender explain)"


def _wording(session: Session, contact: Contact, whose: Whose) -> Wording:
    policy = policy_book(session).policy(country=contact.country, seller_id=whose.seller_id)
    said = compose(
        session,
        channel=contact.channel,
        seller_id=whose.seller_id,
        store_name=contact.store_name,
        orders=contact.orders,
        language=contact.language,
        country=contact.country,
        attempt_number=1,
        link=contact.link,
        reference=contact.reference,
        window_open=False,
        policy=policy,
    )
    if isinstance(said, NoTemplate):
        raise NoTrial(_NO_TEXT.get(said.code, said.code))
    return said
