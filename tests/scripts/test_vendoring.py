"""What the pages borrow comes whole or not at all, and once."""

import json
from pathlib import Path

import pytest

from scripts import vendoring
from scripts.vendoring import PACKAGES, STAMP, VENDOR, NotInstalled, bring


@pytest.fixture
def broken_npm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An npm of today that cannot install anything."""
    for name, text in (("npm", '[ "$1" = --version ] && echo 11.0.0'), ("node", "exit 1")):
        (tmp_path / name).write_text(f"#!/bin/sh\n{text}\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))


@pytest.fixture
def vendor(tmp_path: Path) -> Path:
    return tmp_path / "static" / "vendor"


def test_what_is_there_is_left_alone(
    vendor: Path, broken_npm: None, capfd: pytest.CaptureFixture[str]
) -> None:
    vendor.mkdir(parents=True)
    (vendor / STAMP).write_bytes((VENDOR / STAMP).read_bytes())
    bring(vendor)
    assert [each.name for each in vendor.iterdir()] == [STAMP]
    assert capfd.readouterr().out == ""


def test_a_broken_install_leaves_what_there_was(vendor: Path, broken_npm: None) -> None:
    with pytest.raises(NotInstalled):
        bring(vendor)
    assert list(vendor.parent.iterdir()) == []
    vendor.mkdir()
    (vendor / STAMP).write_text("of an older lock file")
    (vendor / "tabler.min.css").write_text("older")
    with pytest.raises(NotInstalled):
        bring(vendor)
    assert [each.name for each in vendor.parent.iterdir()] == ["vendor"]
    assert (vendor / "tabler.min.css").read_text() == "older"


@pytest.mark.parametrize("version", ["6.14.18", "", "nonsense"])
def test_an_npm_that_cannot_read_the_lock_file_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broken_npm: None, version: str
) -> None:
    (tmp_path / "npm").write_text(f"#!/bin/sh\necho {version}\n")
    asked: list[list[str]] = []
    monkeypatch.setattr(vendoring, "_run", lambda command, room: asked.append(command))
    with pytest.raises(FileNotFoundError):
        bring(tmp_path / "static" / "vendor")
    pip, npm = asked
    assert "--require-hashes" in pip
    assert Path(npm[0]).name == "node"


def test_the_lock_file_holds_exact_contents_and_no_address_of_a_registry() -> None:
    locked = json.loads((PACKAGES / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    asked = locked.pop("")["dependencies"]
    assert all(version[0].isdigit() for version in asked.values())
    assert all(each["integrity"].startswith("sha512-") for each in locked.values())
    assert not any("resolved" in each for each in locked.values())
