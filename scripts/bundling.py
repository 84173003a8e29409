"""A backup: one file with the whole database and the key that its secrets are sealed with.

The key is part of it because a database without it is not restored: stored secrets could not be opened, and
phones that were erased could not be recognised. The database holds the phones in plain text anyway, so the
file is to be kept as the database is, readable by its owner alone. It is a tar of `about.json`, `secret_key`
and `database.dump` in the custom format of `pg_dump`.
"""

import io
import json
import os
import re
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO
from urllib.parse import unquote, urlsplit

import psycopg

from scripts.embedded import binary, libpq_url
from settings import ROOT

_ABOUT, _KEY, _DUMP = "about.json", "secret_key", "database.dump"
# Written into every script by newer programs, and unknown to servers before PostgreSQL 17.
_UNKNOWN_BEFORE_17 = b"SET transaction_timeout = 0;\n"
_BEGIN = (
    b"BEGIN; SET LOCAL client_min_messages = warning; DROP SCHEMA public CASCADE; CREATE SCHEMA public;\n"
)


class BundleError(RuntimeError):
    """A backup cannot be made or restored; the text says why, in one sentence."""


@dataclass(frozen=True)
class Bundle:
    """What a backup says of itself; `dump` is the unpacked dump's path."""

    made_at: str
    schema: str
    secret_key: str
    dump: Path


def back_up(url: str, secret_key: str, schema: str, path: Path, *, now: datetime) -> int:
    """Write the backup to a new file that only its owner can read; its size in bytes.

    Taken in one snapshot while everything runs. Nothing is left under the name unless it is complete.
    Raises BundleError, also when the file exists.
    """
    if path.exists():
        raise BundleError(f"{path} exists and is not overwritten")
    try:
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=".backup-") as folder:
            dump, draft = Path(folder) / _DUMP, Path(folder) / path.name
            _dump(url, dump)
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                _pack(file, dump, {"made_at": now.isoformat(), "schema": schema}, secret_key)
                file.flush()
                os.fsync(file.fileno())
            os.link(draft, path)
    except FileExistsError:
        raise BundleError(f"{path} exists and is not overwritten") from None
    except OSError as error:
        raise BundleError(f"{path} cannot be written: {error.strerror}") from None
    return path.stat().st_size


@contextmanager
def unpacked(path: Path) -> Iterator[Bundle]:
    """The backup, unpacked for as long as this lasts; raises BundleError for a file that is none."""
    with tempfile.TemporaryDirectory(prefix="takeed-restore-") as folder:
        try:
            with tarfile.open(path) as tar:
                for name in (_ABOUT, _KEY, _DUMP):
                    tar.extract(name, folder, filter="data")
            about = json.loads((Path(folder) / _ABOUT).read_text(encoding="utf-8"))
            key = (Path(folder) / _KEY).read_text(encoding="ascii").strip()
            bundle = Bundle(about["made_at"], about["schema"], key, Path(folder) / _DUMP)
        except FileNotFoundError:
            raise BundleError(f"there is no file {path}") from None
        except (tarfile.TarError, KeyError, ValueError, EOFError, OSError):
            raise BundleError(f"{path} is not a complete backup") from None
        yield bundle


def is_known(schema: str) -> bool:
    """Whether this release has the migration that the backup's database had last."""
    versions = ROOT / "migrations" / "versions"
    return bool(re.fullmatch(r"\w+", schema)) and any(versions.glob(f"{schema}_*.py"))


def others_connected(url: str) -> int:
    """How many other connections use the database, after a moment for those just closed to be gone."""
    others = 0
    with psycopg.connect(libpq_url(url), autocommit=True) as connection:
        for _ in range(20):
            found = connection.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                " AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
            ).fetchone()
            others = int(found[0]) if found else 0
            if not others:
                break
            connection.execute("SELECT pg_sleep(0.1)")
    return others


def holds_data(url: str) -> bool:
    """Whether the database has any seller, order or user."""
    with psycopg.connect(libpq_url(url)) as connection:
        if connection.execute("SELECT to_regclass('public.sellers')").fetchone() == (None,):
            return False
        found = connection.execute(
            "SELECT EXISTS (SELECT FROM sellers) OR EXISTS (SELECT FROM users)"
        ).fetchone()
    return bool(found and found[0])


def restore(bundle: Bundle, url: str) -> None:
    """Put the backup in place of everything in the database: all of it in one transaction, or nothing."""
    address, environ = _connection(url)
    reading = [str(binary("pg_restore")), "--no-owner", "--no-acl", "--file=-", str(bundle.dump)]
    writing = [str(binary("psql")), "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", f"--dbname={address}"]
    with (
        tempfile.TemporaryFile() as complaints,
        subprocess.Popen(reading, stdout=subprocess.PIPE, stderr=complaints) as reader,
        subprocess.Popen(
            writing, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=complaints, env=environ
        ) as writer,
    ):
        assert reader.stdout is not None  # noqa: S101 - both are pipes
        assert writer.stdin is not None  # noqa: S101
        # Without its last line, which is only written when all was read, the transaction is rolled back.
        with suppress(BrokenPipeError), writer.stdin as script:
            script.write(_BEGIN)
            script.writelines(line for line in reader.stdout if line != _UNKNOWN_BEFORE_17)
            if reader.wait() == 0:
                script.write(b"COMMIT;\n")
        reader.stdout.close()
        if writer.wait() or reader.wait():
            complaints.seek(0)
            raise BundleError(f"the database is as it was: {_first_line(complaints.read())}")


def keep_key(data: Path, secret_key: str) -> None:
    """Make the backup's key the installation's, in place of the one kept in the data folder."""
    draft = data / "secret_key.new"
    draft.unlink(missing_ok=True)
    draft.touch(mode=0o600)
    draft.write_text(secret_key, encoding="ascii")
    draft.replace(data / "secret_key")


def kept_key(data: Path) -> str | None:
    """The key that is kept in the data folder, if one is."""
    try:
        return (data / "secret_key").read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return None


def _dump(url: str, path: Path) -> None:
    address, environ = _connection(url)
    command = [str(binary("pg_dump")), "--format=custom", "--no-owner", "--no-acl", f"--file={path}", address]
    done = subprocess.run(command, env=environ, capture_output=True)
    if done.returncode:
        raise BundleError(f"the database cannot be read: {_first_line(done.stderr)}")


def _pack(file: IO[bytes], dump: Path, about: dict[str, str], secret_key: str) -> None:
    with tarfile.open(fileobj=file, mode="w") as tar:
        for name, text in ((_ABOUT, json.dumps(about)), (_KEY, secret_key)):
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = len(text.encode()), 0o600
            tar.addfile(entry, io.BytesIO(text.encode()))
        tar.add(dump, _DUMP, filter=_anonymous)


def _anonymous(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = ""
    entry.mode = 0o600
    return entry


def _connection(url: str) -> tuple[str, dict[str, str]]:
    """The address for PostgreSQL's programs, and their environment, where no other user sees a password."""
    parts = urlsplit(libpq_url(url))
    if parts.password is None:
        return parts.geturl(), dict(os.environ)
    user, _, host = parts.netloc.rpartition("@")
    bare = parts._replace(netloc=f"{user.partition(':')[0]}@{host}")
    return bare.geturl(), {**os.environ, "PGPASSWORD": unquote(parts.password)}


def _first_line(complaints: bytes) -> str:
    return complaints.decode(errors="replace").strip().partition("\n")[0] or "the programs gave no reason"
