"""People at the desk, and what they do with the case in hand."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from itertools import count
from uuid import UUID

from sqlalchemy import Engine, event

from models.unit_of_work import unit_of_work
from models.users import User
from models.vocabulary import Channel, Role
from verification.accounts.sessions import SignedIn
from verification.contact.beginning import begin
from verification.contact.claiming import Claim, claim
from verification.contact.promoting import promote
from verification.outcome.disposing import Disposed, dispose

AGENTS = {"ladder": [{"channel": "agent_call", "after_minutes": 60}] * 3}
_numbers = count(1)


def somebody(engine: Engine, now: datetime, name: str = "Sara", role: Role = Role.agent) -> SignedIn:
    """A member of staff who is signed in."""
    email = f"user-{next(_numbers)}@example.com"
    with unit_of_work(engine) as session:
        user = User(email=email, name=name, role=role, password_hash="-", created_at=now)
        session.add(user)
        session.flush()
        return SignedIn(user.id, email, name, role, None, "en", {})


def took(engine: Engine, agent: SignedIn, now: datetime) -> Claim:
    """The next case, claimed by this agent."""
    with unit_of_work(engine) as session:
        promote(session, now=now)
    with unit_of_work(engine) as session:
        [held] = claim(session, Channel.agent_call, agent.holder, now=now, names=[agent.holder])
    return held


def called(engine: Engine, agent: SignedIn, now: datetime) -> Claim:
    """The next case, claimed and dialled."""
    held = took(engine, agent, now)
    with unit_of_work(engine) as session:
        begin(session, held, provider="agent", now=now)
    return held


def ended(engine: Engine, held: Claim, now: datetime, orders: Sequence[UUID], choice: Disposed) -> None:
    """The same outcome for every order of the case."""
    with unit_of_work(engine) as session:
        dispose(session, held, dict.fromkeys(orders, choice), now=now)


@contextmanager
def statements(engine: Engine) -> Iterator[list[str]]:
    """What the database is asked meanwhile."""
    asked: list[str] = []

    def note(_c: object, _k: object, statement: str, *_: object) -> None:
        asked.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(engine, "before_cursor_execute", note)
