import subprocess
import sys
from pathlib import Path

from app import create_app
from scripts.commands import Commands
from settings import ROOT, Settings


def test_the_web_starts_without_what_only_commands_need():
    heavy = {"alembic", "apscheduler", "openpyxl", "httpx", "psutil"}
    code = f"import sys, app; print({heavy} & set(sys.modules))"
    told = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "set()"


def test_the_database_is_met_at_the_first_request(tmp_path):
    app = create_app(Settings(data=tmp_path / "nowhere"))
    client = app.test_client()
    assert client.get("/healthz").status_code == 200
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json["reason"]) == (503, "database_unavailable")


def test_every_command_can_be_called_for(tmp_path):
    app = create_app(Settings(data=tmp_path))
    told = app.test_cli_runner().invoke(args=["--help"])
    assert told.exit_code == 0, told.output
    # Files of one verb, such as slots_fit.py, are told by their group.
    files = Path(ROOT, "scripts/commands").glob("[a-z]*.py")
    commands = [file.stem for file in files if "_" not in file.stem]
    assert commands
    for name in commands:
        assert name in told.output
        assert isinstance(app.cli, Commands)
        helped = app.test_cli_runner().invoke(args=[name, "--help"])
        assert helped.exit_code == 0, helped.output


def test_an_unknown_command_is_told(tmp_path):
    told = create_app(Settings(data=tmp_path)).test_cli_runner().invoke(args=["nothing"])
    assert told.exit_code == 2
