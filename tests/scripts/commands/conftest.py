import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from models.secrecy import Keyring
from scripts.commands import Commands

SECRET = "the secret key of the tests, long enough"


@dataclass(frozen=True)
class Said:
    """What a command printed; `json` is its standard output read as the one object it must be."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Run = Callable[..., Said]


@pytest.fixture
def keys() -> Keyring:
    return Keyring(SECRET.encode())


@pytest.fixture
def environ(database_url: str, tmp_path: Path) -> dict[str, str]:
    return {"DATABASE_URL": database_url, "TAKEED_DATA": str(tmp_path), "TAKEED_SECRET_KEY": SECRET}


@pytest.fixture
def run(environ: dict[str, str]) -> Run:
    """`run("seller", "create", "Noor", ...)` as at the command line, on the test's database."""

    def call(name: str, *arguments: str, stdin: str | None = None, **more: str) -> Said:
        result = CliRunner().invoke(Commands(), [name, *arguments], input=stdin, env=environ | more)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return Said(result.exit_code, result.stdout, result.stderr)

    return call
