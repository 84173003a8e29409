"""Runs Takeed on one machine: the database, the web processes, the scheduler, until Ctrl-C or SIGTERM."""

from __future__ import annotations

import argparse
import http.client
import json
import os
import signal
import socket
import sys
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from scripts import embedded
from scripts.migrating import MigratingError, migrate
from scripts.processes import Child, stop
from scripts.vendoring import STAMP, VENDOR
from settings import ROOT, Settings, SettingsError

_HOST = "127.0.0.1"
_PORT_SECONDS = 5  # how long a server that was just killed may still hold the port
_READY_SECONDS = 120
_THREADS = 8


class ServingError(RuntimeError):
    """Takeed cannot be started; the text says why, in one sentence."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Serves until told to stop; returns the exit code. What cannot start is a sentence, not a traceback."""
    options = _options(arguments)
    # Both said outright: a shell that starts us in the background has SIGINT ignored.
    for stopping in (signal.SIGTERM, signal.SIGINT):
        signal.signal(stopping, signal.default_int_handler)
    try:
        _serve(options, _environ(options))
    except KeyboardInterrupt:
        return 0
    except (ServingError, SettingsError, MigratingError, embedded.EmbeddedError) as error:
        print(f"takeed: {error}", file=sys.stderr)
    return 1


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/run", description=__doc__)
    parser.add_argument("--port", type=int, default=8000, help="where the web answers, on 127.0.0.1 (8000)")
    parser.add_argument("--data", type=Path, help="the data folder (var)")
    parser.add_argument(
        "--demo", action="store_true", help="load demo sellers, agents and orders, and print logins"
    )
    parser.add_argument("--workers", type=int, default=2, help="web processes (2)")
    options = parser.parse_args(arguments)
    if not 0 < options.port < 65536:
        parser.error("--port must be from 1 to 65535")
    if options.workers < 1:
        parser.error("--workers must be 1 or more")
    return options


def _environ(options: argparse.Namespace) -> dict[str, str]:
    """What our children find in their environment, less the address of the database."""
    environ = {"TAKEED_PUBLIC_URL": f"http://{_HOST}:{options.port}"} | os.environ
    if options.data is not None:
        environ["TAKEED_DATA"] = str(options.data.resolve())
    if options.demo:
        environ |= {"TAKEED_DEMO": "1", "TAKEED_WEBHOOK_ALLOW_PRIVATE": "1"}
        environ.setdefault("TAKEED_WORLD", str(ROOT / "worlds" / "demo.json"))
    return environ


def _serve(options: argparse.Namespace, environ: dict[str, str]) -> None:
    settings = Settings.from_env(environ)
    if not (VENDOR / STAMP).is_file():
        raise ServingError("the styles and scripts of the pages are not installed: start with ./scripts/run")
    _await_port(options.port)
    children: list[Child] = []
    with embedded.database(settings) as url:
        environ["DATABASE_URL"] = url
        try:
            migrate(url)
            if options.demo:
                children.append(_demo(settings, url, environ))
            children.append(Child("web", web_command(options.port, options.workers), environ))
            children.append(Child("scheduler", [sys.executable, "-m", "flask", "scheduler"], environ))
            _await_ready(options.port, children)
            print(f"Takeed is ready: {settings.public_url}", flush=True)
            _watch(settings, children)
        finally:
            # A second Ctrl-C must not leave half of us behind.
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            print("Takeed is stopping ...", flush=True)
            stop(children)


def web_command(port: int, workers: int) -> list[str]:
    """How the web processes are started."""
    return [
        *(sys.executable, "-m", "gunicorn", "app:create_app()", "--bind", f"{_HOST}:{port}"),
        *("--worker-class", "gthread", "--workers", str(workers), "--threads", str(_THREADS)),
        *("--graceful-timeout", "10", "--log-level", "warning", "--no-control-socket"),
    ]


def _demo(settings: Settings, url: str, environ: dict[str, str]) -> Child:
    """Loads the demo data unless it was loaded before, and starts the receiver of its events."""
    from scripts import demo  # only now: serving for real needs none of it

    path = settings.data / "demo.json"
    loaded = json.loads(path.read_text(encoding="utf-8")) if path.exists() else None
    receiver_url = loaded["receiver_url"] if loaded else f"http://{_HOST}:{free_port()}"
    port = receiver_url.rpartition(":")[2]
    command = [sys.executable, "-m", "scripts.demo_receiver", "--port", port, "--data", str(settings.data)]
    receiver = Child("demo receiver", command, environ)
    try:
        if loaded is None:
            loaded = {**demo.load(settings, url, receiver_url), "receiver_url": receiver_url}
            _write_private(path, json.dumps(loaded, ensure_ascii=False, indent=2))
    except BaseException:
        stop([receiver])
        raise
    for user in loaded["users"]:
        print(f"  {user['role']:<10} {user['email']:<32} {user['password']}")
    return receiver


def _write_private(path: Path, text: str) -> None:
    draft = path.with_suffix(".new")
    draft.touch(mode=0o600)
    draft.write_text(text, encoding="utf-8")
    draft.rename(path)


def _watch(settings: Settings, children: list[Child]) -> None:
    while True:
        time.sleep(0.5)
        if settings.database_url is None and embedded.running(settings.data) is None:
            embedded.start(settings.data)
            print("the database ended and was started again", file=sys.stderr, flush=True)
        for child in children:
            if sentence := child.revive():
                print(sentence, file=sys.stderr, flush=True)


def _await_port(port: int) -> None:
    deadline = time.monotonic() + _PORT_SECONDS
    while True:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((_HOST, port))
                return
            except PermissionError:
                raise ServingError(
                    f"port {port} may not be used by this user: choose another --port"
                ) from None
            except OSError:
                if time.monotonic() > deadline:
                    raise ServingError(f"port {port} is in use: choose another with --port") from None
        time.sleep(0.1)


def free_port() -> int:
    """A port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind((_HOST, 0))
        return int(probe.getsockname()[1])


def _await_ready(port: int, children: list[Child]) -> None:
    deadline = time.monotonic() + _READY_SECONDS
    while not is_ready(port):
        for child in children:
            if (code := child.ended()) is not None:
                raise ServingError(f"{child.name} ended with {code} at once; what it said stands above")
        if time.monotonic() > deadline:
            raise ServingError(
                f"http://{_HOST}:{port}/readyz did not answer 200 within {_READY_SECONDS} seconds"
            )
        time.sleep(0.1)


def is_ready(port: int) -> bool:
    """Whether the server there can do its work."""
    with closing(http.client.HTTPConnection(_HOST, port, timeout=5)) as connection:
        try:
            connection.request("GET", "/readyz")
            return connection.getresponse().status == http.client.OK
        except (OSError, http.client.HTTPException):
            return False


if __name__ == "__main__":
    sys.exit(main())
