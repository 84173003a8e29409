"""The provider calls back before its answer to our own request arrives."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select

from channels.protocol import Contact, ContactChannel, Sent
from channels.sandbox.scripted import Script, confirms, dead
from models.attempts import Attempt
from models.unit_of_work import unit_of_work
from models.vocabulary import AttemptState, Channel, Outcome
from scripts.jobs import House, hear_sandbox
from tests.orders import E164
from tests.stories.conftest import Stage
from tests.stories.play import Play


class SlowAnswer:
    """A provider whose callbacks overtake its answers."""

    def __init__(self, channel: ContactChannel, house: House) -> None:
        self._channel = channel
        self._house = house
        self.provider = channel.provider
        self.needs_sender = channel.needs_sender

    def send(self, contact: Contact) -> Sent:
        answer = self._channel.send(contact)
        assert hear_sandbox(self._house) > 0
        return answer

    def find(self, contact: Contact, *, known: object) -> Sent | None:
        raise AssertionError("nothing is in doubt")


def with_slow_whatsapp(play: Play) -> Play:
    slow = SlowAnswer(play.house.channels[Channel.whatsapp], play.house)
    house = replace(play.house, channels={**play.house.channels, Channel.whatsapp: slow})
    return replace(play, house=house)


def first_attempt(play: Play) -> Attempt:
    with unit_of_work(play.engine) as session:
        return session.scalars(select(Attempt).order_by(Attempt.started_at)).first()


def at_once(script: Script) -> Script:
    def follow(contact: Contact) -> object:
        made = script(contact)
        return replace(made, answers=tuple(replace(each, after=timedelta(0)) for each in made.answers))

    return follow


def test_a_yes_that_comes_before_the_send_is_known_to_have_worked(stage: Stage) -> None:
    play = with_slow_whatsapp(stage({E164: [at_once(confirms())]}))
    order_id = play.send()

    play.go(hours=3)

    attempt = first_attempt(play)
    assert (attempt.state, attempt.outcome) == (AttemptState.closed, Outcome.replied)
    assert attempt.provider_id is not None
    assert attempt.cost > 0
    assert play.decision(order_id) == ("confirmed", "buyer_confirmed", "whatsapp")
    assert play.contacts() == ["whatsapp"]
    assert play.events(order_id) == [("order.confirmed", 2)]


def test_a_failure_that_comes_before_the_send_is_known_to_have_worked(stage: Stage) -> None:
    play = with_slow_whatsapp(stage({E164: [dead(), confirms()]}))
    order_id = play.send()

    play.go(hours=3)

    assert first_attempt(play).state is AttemptState.failed
    assert play.contacts() == ["whatsapp", "sms"]
    assert play.decision(order_id) == ("confirmed", "buyer_confirmed", "page")
    assert play.events(order_id) == [("order.confirmed", 2)]
