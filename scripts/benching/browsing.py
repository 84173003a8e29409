"""The browsers of the desk's benchmark: agents who work without a pause, and desks whose pages only ask."""

import http.client
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from json import loads
from threading import Barrier, BrokenBarrierError, Thread
from urllib.parse import urlencode

_PATIENCE_SECONDS = 30
_PULSE_SECONDS = 5.0
_OUTCOMES = ("confirm", "reject:changed_mind", "confirm", "no_answer")


class Refused(Exception):
    """An answer that is not what the page waited for."""


@dataclass(frozen=True)
class Plan:
    """What is to be done: for how long, after how long a warm-up, by agents with these session tokens.

    `call_seconds` is how long a call lasts before its outcome is recorded.
    """

    port: int
    seconds: float
    warm_up_seconds: float
    call_seconds: float
    working: Sequence[str]
    polling: Sequence[str]


@dataclass
class Seen:
    """What the browsers saw; times in milliseconds, of what was begun after the warm-up.

    An outcome's time runs until the next case is there complete, a pulse's from when it was due. `held` are
    all cases that were in somebody's hands (who, the step, the token of its lease), `recorded` the steps of
    those whose outcome was taken.
    """

    outcomes: list[float] = field(default_factory=list)
    pulses: list[float] = field(default_factory=list)
    held: list[tuple[int, str, str]] = field(default_factory=list)
    recorded: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


def browse(plan: Plan) -> Seen:
    """All browsers at once, each in a thread: for a process of its own."""
    seen = Seen()
    everybody = Barrier(len(plan.working) + len(plan.polling))
    threads = [
        *(Thread(target=_work, args=(plan, number, everybody, seen)) for number in range(len(plan.working))),
        *(Thread(target=_poll, args=(plan, number, everybody, seen)) for number in range(len(plan.polling))),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return seen


class _Browser:
    """One signed-in browser; `version`, `step` and `token` are what its page shows."""

    def __init__(self, port: int, session: str) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_PATIENCE_SECONDS)
        self._headers = {"Cookie": f"takeed={session}", "Sec-Fetch-Site": "same-origin"}
        self._csrf = ""
        self.version = self.step = self.token = ""

    def open(self) -> None:
        """Load the desk."""
        self._read(self._ask("GET", "/desk", {}))
        self.leave()

    def press(self, path: str, **form: str) -> None:
        """Send a form of the page as htmx does; the answer is the page's new content."""
        self._read(self._ask("POST", path, {"HX-Request": "true"}, csrf=self._csrf, token=self.token, **form))

    def pulse(self) -> None:
        """Ask as the page does by itself, each time on a new connection: the last one has idled too long."""
        form = {"csrf": self._csrf, "version": self.version, "step": self.step, "token": self.token}
        self.version = loads(self._ask("POST", "/desk/pulse", {"Connection": "close"}, **form))["version"]
        self.leave()

    def leave(self) -> None:
        """Close the connection."""
        self._connection.close()

    def _ask(self, method: str, path: str, headers: dict[str, str], **form: str) -> str:
        body = urlencode(form) if form else None
        kind = {"Content-Type": "application/x-www-form-urlencoded"} if form else {}
        self._connection.request(method, path, body, {**self._headers, **headers, **kind})
        answer = self._connection.getresponse()
        text = answer.read().decode()
        if answer.status != http.client.OK:
            raise Refused(f"{method} {path.rpartition('/')[2]}: {answer.status}")
        return text

    def _read(self, page: str) -> None:
        self._csrf = _value("csrf", page) or self._csrf
        self.version, self.step, self.token = (_value(name, page) for name in ("version", "step", "token"))


def _value(name: str, page: str) -> str:
    found = re.search(rf'data-{name}="([^"]*)"', page)
    return found[1] if found else ""


def _begin(browser: _Browser, everybody: Barrier, seen: Seen) -> bool:
    """Open the page and wait until all have."""
    try:
        browser.open()
        everybody.wait()
    except BrokenBarrierError:
        return False
    except (Refused, OSError, http.client.HTTPException) as error:
        everybody.abort()
        seen.errors.append(_told(error))
        return False
    return True


def _work(plan: Plan, number: int, everybody: Barrier, seen: Seen) -> None:
    browser = _Browser(plan.port, plan.working[number])
    if not _begin(browser, everybody, seen):
        return
    counted_from = time.monotonic() + plan.warm_up_seconds
    end = counted_from + plan.seconds
    worked = number
    try:
        # Agents who begin a shift together would call in step for ever.
        time.sleep(plan.call_seconds * number / len(plan.working))
        browser.press("/desk/next")
        # However slow the machine, everybody ends one case.
        while browser.step and (worked == number or time.monotonic() < end):
            seen.held.append((number, browser.step, browser.token))
            case = f"/desk/cases/{browser.step}"
            browser.press(f"{case}/call")
            if plan.call_seconds:
                browser.leave()
                time.sleep(plan.call_seconds)
            sent = time.monotonic()
            browser.press(f"{case}/outcome", outcome=_OUTCOMES[worked % len(_OUTCOMES)])
            worked += 1
            seen.recorded.append(case.rpartition("/")[2])
            if sent >= counted_from and browser.step:
                seen.outcomes.append((time.monotonic() - sent) * 1000)
        if not browser.step:
            seen.errors.append("no case left")
    except (Refused, OSError, http.client.HTTPException) as error:
        seen.errors.append(_told(error))
    browser.leave()


def _poll(plan: Plan, number: int, everybody: Barrier, seen: Seen) -> None:
    browser = _Browser(plan.port, plan.polling[number])
    if not _begin(browser, everybody, seen):
        return
    counted_from = time.monotonic() + plan.warm_up_seconds
    end = counted_from + plan.seconds
    due = time.monotonic() + _PULSE_SECONDS * number / len(plan.polling)
    while due < end:
        time.sleep(max(0.0, due - time.monotonic()))
        try:
            browser.pulse()
            if due >= counted_from:
                seen.pulses.append((time.monotonic() - due) * 1000)
        except (Refused, OSError, http.client.HTTPException) as error:
            seen.errors.append(_told(error))
            browser.leave()
        due += _PULSE_SECONDS


def _told(error: Exception) -> str:
    return str(error) if isinstance(error, Refused) else type(error).__name__
