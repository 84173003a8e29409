"""What is going to happen: how the API answers, and what each phone does with what reaches it."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Literal

Kind = Literal["whatsapp", "sms", "call"]

_CALL_WORDS = frozenset({"completed", "busy", "no-answer", "failed", "canceled"})
_MESSAGE_WORDS = frozenset(
    {"accepted", "scheduled", "queued", "sending", "sent", "delivered", "partially_delivered", "read"}
    | {"undelivered", "failed", "canceled"}
)
Api = Literal["ok", "error", "slow", "hang", "cut"]


@dataclass(frozen=True)
class Behaves:
    """One message's or call's fate.

    The API: `ok` takes it; `error` refuses it with Twilio's error `code` (`http` where it is not the usual
    one, `retry_after` seconds); `slow` takes it and answers after `wait` real seconds; `hang` takes it and
    never answers; `cut` takes it and cuts the connection. With `taken=False` hang and cut lose it instead.

    A message reports the statuses of `report` in order, `every` apart, with `error_code` on its failure.
    A call rings `rings` seconds and ends as the last of `report`: completed, busy, no-answer, failed,
    canceled. In a completed call `answered_by` is heard, the phone presses `keys` (or says `speech`), one a
    question ("" is silence); it hangs up at the first question when `hangs_up`, and talks for `talks`
    seconds once it is connected to somebody. Either passes over words of `report` that only the other knows.

    The buyer answers a message by tapping the button whose id begins with `taps`, or by writing `says`,
    `after` the last report. Callbacks come `duplicate` times more, in reverse order when `reorder`, `late`
    by that much; with `forged`, each is preceded by one that tells the contrary and is signed wrongly.
    The price is known `priced` after the end.
    """

    api: Api = "ok"
    code: int = 20001
    http: int | None = None
    retry_after: int | None = None
    wait: float = 1.0
    taken: bool = True
    report: tuple[str, ...] = ()
    every: timedelta = timedelta(seconds=1)
    error_code: int | None = None
    sip: int | None = None
    rings: int = 5
    answered_by: str = "human"
    keys: tuple[str, ...] = ()
    speech: tuple[str, ...] = ()
    hangs_up: bool = False
    talks: int = 30
    taps: str | None = None
    says: str | None = None
    after: timedelta = timedelta(seconds=30)
    duplicate: int = 0
    reorder: bool = False
    late: timedelta = timedelta(0)
    forged: bool = False
    price: str = "-0.0145"
    priced: timedelta = timedelta(seconds=10)

    def __post_init__(self) -> None:
        """Raise ValueError for a word of `report` that is neither a message's nor a call's."""
        if unknown := sorted(set(self.report) - _MESSAGE_WORDS - _CALL_WORDS):
            raise ValueError(f"report has no such words: {', '.join(unknown)}")

    def of_message(self) -> tuple[str, ...]:
        """The words of `report` that a message knows."""
        return tuple(word for word in self.report if word in _MESSAGE_WORDS)

    def of_call(self) -> tuple[str, ...]:
        """The words of `report` that a call knows."""
        return tuple(word for word in self.report if word in _CALL_WORDS)


@dataclass(frozen=True)
class Mix:
    """Shares (0 to 1) of messages and calls that fare worse than their behaviour says; drawn from `seed`."""

    seed: int = 1
    cut: float = 0.0
    hang: float = 0.0
    duplicate: float = 0.0
    reorder: float = 0.0
    late: float = 0.0
    forged: float = 0.0

    def stir(self, behaves: Behaves, key: str) -> Behaves:
        """The behaviour with what the lot for `key` adds; the same for the same seed and key."""
        if behaves.api == "ok" and self._drawn("cut", key):
            behaves = replace(behaves, api="cut")
        elif behaves.api == "ok" and self._drawn("hang", key):
            behaves = replace(behaves, api="hang")
        if self._drawn("duplicate", key):
            behaves = replace(behaves, duplicate=1)
        if self._drawn("reorder", key):
            behaves = replace(behaves, reorder=True)
        if self._drawn("late", key):
            behaves = replace(behaves, late=timedelta(minutes=10))
        if self._drawn("forged", key):
            behaves = replace(behaves, forged=True)
        return behaves

    def _drawn(self, lot: str, key: str) -> bool:
        share: float = getattr(self, lot)
        if not share:
            return False
        digest = hashlib.sha256(f"{self.seed}:{lot}:{key}".encode()).digest()
        return int.from_bytes(digest[:6]) / (1 << 48) < share


Choice = Callable[[Kind, str, int], Behaves]
"""Kind, phone (E.164) and how many of that kind it had before → what happens."""


@dataclass(frozen=True)
class Script:
    """What happens to which phone.

    `phones` holds behaviours under `+9665…`, or under `sms:+9665…`, `whatsapp:+9665…`, `call:+9665…` for one
    kind only, or under `sms:*` and its like for all others of a kind; the first is for the first contact of
    the kind, the last for all that follow. Who is not named does `default`: one behaviour, or a function
    that chooses.
    """

    default: Behaves | Choice = field(default_factory=Behaves)
    phones: Mapping[str, Sequence[Behaves]] = field(default_factory=dict)
    mix: Mix = field(default_factory=Mix)

    def behaviour(self, kind: Kind, phone: str, before: int) -> Behaves:
        """What happens to this contact, the phone having had `before` of the kind."""
        names = (f"{kind}:{phone}", phone, f"{kind}:*")
        own = next((self.phones[name] for name in names if self.phones.get(name)), None)
        if own is not None:
            chosen = own[min(before, len(own) - 1)]
        elif callable(self.default):
            chosen = self.default(kind, phone, before)
        else:
            chosen = self.default
        return self.mix.stir(chosen, f"{kind}:{phone}:{before}")
