"""The double as a test or a process holds it: its script, its memory and its callbacks."""

from collections.abc import Callable, Sequence
from datetime import datetime
from threading import Event
from types import TracebackType
from typing import Any, Self

from scripts.twilio_double.account import Account
from scripts.twilio_double.answering import Answer, Asked, answer
from scripts.twilio_double.listening import Server
from scripts.twilio_double.messaging import take_reply
from scripts.twilio_double.script import Behaves, Script
from scripts.twilio_double.taken import Call, Callback, Content, Message, Number, Recording, Request
from scripts.twilio_double.talking import ring_in
from scripts.twilio_double.writing import write

Post = Callable[[Callback], tuple[int, str]]
"""Makes a callback's request; the HTTP status (0 without a connection) and the body of the answer."""


def through(client: Any) -> Post:
    """Posts with a Flask test client."""

    def post(callback: Callback) -> tuple[int, str]:
        if callback.method == "GET":
            answer = client.get(callback.path, headers=callback.headers)
        else:
            data: dict[str, list[str]] = {}
            for name, value in callback.form:
                data.setdefault(name, []).append(value)
            answer = client.post(callback.path, data=data, headers=callback.headers)
        return answer.status_code, answer.get_data(as_text=True) if _is_text(answer.mimetype) else ""

    return post


def _is_text(kind: str) -> bool:
    return kind.startswith("text/") or kind.endswith(("xml", "json"))


class Double:
    """Twilio, as far as Takeed uses it. A context manager; `base` is the address for `TWILIO_API_BASE`.

    `clock` tells the time of everything that happens. Callbacks wait until they are asked for (`due`,
    `deliver`). `public_url` is the product's: what comes in goes to its doors there, on every address that
    `own` was not told about. With a `shared_key` (id and secret) callbacks are signed with that instead of
    the token. `delay` is how many real seconds each answer takes; an `outage` answers everything instead of
    the script. SIDs and tokens differ at each start, but for the same `salt`.
    """

    def __init__(
        self,
        account_sid: str,
        auth_token: str,
        *,
        script: Script | None = None,
        clock: Callable[[], datetime],
        public_url: str = "",
        shared_key: tuple[str, str] | None = None,
        delay: float = 0.0,
        port: int = 0,
        salt: str | None = None,
    ) -> None:
        self._account = Account(
            account_sid, auth_token, script or Script(), clock, public_url, shared_key, salt
        )
        self.delay = delay
        self.outage: Behaves | None = None
        self._stopping = Event()
        self._server: Server | None = None
        self._port = port
        self.accept_connections()

    @property
    def base(self) -> str:
        """Where the API is to be found."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def account(self) -> Account:
        """The account behind it: its balance, state and numbers can be set, holding its `lock`."""
        return self._account

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stop answering; whoever hangs is let go."""
        self._stopping.set()
        self.refuse_connections()

    def refuse_connections(self) -> None:
        """Nobody listens any more, and open connections are cut."""
        if self._server is not None:
            self._server.stop()
            self._server = None

    def accept_connections(self) -> None:
        """Listen (again), at the same address."""
        if self._server is None:
            self._server = Server(self._port, self._handle, self._stopping)
            self._port = self._server.port

    def _handle(self, asked: Asked) -> tuple[Answer, float]:
        return answer(self._account, asked, self.outage), self.delay

    @property
    def messages(self) -> list[Message]:
        """The messages sent through it, oldest first; what came in is not among them."""
        with self._account.lock:
            return [each for each in self._account.messages.values() if each.direction != "inbound"]

    @property
    def calls(self) -> list[Call]:
        """The calls, in and out, and the legs that Dial rang; oldest first."""
        with self._account.lock:
            return list(self._account.calls.values())

    @property
    def contents(self) -> list[Content]:
        """The content templates, oldest first."""
        with self._account.lock:
            return list(self._account.contents.values())

    @property
    def recordings(self) -> list[Recording]:
        """What was recorded, oldest first."""
        with self._account.lock:
            return list(self._account.recordings)

    @property
    def requests(self) -> list[Request]:
        """Every request to the API, in the order in which they came."""
        with self._account.lock:
            return list(self._account.requests)

    @property
    def violations(self) -> list[str]:
        """What went against Twilio's published description; tests want none."""
        with self._account.lock:
            return list(self._account.violations)

    @property
    def warnings(self) -> list[str]:
        """What Twilio's debugger would show of the product's answers: no TwiML, or not TwiML."""
        with self._account.lock:
            return list(self._account.warnings)

    def own(self, address: str, *, voice_url: str = "", messages_url: str = "", status_url: str = "") -> None:
        """An address of ours, and where what comes in on it goes; with no address at all, to `public_url`."""
        with self._account.lock:
            doors = Number(address, voice_url, messages_url, status_url)
            known = voice_url or messages_url or status_url
            self._account.numbers[address] = doors if known else self._account.number(address)

    def writes(
        self,
        phone: str,
        to: str,
        *,
        body: str = "",
        button_payload: str | None = None,
        media: Sequence[str] = (),
        location: tuple[float, float] | None = None,
        replied_to: str | None = None,
        opt_out: str | None = None,
    ) -> Message:
        """The owner of `phone` writes to our address `to` (both with `whatsapp:` before them on WhatsApp)."""
        with self._account.lock:
            return write(
                self._account,
                phone,
                to,
                self._account.clock(),
                take_reply=take_reply,
                body=body,
                button_payload=button_payload,
                media=media,
                location=location,
                replied_to=replied_to,
                opt_out=opt_out,
            )

    def rings(self, phone: str, to: str, behaves: Behaves | None = None) -> Call:
        """The owner of `phone` calls our number `to`, and behaves so once we answer."""
        with self._account.lock:
            chosen = behaves or self._account.behaviour("call", phone)
            return ring_in(self._account, phone, to, chosen, self._account.clock())

    def due(self, now: datetime) -> list[Callback]:
        """Let happen what is due by `now`; the callbacks that came of it, each handed out once.

        Whoever posts one says with `answered` what came back: calls go on from there.
        """
        return self._account.due(now)

    def answered(self, callback: Callback, status: int, body: str) -> None:
        """What a callback was answered with; status 0 when there was no connection."""
        self._account.answered(callback, status, body)

    def deliver(self, now: datetime, post: Post) -> list[tuple[Callback, int]]:
        """Post all that is due by `now`, and what becomes due by then in answer; each with its status."""
        delivered = []
        while callbacks := self.due(now):
            for callback in callbacks:
                status, body = post(callback)
                delivered.append((callback, status))
                self.answered(callback, status, body)
        return delivered
