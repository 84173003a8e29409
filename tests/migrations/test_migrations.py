from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from sqlalchemy import create_engine

import models  # noqa: F401 - knows every table
from models.base import Base
from scripts.embedded import libpq_url
from scripts.migrating import MigratingError, migrate, unmigrate
from tests import database

# Everything in the schema that can drift, each thing as one line of text.
CATALOGUE = """
SELECT format('column %s.%s %s null:%s default:%s generated:%s identity:%s', relname, attname,
              format_type(atttypid, atttypmod), NOT attnotnull, pg_get_expr(adbin, adrelid),
              attgenerated, attidentity)
  FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid
       LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
 WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND attnum > 0 AND NOT attisdropped
UNION ALL
SELECT format('constraint %s.%s %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
  FROM pg_constraint WHERE connamespace = 'public'::regnamespace
UNION ALL
SELECT 'index ' || pg_get_indexdef(indexrelid) FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
 WHERE relnamespace = 'public'::regnamespace
"""


@pytest.fixture
def blank(database_server: str) -> Iterator[str]:
    with database.fresh(database_server, None) as url:
        yield url


def ask(url: str, question: str) -> list[str]:
    with psycopg.connect(libpq_url(url)) as connection:
        return sorted(line for (line,) in connection.execute(question.encode()))


def schema(url: str) -> list[str]:
    return [line for line in ask(url, CATALOGUE) if "alembic_version" not in line]


def leftovers(url: str) -> list[str]:
    return schema(url) + ask(url, "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace")


def test_up_down_and_up_again_end_the_same(blank: str) -> None:
    migrate(blank)
    first = leftovers(blank)
    unmigrate(blank)
    assert leftovers(blank) == []
    migrate(blank)
    assert leftovers(blank) == first


def test_the_migrated_schema_is_the_models_schema(blank: str, database_server: str) -> None:
    migrate(blank)
    with database.fresh(database_server, None) as url:
        engine = create_engine(url)
        Base.metadata.create_all(engine)
        engine.dispose()
        assert schema(blank) == schema(url)


def test_processes_that_migrate_together_wait_for_each_other(blank: str) -> None:
    with ThreadPoolExecutor() as pool:
        list(pool.map(migrate, [blank] * 3))
    assert schema(blank)


def test_a_database_of_a_newer_release_is_refused(blank: str) -> None:
    migrate(blank)
    with psycopg.connect(libpq_url(blank)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(MigratingError, match="does not know"):
        migrate(blank)


@pytest.mark.parametrize("table", ["decisions", "diary", "tier_changes"])
@pytest.mark.parametrize("change", ["UPDATE {} SET id = id", "DELETE FROM {}"])
def test_history_cannot_be_rewritten(database_url: str, table: str, change: str) -> None:
    with (
        psycopg.connect(libpq_url(database_url)) as connection,
        pytest.raises(psycopg.Error, match="append-only"),
    ):
        connection.execute(change.format(table).encode())
