"""The machine's own Chromium. `python -m tests.browser.chromium` tells where it is, or ends with 1."""

import shutil
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
_MAC = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
MISSING = (
    "THE BROWSER TESTS NEED CHROMIUM and none was found: install the package chromium (or Google Chrome) "
    "so that `chromium` is on the PATH, then run ./scripts/test again."
)
# Nothing leaves the machine: the browser asks no one but us, and finds no other host.
FLAGS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)


def find() -> str | None:
    """The path of the program, or None."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    return found or (str(_MAC) if _MAC.exists() else None)


if __name__ == "__main__":
    path = find()
    print(path or MISSING, file=sys.stdout if path else sys.stderr)
    sys.exit(0 if path else 1)
