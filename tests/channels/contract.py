"""What every channel must do, whichever provider is behind it. A provider's test module subclasses
`ChannelContract` and gives it a `rig` fixture.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from channels.protocol import (
    Contact,
    ContactChannel,
    ContactEvent,
    ContactOrder,
    EventKind,
    Meaning,
    Refused,
    Uncertain,
)
from models.vocabulary import AttemptState, Channel

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def contact_with(phone: str, channel: Channel = Channel.whatsapp, **changes: object) -> Contact:
    """A contact about one order, with a phone; the reference names phone and channel."""
    contact = Contact(
        reference=f"reference-{channel}-{phone[1:]}",
        channel=channel,
        phone=phone,
        language="ar",
        country="SA",
        zone="Asia/Riyadh",
        store_name="متجر",
        orders=(ContactOrder(UUID(int=1), "#1047", "199.00", "SAR", ("خلاط محمول",)),),
        attempt_number=1,
        at=NOW,
        valid_until=NOW + timedelta(hours=12),
    )
    return replace(contact, **changes)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Rig:
    """A provider made to behave: phones by what their buyer, or the way there, does.

    `events` returns all that has come back since it was last asked, whatever the time it took.
    """

    channel: ContactChannel
    kind: Channel
    confirms: str
    confirms_with_doubled_callbacks: str
    refused: str
    time_out_accepted: str
    time_out_not_accepted: str
    events: Callable[[], list[ContactEvent]]

    def contact(self, phone: str) -> Contact:
        return contact_with(phone, self.kind)


class ChannelContract:
    def test_it_names_its_provider(self, rig: Rig) -> None:
        assert rig.channel.provider

    def test_each_contact_has_an_id_of_its_own(self, rig: Rig) -> None:
        one = rig.channel.send(rig.contact(rig.confirms))
        other = rig.channel.send(replace(rig.contact(rig.confirms), reference="another"))
        assert one.provider_id
        assert one.provider_id != other.provider_id

    def test_it_says_what_it_cost_and_how_far_it_came(self, rig: Rig) -> None:
        sent = rig.channel.send(rig.contact(rig.confirms))
        assert isinstance(sent.cost, Decimal)
        assert sent.cost >= 0
        assert sent.state in {AttemptState.sent, AttemptState.delivered, AttemptState.reached}

    def test_a_refusal_says_what_it_means(self, rig: Rig) -> None:
        with pytest.raises(Refused) as refusal:
            rig.channel.send(rig.contact(rig.refused))
        assert refusal.value.meaning is Meaning.no_such_channel
        assert refusal.value.code

    def test_a_refused_contact_was_not_made(self, rig: Rig) -> None:
        contact = rig.contact(rig.refused)
        with pytest.raises(Refused):
            rig.channel.send(contact)
        assert rig.channel.find(contact, known=()) is None
        assert rig.events() == []

    def test_a_lost_answer_is_found_when_the_contact_was_made(self, rig: Rig) -> None:
        contact = rig.contact(rig.time_out_accepted)
        with pytest.raises(Uncertain):
            rig.channel.send(contact)
        found = rig.channel.find(contact, known=())
        assert found is not None
        assert found.provider_id
        assert {event.reference for event in rig.events()} == {contact.reference}

    def test_a_lost_answer_is_not_found_when_no_contact_was_made(self, rig: Rig) -> None:
        contact = rig.contact(rig.time_out_not_accepted)
        with pytest.raises(Uncertain):
            rig.channel.send(contact)
        assert rig.channel.find(contact, known=()) is None
        assert rig.events() == []

    def test_what_was_sent_is_found_under_its_id(self, rig: Rig) -> None:
        contact = rig.contact(rig.confirms)
        sent = rig.channel.send(contact)
        found = rig.channel.find(contact, known=())
        assert found is not None
        assert found.provider_id == sent.provider_id

    def test_what_was_never_sent_is_not_found(self, rig: Rig) -> None:
        assert rig.channel.find(rig.contact("+966550009999"), known=()) is None

    def test_a_confirmation_comes_back_once_under_our_reference(self, rig: Rig) -> None:
        contact = rig.contact(rig.confirms)
        sent = rig.channel.send(contact)
        events = rig.events()
        assert [event.button for event in events if event.kind is EventKind.reply] == ["confirm"]
        assert {event.reference for event in events} == {contact.reference}
        assert {event.provider_id for event in events} <= {sent.provider_id, None}
        assert all(event.at >= contact.at for event in events)

    def test_every_event_has_an_id_of_its_own(self, rig: Rig) -> None:
        rig.channel.send(rig.contact(rig.confirms))
        rig.channel.send(replace(rig.contact(rig.confirms), reference="another"))
        ids = [(event.source, event.external_id) for event in rig.events()]
        assert ids
        assert len(ids) == len(set(ids))

    def test_a_callback_that_comes_twice_keeps_its_id(self, rig: Rig) -> None:
        rig.channel.send(rig.contact(rig.confirms_with_doubled_callbacks))
        replies = [event for event in rig.events() if event.kind is EventKind.reply]
        assert len(replies) == 2
        assert len({(event.source, event.external_id) for event in replies}) == 1

    def test_no_event_carries_the_phone(self, rig: Rig) -> None:
        rig.channel.send(rig.contact(rig.confirms))
        assert all(rig.confirms.removeprefix("+") not in event.external_id for event in rig.events())
