"""A buyer answers on the page behind the link of a message."""

import re
from dataclasses import replace

from channels.protocol import Contact, ContactChannel, Sent
from models.vocabulary import Channel
from tests.stories.conftest import Stage
from tests.stories.play import Play


class Phone:
    """What a buyer's phone receives: the provider's own channel, and the messages that it took."""

    def __init__(self, channel: ContactChannel) -> None:
        self._channel = channel
        self.provider = channel.provider
        self.needs_sender = channel.needs_sender
        self.messages: list[Contact] = []

    def send(self, contact: Contact) -> Sent:
        self.messages.append(contact)
        return self._channel.send(contact)

    def find(self, contact: Contact, *, known: object) -> Sent | None:
        raise AssertionError("nothing is in doubt")


def with_links(play: Play) -> tuple[Play, dict[Channel, Phone]]:
    phones = {channel: Phone(made) for channel, made in play.house.channels.items()}
    page_at = play.app.extensions["takeed"].settings.page_at
    return replace(play, house=replace(play.house, channels=phones, page_at=page_at)), phones


def test_a_silent_sms_is_answered_on_the_page(stage: Stage) -> None:
    play, phones = with_links(stage())
    order_id = play.send()
    play.go(minutes=90)
    assert play.contacts() == ["whatsapp", "sms"]
    [message] = phones[Channel.sms].messages
    browser = play.app.test_client()

    # The messenger's preview comes first.
    assert browser.get(message.link).status_code == 200
    play.go(minutes=1)
    assert play.decision(order_id) is None

    page = browser.get(message.link).text
    hidden = {
        name: re.search(rf'name="{name}" value="([^"]+)"', page)[1] for name in ("form", "order", "seen")
    }
    assert hidden["order"] == order_id
    done = browser.post(message.link, data={**hidden, "button": "confirm"})
    assert done.status_code == 303
    play.go(hours=6)

    assert play.decision(order_id) == ("confirmed", "buyer_confirmed", "page")
    assert play.events(order_id) == [("order.confirmed", 2)]
    assert play.contacts() == ["whatsapp", "sms"]
    assert [entry for entry in play.diary(order_id) if entry.startswith(("heard", "decided", "event"))] == [
        "heard_confirm",
        "decided_confirmed",
        "event_delivered",
    ]


def test_each_message_has_a_link_of_its_own_and_no_call_has_one(stage: Stage) -> None:
    play, phones = with_links(stage())
    play.send()
    play.go(hours=4)

    links = [each.link for channel in (Channel.whatsapp, Channel.sms) for each in phones[channel].messages]
    assert len(set(links)) == len(links) >= 2
    assert [each.link for each in phones[Channel.ivr].messages] == [None]
    browser = play.app.test_client()
    assert {browser.get(link).status_code for link in links} == {200}
