from datetime import datetime
from uuid import UUID

import pytest
from sqlalchemy import Engine

from models.vocabulary import Role
from tests.building import Clock, a_store, set_policy
from tests.verification.desk.at_work import AtWork
from tests.verification.desk.staff import AGENTS, somebody
from verification.accounts.sessions import SignedIn


@pytest.fixture
def store(engine: Engine, now: datetime) -> UUID:
    """A store whose buyers are called by agents from the start."""
    set_policy(engine, now, AGENTS, country="SA")
    return a_store(engine, now)


@pytest.fixture
def agent(engine: Engine, now: datetime) -> SignedIn:
    return somebody(engine, now)


@pytest.fixture
def clock(now: datetime) -> Clock:
    return Clock(now)


@pytest.fixture
def sara(engine: Engine, clock: Clock) -> AtWork:
    return AtWork.called(engine, clock)


@pytest.fixture
def omar(engine: Engine, clock: Clock) -> AtWork:
    return AtWork.called(engine, clock, "Omar")


@pytest.fixture
def salma(engine: Engine, clock: Clock) -> AtWork:
    return AtWork.called(engine, clock, "Salma", Role.supervisor)
