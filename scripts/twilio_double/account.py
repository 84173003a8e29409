"""The account that the double plays: what it took, what is due when, and the one lock around it."""

import hashlib
import heapq
import itertools
import secrets
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import RLock
from urllib.parse import parse_qsl, urlsplit, urlunsplit

from scripts.twilio_double.script import Behaves, Kind, Script
from scripts.twilio_double.signing import sign
from scripts.twilio_double.taken import Call, Callback, Content, Form, Message, Number, Recording, Request

_INBOUND = "/channels/twilio"


class Account:
    """All state. Everything that reads or writes it holds `lock`."""

    def __init__(
        self,
        sid: str,
        token: str,
        script: Script,
        clock: Callable[[], datetime],
        public_url: str,
        shared_key: tuple[str, str] | None,
        salt: str | None = None,
    ) -> None:
        self.sid = sid
        self.token = token
        self.script = script
        self.clock = clock
        self.shared_key = shared_key
        self.lock = RLock()
        self.messages: dict[str, Message] = {}
        self.calls: dict[str, Call] = {}
        self.contents: dict[str, Content] = {}
        self.recordings: list[Recording] = []
        self.requests: list[Request] = []
        self.violations: list[str] = []
        self.warnings: list[str] = []
        self.numbers: dict[str, Number] = {}
        self.stopped: set[tuple[str, str]] = set()
        self.wrote_at: dict[tuple[str, str], datetime] = {}
        self.balance = "100.00"
        self.state = "active"
        self._public_url = public_url.rstrip("/")
        # Whoever we talk to remembers the ids of our last start.
        self._salt = secrets.token_hex(8) if salt is None else salt
        self._had: Counter[tuple[Kind, str]] = Counter()
        self._counter = itertools.count(1)
        self._timeline: list[tuple[datetime, int, Callable[[datetime], None]]] = []
        self._ready: list[Callback] = []

    def new_sid(self, prefix: str) -> str:
        """A SID nobody else has, nor had in an earlier run; the same in each run of one salt."""
        digest = hashlib.sha256(f"{self.sid}:{self._salt}:{next(self._counter)}".encode()).hexdigest()
        return prefix + digest[:32]

    def new_token(self) -> str:
        """An idempotency token, which a callback and its repetitions carry."""
        return self.new_sid("")

    def behaviour(self, kind: Kind, phone: str) -> Behaves:
        """What the script says of the next contact of this kind with the phone."""
        before = self._had[kind, phone]
        self._had[kind, phone] += 1
        return self.script.behaviour(kind, phone, before)

    def number(self, address: str) -> Number:
        """Where what comes in on one of our addresses goes."""
        if address in self.numbers or not self._public_url:
            return self.numbers.get(address, Number(address))
        base = self._public_url + _INBOUND
        return Number(address, f"{base}/voice/inbound", f"{base}/messages/inbound", f"{base}/voice/status")

    def later(self, at: datetime, do: Callable[[datetime], None]) -> None:
        """Have something done at a time; it is told that time."""
        heapq.heappush(self._timeline, (at, next(self._counter), do))

    def due(self, now: datetime) -> list[Callback]:
        """Let all happen that is due by now, and hand out the callbacks that came of it."""
        with self.lock:
            while self._timeline and self._timeline[0][0] <= now:
                at, _, do = heapq.heappop(self._timeline)
                do(at)
            ready, self._ready = self._ready, []
            return ready

    def next_at(self) -> datetime | None:
        """When something is due next."""
        with self.lock:
            return self._timeline[0][0] if self._timeline else None

    def call_back(
        self,
        at: datetime,
        url: str,
        form: Form,
        *,
        token: str | None = None,
        forged: bool = False,
        method: str = "POST",
        then: Callable[[str, datetime], None] | None = None,
        lost: Callable[[datetime], None] | None = None,
    ) -> None:
        """Make a signed callback ready. `then` hears the body of its answer, `lost` that none came."""
        parts = urlsplit(url)
        overrides = dict(parse_qsl(parts.fragment))
        address = urlunsplit(parts._replace(fragment=""))
        if method == "GET" and form:
            form = []
        headers = {
            "I-Twilio-Idempotency-Token": token or self.new_token(),
            "User-Agent": "TwilioProxy/1.1",
            **self._signature("not the token" if forged else None, address, form),
        }
        self._ready.append(
            Callback(
                at,
                address,
                form,
                headers,
                method,
                forged,
                retries=min(int(overrides.get("rc", "1")), 5),
                retry_on=frozenset(overrides.get("rp", "ct").split(",")),
                then=then,
                lost=lost,
            )
        )

    def answered(self, callback: Callback, status: int, body: str) -> None:
        """What a callback was answered with; status 0 when there was no connection."""
        with self.lock:
            if 200 <= status < 300:
                if callback.then is not None:
                    callback.then(body, callback.at)
                return
            trouble = {0: "ct", 4: "4xx", 5: "5xx"}.get(status // 100, "rt")
            if callback.retries > 0 and callback.retry_on & {trouble, "all"}:
                callback.retries -= 1
                callback.at += timedelta(seconds=1)
                self.later(callback.at, lambda _: self._ready.append(callback))
            elif callback.lost is not None:
                callback.lost(callback.at)

    def _signature(self, wrong: str | None, url: str, form: Form) -> dict[str, str]:
        if self.shared_key is None:
            return {"X-Twilio-Signature": sign(wrong or self.token, url, form)}
        key, secret = self.shared_key
        return {
            "X-Twilio-Signature": sign(wrong or secret, url, form, "sha256"),
            "X-Twilio-Webhooks-Signature-Settings": f"key={key},algorithm=HMAC_SHA256",
        }
