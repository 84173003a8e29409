"""A story over Twilio, with the double in Twilio's place: real client, real doors, a clock moved by hand."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

from flask import Flask
from sqlalchemy import func, select

from channels.registry import twilio_channels
from channels.twilio.account import Account
from channels.twilio.prices import price_of
from models.attempts import Attempt
from models.senders import ProviderState, Sender
from models.steps import Step
from models.unit_of_work import Session, unit_of_work
from models.vocabulary import AttemptState, Channel, SenderKind, StepState
from scripts.jobs import JOBS, House, ask_approvals, submit_texts
from scripts.simulating import Moved
from scripts.templates import approver_at
from scripts.twilio_double.script import Script
from scripts.twilio_double.serving import Double, through
from scripts.twilio_double.taken import Call, Callback, Message, first
from tests.building import set_policy
from tests.receiver import Receiver
from tests.stories.play import Play, open_shop
from verification.accounts.sellers import create_seller
from verification.routing.stored import add_sender
from verification.templates.keeping import add_defaults, put_in

PUBLIC_URL, HOST = "https://takeed.example", "takeed.example"
SID, TOKEN = "AC" + "5e" * 16, "the token of the stories"
WHATSAPP, SMS, VOICE = "+966110000001", "Takeed", "+966110000002"
_JOBS = ("promotion", "contacts", "watch", "events")
_DOUBT = (AttemptState.sending, AttemptState.uncertain)
_MACHINES = (Channel.whatsapp, Channel.sms, Channel.ivr)


@dataclass
class Exchange(Play):
    """One story over the double. `delivered` are the callbacks that were posted, with their statuses.

    With `pace` the clock stops only at whole multiples of it, so that a long story has fewer moments.
    """

    double: Double
    pace: timedelta | None = None
    delivered: list[tuple[Callback, int]] = field(default_factory=list)

    def tick(self) -> None:
        """What has come back by now, then every job that a story needs, once."""
        self.hear(self.clock.at)
        for name in _JOBS:
            JOBS[name][0](self.house)

    def live(self, how_long: timedelta, others: Callable[[], None]) -> None:
        """Live through that time; at each moment `others` do what they do."""
        until = self.clock.at + how_long
        while True:
            self.tick()
            others()
            if self.clock.at >= until:
                return
            self.hear(min(until, self._next()))

    def hear(self, until: datetime) -> None:
        """Twilio posts what falls due up to then, each at its own time."""
        post, account = through(self.app.test_client()), self.double.account
        while (at := account.next_at()) is not None and at <= until:
            self.clock.at = max(self.clock.at, at)
            self.delivered += self.double.deliver(self.clock.at, post)
        self.clock.at = until

    def _next(self) -> datetime:
        now = self.clock.at
        times = [super()._next()]
        if (at := self.double.account.next_at()) is not None:
            times.append(at)
        with unit_of_work(self.engine) as session:
            doubtful = select(func.min(Attempt.started_at)).where(
                Attempt.outcome.is_(None), Attempt.state.in_(_DOUBT), Attempt.channel.in_(_MACHINES)
            )
            if since := session.scalar(doubtful):
                times.append(max(since + timedelta(minutes=2, seconds=1), now + timedelta(minutes=2)))
            ready = select(Step.id).where(Step.state == StepState.ready, Step.channel.in_(_MACHINES))
            if session.scalar(ready.limit(1)):
                times.append(self._next_road(session, now))
        at = max(min(times), now + timedelta(seconds=1))
        return at if self.pace is None else at + (datetime.min.replace(tzinfo=at.tzinfo) - at) % self.pace

    def _next_road(self, session: Session, now: datetime) -> datetime:
        """When the provider, or a sender, may be tried again."""
        waits = [
            *session.scalars(select(ProviderState.retry_at)),
            *session.scalars(select(Sender.resting_until)),
        ]
        return min((at for at in waits if at is not None and at > now), default=now + timedelta(seconds=2))

    def another_shop(self, name: str) -> "Exchange":
        """The same story as another seller tells it."""
        with unit_of_work(self.engine) as session:
            made = create_seller(session, name, "SA", None, keys=self.house.keys, now=self.clock.at)
        return replace(self, key=made.api_key)

    def taken(self) -> list[Message | Call]:
        """The messages and calls that the double took from the API, oldest first."""
        calls = [each for each in self.double.calls if each.direction == "outbound-api"]
        messages = [each for each in self.double.messages if each.direction == "outbound-api"]
        return sorted([*messages, *calls], key=lambda one: one.created_at)

    def made(self, phone: str) -> list[str]:
        """By which channels the double took contacts with a phone, in their order."""
        return [kind_of(one) for one in self.taken() if one.to.rpartition(":")[2] == phone]

    def steps_by_reference(self) -> Mapping[str, UUID]:
        with unit_of_work(self.engine) as session:
            rows = session.execute(select(Attempt.reference, Attempt.step_id))
            return dict(list(rows))

    def lookups(self) -> int:
        """How many contacts were looked up after their answers were lost."""
        asked = ("/Messages.json", "/Calls.json")
        return sum(each.method == "GET" and each.path.endswith(asked) for each in self.double.requests)

    def in_doubt(self) -> int:
        """How many contacts nobody knows of whether they were made."""
        with unit_of_work(self.engine) as session:
            asked = select(func.count()).select_from(Attempt).where(Attempt.state.in_(_DOUBT))
            return session.scalar(asked) or 0

    def assert_nobody_was_contacted_twice(self) -> None:
        """For one step the double took one contact at most, each under a reference that we know."""
        steps = self.steps_by_reference()
        taken = Counter(steps[reference_of(one)] for one in self.taken())
        assert [step for step, times in taken.items() if times > 1] == []

    def message_to(self, phone: str) -> Message:
        """The last message to a phone."""
        return [one for one in self.double.messages if one.to.rpartition(":")[2] == phone][-1]

    def visit(self, message: Message, button: str) -> None:
        """The buyer follows the link of a message and decides on the page."""
        [link] = re.findall(rf"{PUBLIC_URL}(/c/\S+)", message.text)
        browser = self.app.test_client()
        page = browser.get(link).text
        hidden = {
            name: re.search(rf'name="{name}" value="([^"]+)"', page)[1] for name in ("form", "order", "seen")
        }
        answer = browser.post(link, data={**hidden, "button": button})
        assert answer.status_code == 303, answer.text


def kind_of(one: Message | Call) -> str:
    """The channel of what the double took."""
    if isinstance(one, Call):
        return "ivr"
    return "whatsapp" if one.to.startswith("whatsapp:") else "sms"


def reference_of(one: Message | Call) -> str:
    """Our own reference, as the callback address carries it."""
    return parse_qs(urlsplit(first(one.form, "StatusCallback")).query)["ref"][0]


def add_senders(exchange: Exchange, per_second: Mapping[SenderKind, int]) -> None:
    """One sender for each kind, for all countries."""
    addresses = {SenderKind.whatsapp: WHATSAPP, SenderKind.sms: SMS, SenderKind.voice: VOICE}
    for kind, address in addresses.items():
        with unit_of_work(exchange.engine) as session:
            rate = Decimal(per_second[kind])
            add_sender(
                session, kind=kind, address=address, per_second=rate, actor="story", now=exchange.clock.at
            )


def have_texts_approved(exchange: Exchange) -> None:
    """The built-in templates are submitted, and judged a few seconds later."""
    now = exchange.clock.at
    with unit_of_work(exchange.engine) as session:
        for template in add_defaults(session, seller_id=None, actor="story", now=now):
            put_in(session, template.id, actor="story", now=now)
    submit_texts(exchange.house)
    exchange.clock.at += timedelta(seconds=10)
    exchange.double.due(exchange.clock.at)
    ask_approvals(exchange.house)
    exchange.clock.at = now


@contextmanager
def open_exchange(
    app: Flask,
    receiver: Receiver,
    now: datetime,
    script: Script,
    *,
    per_second: int = 100,
    pace: timedelta | None = None,
    threads: int = 0,
    timeout: float = 10.0,
) -> Iterator[Exchange]:
    """An installation that is live with Twilio, its senders kept and its templates approved."""
    context, clock = app.extensions["takeed"], Moved(now)
    context.clock = clock
    with Double(SID, TOKEN, script=script, clock=clock, public_url=PUBLIC_URL) as double:
        account = Account(SID, TOKEN, PUBLIC_URL, api_base=double.base, timeout=timeout)
        context.account = account
        house = House(
            engine=context.engine,
            channels=twilio_channels(account),
            keys=context.keys,
            clock=clock,
            holder="story",
            webhook_allow_private=True,
            page_at=lambda token: f"{PUBLIC_URL}/c/{token}",
            threads=threads,
            price=partial(price_of, account),
            approver=approver_at(account),
        )
        key = open_shop(context.engine, receiver, now)
        set_policy(context.engine, now, {"sms_link_hosts": [HOST]}, country="SA")
        exchange = Exchange(context.engine, app, house, clock, key, receiver, double, pace)
        add_senders(exchange, dict.fromkeys(SenderKind, per_second))
        have_texts_approved(exchange)
        try:
            yield exchange
        finally:
            del context.account
        assert double.violations == []
        assert double.warnings == []
