from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from functools import partial

import pytest
import structlog
from argon2 import PasswordHasher
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from models.unit_of_work import make_engine, unit_of_work
from models.vocabulary import Chooser
from tests import database
from verification.accounts import users
from verification.policy.countries import COMMON
from verification.policy.values import default_policy

Work = Callable[[], AbstractContextManager[Session]]

_SLOWEST_FIRST = (
    "stories/test_twilio_whole.py",
    "scripts/commands/test_simulate.py",
    "scripts/",
    "faults/",
    "browser/",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest comes first, so that both processes end together."""
    items.sort(key=_rank)


def _rank(item: pytest.Item) -> int:
    path = item.path.relative_to(database.ROOT / "tests").as_posix()
    return next((at for at, each in enumerate(_SLOWEST_FIRST) if path.startswith(each)), len(_SLOWEST_FIRST))


@pytest.fixture(scope="session", autouse=True)
def _quick_passwords() -> Iterator[None]:
    # Hashing is slow on purpose: 150 ms, which is more than most tests take.
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(users, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        yield


@pytest.fixture(scope="session", autouse=True)
def _fixed_schedule() -> Iterator[None]:
    """What is not about choosing hours counts on the fixed schedule; processes have the real default."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(COMMON, "chooser", Chooser.fixed.value)
        default_policy.cache_clear()
        yield
    default_policy.cache_clear()


@pytest.fixture
def learned_chooser() -> Iterator[None]:
    """Hours and channels are chosen by what was learned, as in a new installation."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delitem(COMMON, "chooser")
        default_policy.cache_clear()
        yield
    default_policy.cache_clear()


@pytest.fixture(autouse=True)
def _logs_as_they_were() -> Iterator[None]:
    """A command keeps its log off the screen; the next test's is not its business."""
    kept = structlog.get_config()
    yield
    structlog.configure(**kept)


@pytest.fixture
def now() -> datetime:
    """Sunday 13:00 in Riyadh, between two prayers: an hour at which every channel is allowed."""
    return datetime(2026, 11, 22, 10, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def database_server() -> Iterator[str]:
    """The address of the test server's own database; tests make databases beside it."""
    with database.server() as url:
        yield url


@pytest.fixture(scope="session")
def _database(database_server: str) -> Iterator[str]:
    with database.fresh(database_server, database.template(database_server)) as url:
        yield url


@pytest.fixture(scope="session")
def sweep(_database: str) -> Iterator[database.Sweep]:
    """Deletes every row."""
    with database.sweeper(_database) as sweep:
        yield sweep


@pytest.fixture
def database_url(_database: str, sweep: database.Sweep) -> Iterator[str]:
    """The address of a migrated database without rows."""
    yield _database
    sweep()


@pytest.fixture(scope="session")
def _engine(_database: str) -> Engine:
    # One for all tests, because an engine keeps the statements that it has compiled: a sixth of their time.
    return make_engine(_database)


@pytest.fixture
def engine(_engine: Engine, database_url: str) -> Iterator[Engine]:
    """An engine on a migrated database without rows."""
    yield _engine
    _engine.dispose()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """A session that commits nothing by itself."""
    with Session(engine, expire_on_commit=False) as session:
        yield session


@pytest.fixture
def work(engine: Engine) -> Work:
    """`with work() as session:` is one committed transaction."""
    return partial(unit_of_work, engine)
