"""A process that dies at a chosen point, as by `kill -9`.

The product knows nothing of this: its channels, its posting and its sessions are wrapped here. A worker says
`ready` and begins when it is told something; a web process says its port.
"""

import os
import signal
from datetime import datetime
from decimal import Decimal
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session
from werkzeug.serving import make_server

from app import create_app
from channels.protocol import Contact, ContactChannel, Sent
from channels.registry import twilio_channels
from channels.sandbox.reactions import Reaction
from channels.sandbox.scripted import confirms
from channels.sandbox.sending import SandboxChannel
from channels.twilio.account import Account
from models.secrecy import Keyring
from models.unit_of_work import Engine, make_engine
from models.vocabulary import Channel
from scripts import jobs
from settings import Settings
from verification.contact import streaming

SID = "AC" + "fa" * 16
SECRET = "a secret of the dying, long enough for a key"
# What a request does: an order is taken in, a call begun, its outcome recorded.
WRITES = ("INSERT INTO orders", "INSERT INTO attempts", "INSERT INTO dispositions")


class Everybody:
    """Whoever is asked confirms after four minutes."""

    def react(self, contact: Contact) -> Reaction:
        return confirms()(contact)


class Fate:
    """Where this process dies."""

    def __init__(self, death: str) -> None:
        self.death = death
        self.sent = False

    def meets(self, point: str) -> None:
        if point == self.death:
            os.kill(os.getpid(), signal.SIGKILL)


class FatedChannel:
    """A channel in whose use the process may die."""

    def __init__(self, channel: ContactChannel, fate: Fate) -> None:
        self.provider, self.needs_sender, self.find = channel.provider, channel.needs_sender, channel.find
        self._channel = channel
        self._fate = fate

    def send(self, contact: Contact) -> Sent:
        self._fate.meets("before the send")
        answer = self._channel.send(contact)
        self._fate.meets("after the send")
        self._fate.sent = True
        return answer


def house_of(
    engine: Engine, now: datetime, fate: Fate, holder: str, *, base: str | None = None, threads: int = 0
) -> jobs.House:
    """A house over the sandbox, or over Twilio's double at `base`."""
    channels = (
        twilio_channels(Account(SID, SECRET, "https://takeed.example.com", base))
        if base
        else {
            channel: SandboxChannel(engine, channel, Everybody(), Decimal("0.01"))
            for channel in (Channel.whatsapp, Channel.sms, Channel.ivr, Channel.agent_call)
        }
    )
    fated = {name: FatedChannel(channel, fate) for name, channel in channels.items()}
    keys = Keyring(SECRET.encode())
    return jobs.House(
        engine,
        fated,
        keys,
        lambda: now,
        holder,
        webhook_allow_private=True,
        page_at=lambda token: f"https://takeed.example.com/c/{token}",
        threads=threads,
    )


def work(
    line: Connection, url: str, now: datetime, death: str, base: str | None = None, threads: int = 0
) -> None:
    fate = Fate(death)
    engine = make_engine(url)

    def before_commit(session: Session) -> None:
        if fate.sent:
            fate.meets("before the send is recorded")

    def after_commit(session: Session) -> None:
        if fate.sent:
            fate.meets("after the send is recorded")

    event.listen(Session, "before_commit", before_commit)
    event.listen(Session, "after_commit", after_commit)
    take_in, send_event, begin_all = jobs.take_in, jobs.send_event, streaming.begin_all

    def fated_begin(*arguments: Any, **named: Any) -> Any:
        fate.meets("after the claim")
        return begin_all(*arguments, **named)

    def fated_take_in(*arguments: Any, **named: Any) -> Any:
        taken = take_in(*arguments, **named)
        fate.meets("before an answer is recorded")
        return taken

    def fated_send(*arguments: Any, **named: Any) -> Any:
        fate.meets("before an event is posted")
        posted = send_event(*arguments, **named)
        fate.meets("before a posted event is recorded")
        return posted

    jobs.take_in, jobs.send_event, streaming.begin_all = fated_take_in, fated_send, fated_begin
    line.send("ready")
    line.recv()
    house = house_of(engine, now, fate, f"worker:{os.getpid()}", base=base, threads=threads)
    for name in jobs.JOBS:
        jobs.run_job(house, name)
    engine.dispose()


def serve(line: Connection, url: str, now: datetime, death: str) -> None:
    fate = Fate(death)

    def note(_: object, __: object, statement: str, *___: object) -> None:
        fate.sent = fate.sent or statement.startswith(WRITES)

    def ends(point: str, session: Session) -> None:
        if fate.sent and not session.in_nested_transaction():
            fate.meets(point)

    event.listen(Session, "before_commit", partial(ends, "before the commit"))
    event.listen(Session, "after_commit", partial(ends, "after the commit"))
    settings = Settings(data=Path("nowhere"), database_url=url, secret_key=SECRET, api_rate=0)
    app = create_app(settings, clock=lambda: now)
    event.listen(app.extensions["takeed"].engine, "before_cursor_execute", note)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    line.send(server.server_port)
    server.serve_forever()


ROLES = {"worker": work, "web": serve}
