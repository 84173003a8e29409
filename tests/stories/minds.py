"""Many buyers of several countries and languages, each with a known mind, and what must become of them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from scripts.twilio_double.script import Behaves, Kind

SILENT = Behaves(report=("sent", "delivered"))
NO_ANSWER = Behaves(report=("no-answer",))


@dataclass(frozen=True)
class Mind:
    """What a buyer does on each channel, message by message, and what decision must come of it.

    On `page` an SMS is answered there; `agent` is what the buyer says to an agent. `needs` are the channels
    that the buyer's country and language must have.
    """

    verdict: str
    via: str
    whatsapp: tuple[Behaves, ...] = (SILENT,)
    sms: tuple[Behaves, ...] = (SILENT,)
    call: tuple[Behaves, ...] = (NO_ANSWER,)
    page: str | None = None
    agent: str = "no_answer"
    needs: frozenset[str] = frozenset()

    def behaves(self, kind: Kind, before: int) -> Behaves:
        """What happens to the next contact of a kind."""
        listed = {"whatsapp": self.whatsapp, "sms": self.sms, "call": self.call}[kind]
        return listed[min(before, len(listed) - 1)]


_SMS, _VOICE = frozenset({"sms"}), frozenset({"voice"})
_NO_WHATSAPP = (Behaves(report=("failed",), error_code=63024),)


def _taps(button: str, minutes: int = 4) -> tuple[Behaves, ...]:
    return (Behaves(taps=button, after=timedelta(minutes=minutes)),)


def _says(words: str) -> tuple[Behaves, ...]:
    return (Behaves(report=("sent", "delivered", "read"), says=words, after=timedelta(minutes=7)),)


def _keys(*keys: str) -> tuple[Behaves, ...]:
    return (Behaves(keys=keys),)


MINDS: Mapping[str, tuple[int, Mind]] = {
    "taps yes": (26, Mind("confirmed", "whatsapp", _taps("confirm"))),
    "taps yes after an hour": (8, Mind("confirmed", "whatsapp", _taps("confirm", 50))),
    "taps no": (8, Mind("rejected", "whatsapp", _taps("cancel"))),
    "writes yes": (6, Mind("confirmed", "whatsapp", _says("نعم أكد الطلب"))),
    "writes no": (3, Mind("rejected", "whatsapp", _says("الغاء الطلب لو سمحت"))),
    "no WhatsApp, page": (5, Mind("confirmed", "page", _NO_WHATSAPP, page="confirm", needs=_SMS)),
    "page yes": (8, Mind("confirmed", "page", page="confirm", needs=_SMS)),
    "page no": (3, Mind("rejected", "page", page="cancel", needs=_SMS)),
    "phone off, then page": (
        2,
        Mind(
            "confirmed",
            "page",
            sms=(Behaves(report=("sent", "undelivered"), error_code=30003), SILENT),
            page="confirm",
            needs=_SMS,
        ),
    ),
    "key 1": (8, Mind("confirmed", "ivr", call=_keys("1"), needs=_VOICE)),
    "key 2": (4, Mind("rejected", "ivr", call=_keys("", "2"), needs=_VOICE)),
    "no WhatsApp, key 1": (3, Mind("confirmed", "ivr", _NO_WHATSAPP, call=_keys("9", "1"), needs=_VOICE)),
    "stop, then key 1": (3, Mind("confirmed", "ivr", _says("STOP"), call=_keys("1"), needs=_VOICE)),
    "asks for an agent": (3, Mind("confirmed", "agent_call", call=_keys("0"), agent="confirm", needs=_VOICE)),
    "agent yes": (4, Mind("confirmed", "agent_call", agent="confirm")),
    "machine, agent no": (
        2,
        Mind("rejected", "agent_call", call=(Behaves(answered_by="machine_start"),), agent="reject"),
    ),
    "never": (4, Mind("unreachable", "policy")),
}
"""Each mind by name, and how many of a hundred buyers have it."""


@dataclass(frozen=True)
class Land:
    """A country: how its phones are written, what it has, and the hours of messages and of calls."""

    code: str
    zone: str
    currency: str
    language: str
    typed: str
    dialled: str
    has: frozenset[str]
    messages: tuple[int, int]
    calls: tuple[int, int]


_BOTH = _SMS | _VOICE
LANDS: Sequence[Land] = (
    Land("SA", "Asia/Riyadh", "SAR", "ar", "0551{:06}", "+966551{:06}", _BOTH, (9, 22), (10, 21)),
    Land("SA", "Asia/Riyadh", "SAR", "en", "+966 56 1{:06}", "+966561{:06}", _BOTH, (9, 22), (10, 21)),
    Land("AE", "Asia/Dubai", "AED", "ar", "0501{:06}", "+971501{:06}", _VOICE, (9, 21), (9, 18)),
    Land("AE", "Asia/Dubai", "AED", "en", "00971521{:06}", "+971521{:06}", _VOICE, (9, 21), (9, 18)),
    Land("KW", "Asia/Kuwait", "KWD", "ar", "66{:06}", "+96566{:06}", _BOTH, (9, 21), (10, 20)),
    Land("IQ", "Asia/Baghdad", "IQD", "ckb", "0750 1{:06}", "+9647501{:06}", _SMS, (9, 21), (10, 21)),
    Land("EG", "Africa/Cairo", "EGP", "ar", "01001{:06}", "+201001{:06}", _BOTH, (10, 21), (11, 21)),
)


@dataclass(frozen=True)
class Buyer:
    """Somebody who ordered."""

    number: int
    land: Land
    name: str
    mind: Mind

    @property
    def typed(self) -> str:
        """The phone as the buyer wrote it."""
        return self.land.typed.format(self.number)

    @property
    def phone(self) -> str:
        """The phone, E.164."""
        return self.land.dialled.format(self.number)


def buyers(many: int) -> list[Buyer]:
    """So many buyers, their lands in turn, their minds by their shares; each mind where it can be had."""
    names = [name for name, (share, _) in MINDS.items() for _ in range(share)]
    made = []
    for number in range(many):
        land = LANDS[number % len(LANDS)]
        fitting = [name for name in names if MINDS[name][1].needs <= land.has]
        name = fitting[number * 37 % len(fitting)]
        made.append(Buyer(number, land, name, MINDS[name][1]))
    return made


def behaviour_of(town: Sequence[Buyer]) -> Callable[[Kind, str, int], Behaves]:
    """What the double is to do with each phone."""
    by_phone = {buyer.phone: buyer.mind for buyer in town}
    return lambda kind, phone, before: by_phone[phone].behaves(kind, before)


def is_inside_hours(land: Land, kind: str, at: datetime) -> bool:
    """Whether a contact of a kind (whatsapp, sms, ivr) may be made then, by the clocks of that country."""
    opens, closes = land.calls if kind == "ivr" else land.messages
    # Both in whole hours; Saudi calls may go on for half an hour more.
    local = at.astimezone(ZoneInfo(land.zone)).time()
    return time(opens) <= local < time(closes)
