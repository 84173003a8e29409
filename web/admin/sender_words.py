"""What is said about senders."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from models.vocabulary import SenderKind
from verification.routing.route import Candidate, Routed
from web.translating import gettext, lazy

KINDS: Mapping[SenderKind, Any] = {
    SenderKind.whatsapp: lazy("WhatsApp"),
    SenderKind.sms: lazy("SMS"),
    SenderKind.voice: lazy("Calls"),
}
REFUSED: Mapping[str, tuple[str, Any]] = {
    "address_malformed": (
        "address",
        lazy(
            "Write a number such as +966500000000; for SMS also a name of up to 11 letters or a short code."
        ),
    ),
    "sender_taken": ("address", lazy("This address is already there for the same kind, seller and country.")),
    "trunk_malformed": ("trunk", lazy("A trunk is BY and 32 hexadecimal digits.")),
    "trunk_not_for_kind": ("trunk", lazy("Only calls leave by a trunk.")),
    "unknown_country": ("country", lazy("This country is not served.")),
    "weight_out_of_range": ("weight", lazy("The weight is a whole number from 0 to 100.")),
    "rate_out_of_range": ("per_second", lazy("The rate is from 0.001 to 1,000 a second.")),
    "sender_ambiguous": ("address", lazy("Several senders have this address.")),
}
"""By the code of a refusal: the field that it is about, and the rule."""

_BECAUSE: Mapping[str, Any] = {
    "wider": lazy("could be used, but another one is nearer to this seller and country"),
    "no_slot": lazy("is busy: its rate allows no contact at this moment"),
    "resting": lazy("rests after failures"),
    "switched_off": lazy("is switched off: its weight is 0"),
    "other_country": lazy("is for another country"),
    "other_seller": lazy("is for another seller"),
}


@dataclass(frozen=True)
class Told:
    """What becomes of one sender, in words; `takes` when buyers get it."""

    address: str
    takes: bool
    words: str


def explain(known: list[Candidate], found: Routed) -> list[Told]:
    """Which senders take such contacts, and why the others of the kind do not; takers first."""
    codes = dict(found.considered)
    takers = [each for each in known if codes[each.id] in ("chosen", "preferred", "outweighed")]
    whole = sum(each.share for each in takers)
    told = [
        Told(each.address, True, gettext("takes %(share)s%% of the buyers", share=100 * each.share // whole))
        for each in takers
    ]
    others = (each for each in known if codes[each.id] in _BECAUSE)
    return told + [Told(each.address, False, str(_BECAUSE[codes[each.id]])) for each in others]
