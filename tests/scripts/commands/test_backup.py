"""A backup taken from one database and restored into others."""

import stat
import tarfile
from pathlib import Path

import psycopg
import pytest

from scripts.embedded import libpq_url
from tests import database

OTHER_KEY = "another installation's secret key, long"


@pytest.fixture
def target(database_server: str):
    """An empty database on another machine, so to say."""
    with database.fresh(database_server, None) as url:
        yield url


@pytest.fixture
def saved(run, tmp_path: Path) -> Path:
    run("seller", "create", "Noor Shop", "--country", "SA")
    file = tmp_path / "takeed.backup"
    assert run("backup", str(file), "--json").json["file"] == str(file)
    return file


def sellers(url: str) -> list[str]:
    with psycopg.connect(libpq_url(url)) as connection:
        return [name for (name,) in connection.execute("SELECT name FROM sellers ORDER BY name")]


def test_a_backup_is_for_its_owner_only_and_complete(saved):
    assert stat.S_IMODE(saved.stat().st_mode) == 0o600
    with tarfile.open(saved) as tar:
        assert set(tar.getnames()) == {"about.json", "secret_key", "database.dump"}
    assert [each.name for each in saved.parent.iterdir() if each.name.startswith(".")] == []


def test_a_file_is_never_overwritten(run, saved):
    before = saved.read_bytes()
    said = run("backup", str(saved), "--json")
    assert (said.code, said.out) == (1, "")
    assert "not overwritten" in said.err
    assert saved.read_bytes() == before
    assert "cannot be written" in run("backup", str(saved.parent / "no" / "where")).err


def test_a_restore_on_another_machine_brings_data_and_key(run, saved, target, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    environ = {"DATABASE_URL": target, "TAKEED_DATA": str(elsewhere), "TAKEED_SECRET_KEY": ""}
    assert run("restore", str(saved), "--json", **environ).code == 0
    assert sellers(target) == ["Noor Shop"]
    # The doctor opens every stored secret.
    assert run("doctor", "--json", **environ).json["ok"]
    assert stat.S_IMODE((elsewhere / "secret_key").stat().st_mode) == 0o600


def test_a_key_that_the_environment_sets_is_not_replaced_behind_its_back(run, saved, target):
    said = run("restore", str(saved), DATABASE_URL=target, TAKEED_SECRET_KEY=OTHER_KEY)
    assert (said.code, "TAKEED_SECRET_KEY" in said.err) == (1, True)
    assert sellers(target) == []


def test_a_database_with_data_is_replaced_only_when_said(run, saved, target):
    run("seller", "create", "Old", "--country", "SA", DATABASE_URL=target)
    said = run("restore", str(saved), DATABASE_URL=target)
    assert (said.code, "--yes" in said.err) == (1, True)
    assert sellers(target) == ["Old"]
    assert run("restore", str(saved), "--yes", DATABASE_URL=target).code == 0
    assert sellers(target) == ["Noor Shop"]
    # What is restored is a whole installation again, one that can be backed up and migrated.
    assert run("status", "--json", DATABASE_URL=target).code == 0


def test_a_database_in_use_is_left_alone(run, saved, target):
    with psycopg.connect(libpq_url(target)):
        said = run("restore", str(saved), "--yes", DATABASE_URL=target)
    assert (said.code, "in use" in said.err) == (1, True)


def test_a_broken_backup_changes_nothing(run, saved, target, tmp_path):
    run("seller", "create", "Old", "--country", "SA", DATABASE_URL=target)
    with tarfile.open(saved) as tar:
        tar.extractall(tmp_path / "parts", filter="data")
    dump = tmp_path / "parts" / "database.dump"
    dump.write_bytes(dump.read_bytes()[:-400])
    broken = tmp_path / "broken.backup"
    with tarfile.open(broken, "w") as tar:
        for part in sorted((tmp_path / "parts").iterdir()):
            tar.add(part, part.name)
    said = run("restore", str(broken), "--yes", DATABASE_URL=target)
    assert (said.code, "as it was" in said.err) == (1, True)
    assert sellers(target) == ["Old"]


@pytest.mark.parametrize("content", [b"", b"not a backup", None])
def test_what_is_no_backup_is_refused(run, tmp_path, content):
    file = tmp_path / "file"
    if content is not None:
        file.write_bytes(content)
    said = run("restore", str(file), "--yes", "--json")
    assert (said.code, said.out) == (1, "")
    assert str(file) in said.err
