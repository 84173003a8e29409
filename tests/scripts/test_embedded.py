import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from scripts import embedded
from scripts.cluster import Cluster
from settings import ROOT, Settings


@pytest.fixture(scope="module")
def made() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="takeed-embedded-"))
    folder.chmod(0o711)
    with embedded.joined(folder):
        pass
    yield folder
    embedded.stop(folder)
    shutil.rmtree(folder)


@pytest.fixture
def data(made: Path) -> Iterator[Path]:
    yield made
    embedded.stop(made)


def ask(url: str, question: str) -> str:
    with psycopg.connect(embedded.libpq_url(url)) as connection:
        (answer,) = connection.execute(question.encode()).fetchone() or ("",)
        return str(answer)


def test_a_server_of_our_own_is_durable_recent_and_reached_by_nobody_over_the_network(data: Path) -> None:
    with embedded.joined(data) as server:
        assert int(ask(server.url, "SHOW server_version_num")) >= 150_000
        assert ask(server.url, "SHOW fsync") == "on"
        assert ask(server.url, "SHOW listen_addresses") == ""
        assert ask(server.url, "SHOW timezone") == "UTC"
        assert int(ask(server.url, "SHOW max_connections")) >= 200
        socket = Path(ask(server.url, "SHOW unix_socket_directories"))
        assert socket.stat().st_mode & 0o077 == 0
    assert embedded.running(data) is None


def test_the_last_one_out_stops_the_server(data: Path) -> None:
    with embedded.joined(data) as first:
        with embedded.joined(data) as second:
            assert second.url == first.url
        assert ask(first.url, "SELECT 1") == "1"
    assert embedded.running(data) is None


def test_two_that_start_together_share_one_server(data: Path) -> None:
    urls: list[str] = []
    together, done = threading.Barrier(3), threading.Barrier(3)

    def use() -> None:
        together.wait()
        with embedded.joined(data) as server:
            done.wait()
            urls.append(ask(server.url, "SELECT pg_postmaster_start_time()"))

    users = [threading.Thread(target=use) for _ in range(3)]
    for user in users:
        user.start()
    for user in users:
        user.join()
    assert len(urls) == 3
    assert len(set(urls)) == 1
    assert embedded.running(data) is None


def test_a_killed_server_starts_again_with_everything_that_was_committed(data: Path) -> None:
    with embedded.joined(data) as server:
        with psycopg.connect(embedded.libpq_url(server.url)) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 7 AS number")
        process = Cluster(data).process()
        assert process is not None
        process.send_signal(signal.SIGKILL)
        process.wait(10)
        assert embedded.running(data) is None
        with embedded.joined(data) as again:
            assert ask(again.url, "SELECT number FROM kept") == "7"


def test_what_a_killed_user_left_running_is_joined_and_then_stopped(data: Path) -> None:
    code = (
        "import sys, time; from pathlib import Path; from scripts import embedded\n"
        "with embedded.joined(Path(sys.argv[1])): print('in', flush=True); time.sleep(60)"
    )
    user = subprocess.Popen([sys.executable, "-c", code, str(data)], stdout=subprocess.PIPE, cwd=ROOT)
    assert user.stdout is not None
    assert user.stdout.readline() == b"in\n"
    user.kill()
    user.wait()
    user.stdout.close()
    left = embedded.running(data)
    assert left is not None
    with embedded.joined(data) as server:
        assert server.url == left
    assert embedded.running(data) is None


def test_a_stranger_with_the_dead_servers_number_does_not_stand_in_the_way(data: Path) -> None:
    pid_file = data / "postgres" / "postmaster.pid"
    pid_file.write_text(f"{os.getpid()}\n{data / 'postgres'}\n0\n5432\n{data}\n\n\nready\n")
    assert embedded.running(data) is None
    with embedded.joined(data) as server:
        assert ask(server.url, "SELECT 1") == "1"


def test_a_folder_whose_name_no_socket_can_have_still_works() -> None:
    folder = Path(tempfile.mkdtemp(prefix="takeed-embedded-"))
    try:
        with embedded.joined(folder / "seller's data" / ("long" * 20)) as server:
            socket = Path(ask(server.url, "SHOW unix_socket_directories"))
        assert not socket.exists()
    finally:
        shutil.rmtree(folder)


def test_a_cluster_of_another_version_is_refused_in_words(data: Path) -> None:
    version = data / "postgres" / "PG_VERSION"
    ours = version.read_text()
    version.write_text("13\n")
    try:
        with pytest.raises(embedded.EmbeddedError, match="made by PostgreSQL 13"):
            embedded.start(data)
    finally:
        version.write_text(ours)


def test_a_database_url_is_used_as_it_is(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, database_url="postgresql+psycopg://db/takeed")
    with embedded.database(settings) as url:
        assert url == "postgresql+psycopg://db/takeed"
    assert not (tmp_path / "postgres").exists()


def test_the_settings_folder_holds_the_server_otherwise(data: Path) -> None:
    with embedded.database(Settings(data=data)) as url:
        assert ask(url, "SELECT current_database()") == "takeed"
    assert not [each for each in psutil.process_iter(["cmdline"]) if str(data) in str(each.info["cmdline"])]
