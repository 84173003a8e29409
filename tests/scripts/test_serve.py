import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from scripts import embedded
from scripts import serve as serving
from settings import ROOT

# Only a test that fails waits as long.
PATIENCE_SECONDS = 300
Serve = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def folder() -> Iterator[Path]:
    made = Path(tempfile.mkdtemp(prefix="takeed-serve-"))
    yield made
    embedded.stop(made)
    shutil.rmtree(made)


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def serve(folder: Path) -> Iterator[Serve]:
    """Starts Takeed on a port; whatever a test leaves running is killed."""
    started: list[subprocess.Popen[str]] = []

    def start(port: int, **environ: str) -> subprocess.Popen[str]:
        kept = {
            name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "TAKEED_DATA"}
        }
        command = [sys.executable, "-m", "scripts.serve", "--port", str(port), "--data", str(folder)]
        server = subprocess.Popen(
            [*command, "--workers", "1"],
            cwd=ROOT,
            env=kept | environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        started.append(server)
        return server

    yield start
    for server in started:
        with server:
            server.kill()


def until(happened: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def ready(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def processes(folder: Path) -> list[psutil.Process]:
    """Everything alive that was started for this data folder, told by its environment or by where it runs."""
    found = []
    for process in psutil.process_iter():
        try:
            mark = process.environ().get("TAKEED_DATA"), process.cwd()
        except psutil.Error:
            continue
        if str(folder) in mark or str(folder / "postgres") in mark:
            found.append(process)
    return found


def child(server: subprocess.Popen[str], word: str) -> psutil.Process:
    (found,) = [each for each in psutil.Process(server.pid).children() if word in " ".join(each.cmdline())]
    return found


def end(server: subprocess.Popen[str]) -> str:
    server.send_signal(signal.SIGTERM)
    said, _ = server.communicate(timeout=PATIENCE_SECONDS)
    assert server.returncode == 0, said
    return said


def test_it_serves_survives_kills_and_stops_without_leaving_a_process(
    serve: Serve, folder: Path, port: int
) -> None:
    server = serve(port)
    until(lambda: ready(port))

    for word in ("gunicorn", "scheduler"):
        killed = child(server, word)
        killed.kill()
        until(lambda killed=killed: not killed.is_running())
    until(lambda: len(psutil.Process(server.pid).children()) == 2)
    until(lambda: ready(port))

    said = end(server)
    assert f"Takeed is ready: http://127.0.0.1:{port}" in said
    assert "web ended with -9 and was started again" in said
    assert processes(folder) == []
    assert embedded.running(folder) is None


def test_after_a_kill_of_everything_in_charge_it_can_be_started_again_at_once(
    serve: Serve, folder: Path, port: int
) -> None:
    server = serve(port)
    until(lambda: ready(port))
    server.kill()
    server.communicate()
    again = serve(port)
    until(lambda: ready(port))
    end(again)
    until(lambda: processes(folder) == [])


def test_without_what_the_pages_borrow_it_says_how_to_start(
    tmp_path: Path, port: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(serving, "VENDOR", tmp_path / "vendor")
    monkeypatch.setattr(signal, "signal", lambda *_: None)  # this process keeps its own
    assert serving.main(["--port", str(port), "--data", str(tmp_path)]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err == (
        "takeed: the styles and scripts of the pages are not installed: start with ./scripts/run\n"
    )


def test_a_port_in_use_is_told_in_a_sentence(serve: Serve) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        server = serve(taken.getsockname()[1])
        said, _ = server.communicate(timeout=PATIENCE_SECONDS)
    assert server.returncode == 1
    assert "is in use: choose another with --port" in said
    assert "Traceback" not in said


def test_a_database_that_cannot_be_reached_is_told_without_its_password(serve: Serve, port: int) -> None:
    server = serve(port, DATABASE_URL=f"postgres://u:hidden-word@127.0.0.1:{port}/takeed")
    said, _ = server.communicate(timeout=PATIENCE_SECONDS)
    assert server.returncode == 1
    assert "the database cannot be reached" in said
    assert "hidden-word" not in said
    assert "Traceback" not in said
