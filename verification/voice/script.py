"""What a call says, pure: the orders, the keys, the thanks, each as a sentence to read out or a recording."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from channels.protocol import ContactOrder
from verification.voice.amounts import amount_in_digits, amount_in_words
from verification.voice.sentences import DIGITS, READ_OUT

KEYS = {"1": "confirm", "2": "cancel", "3": "later", "0": "agent"}
"""What each key answers, as a button's id."""
AGAIN = "9"

_LONGEST_NUMBER = 12


@dataclass(frozen=True)
class Said:
    """One thing said: a `text` to read out, or the name of the `clip` to play."""

    text: str | None = None
    clip: str | None = None


def is_read_out(language: str) -> bool:
    """Whether a machine's voice speaks the language; the others need recordings."""
    return language in READ_OUT


def opening(name: str, orders: Sequence[ContactOrder], store_name: str, language: str) -> tuple[Said, ...]:
    """How a call begins: with `greeting` we call, with `welcome` we are called, then what it is about."""
    said = [say(name, language, store=_plain(store_name)), *_orders(orders, language), say("keys", language)]
    return tuple(said)


def asking_again(why: str, language: str) -> tuple[Said, ...]:
    """After `not_understood` or `silent`: the keys once more."""
    return say(why, language), say("keys", language)


def say(name: str, language: str, **filled: str) -> Said:
    """One sentence by its name."""
    if not is_read_out(language):
        return Said(clip=name)
    return Said(text=READ_OUT[language][name].format(**filled))


def to_record(name: str, language: str, store_name: str | None = None) -> str:
    """What is to be said in the recording of that name, told in `ar` or `en`; for one shop, or for all."""
    if name.startswith("digit_"):
        return DIGITS[language][int(name.removeprefix("digit_"))]
    shop = store_name or {"en": "the shop where you ordered", "ar": "المتجر الذي طلبت منه"}[language]
    return READ_OUT[language][name].format(store=shop)


def _orders(orders: Sequence[ContactOrder], language: str) -> Iterator[Said]:
    if len(orders) > 1:
        yield say("several", language)
    for order in orders:
        yield from _order(order, language)


def _order(order: ContactOrder, language: str) -> Iterator[Said]:
    number = _spoken_number(order.number)
    if is_read_out(language):
        amount = amount_in_words(order.total, order.currency, language)
        if number:
            names = DIGITS[language]
            spelled = ", ".join(names[int(each)] if each.isdecimal() else each for each in number)
            yield say("order", language, number=spelled, amount=amount)
        else:
            yield say("order_unnumbered", language, amount=amount)
        return
    digits = [each for each in number if each.isdecimal()]
    if digits:
        yield from (Said(clip="order_number"), *_digits(digits))
    whole, part = amount_in_digits(order.total, order.currency)
    yield from (Said(clip="amount"), *_digits(whole))
    if part:
        yield from (Said(clip="point"), *_digits(part))


def _digits(digits: Sequence[str]) -> Iterator[Said]:
    return (Said(clip=f"digit_{each}") for each in digits)


def _spoken_number(number: str) -> str:
    """The letters and digits of an order's number; nothing of one that is too long to be known by ear."""
    heard = "".join(str(int(each)) if each.isdecimal() else each for each in number if each.isalnum())
    return heard if len(heard) <= _LONGEST_NUMBER else ""


def _plain(name: str) -> str:
    """A shop's name as a voice can say it and markup can hold it."""
    printable = "".join(each if each.isprintable() else " " for each in name)
    said = " ".join(each for each in printable.split() if any(letter.isalnum() for letter in each))
    return said or " ".join(printable.split())
