"""From a buyer's reply to what it asks for. Precision first: whatever is not fully understood is unclear."""

from dataclasses import dataclass

from models.vocabulary import DecisionReason, Intent
from verification.replies.lexicon import Meaning, Role, lexicon
from verification.replies.normalising import QUESTION_MARK, normalise

# A longer text tells a story; people read those.
LONGEST_READ = 400

_INTENTS = {
    Role.confirm: Intent.confirm,
    Role.no: Intent.cancel,
    Role.refusal: Intent.cancel,
    Role.act: Intent.cancel,
    Role.cancel: Intent.cancel,
    Role.later: Intent.later,
    Role.question: Intent.question,
    Role.change: Intent.change,
    Role.wrong_number: Intent.wrong_number,
    Role.stop: Intent.stop,
    Role.agent: Intent.agent,
}
# Two intents that people say in one breath, and the one that they mean.
_TOGETHER = {
    frozenset({Intent.cancel, Intent.wrong_number}): Intent.wrong_number,
    frozenset({Intent.cancel, Intent.stop}): Intent.stop,
    frozenset({Intent.wrong_number, Intent.stop}): Intent.wrong_number,
    frozenset({Intent.later, Intent.agent}): Intent.later,
    frozenset({Intent.change, Intent.agent}): Intent.change,
}
_ASKED_ABOUT = {Intent.question, Intent.later, Intent.change, Intent.agent}
_AFTER_A_NO = {Intent.later, Intent.change, Intent.agent}


@dataclass(frozen=True)
class Reading:
    """What a reply asks for; `soft` marks a yes that leaves a door open ("God willing"); `reason` is why a
    buyer cancels, where the words say so."""

    intent: Intent
    soft: bool = False
    reason: DecisionReason | None = None


UNCLEAR = Reading(Intent.unclear)


def read_reply(text: str, *, digits_offered: bool = True) -> Reading:
    """Read one reply.

    A yes or a no counts only when every word is known and all of them say the same (no question mark, no word
    that nobody foresaw, no "yes" beside a "cancel"). `digits_offered` says that the buyer was shown
    "1 confirm, 2 cancel, 3 later"; otherwise digits mean nothing. Never raises; empty, over-long and
    half-understood texts are `unclear`.
    """
    if len(text) > LONGEST_READ:
        return UNCLEAR
    clauses = normalise(text)
    asks = any(QUESTION_MARK in clause for clause in clauses)
    words = lexicon(with_choices=digits_offered)
    read = [list(words.read([token for token in clause if token != QUESTION_MARK])) for clause in clauses]
    known = [meaning for clause in read for meaning in clause if meaning]
    covered = all(meaning for clause in read for meaning in clause)
    if any(meaning.role is Role.unclear for meaning in known) or _denies_act(read):
        return UNCLEAR
    return _weigh(known, covered=covered, asks=asks)


def _denies_act(clauses: list[list[Meaning | None]]) -> bool:
    """Whether a no and a "cancel" may be about each other, so that nobody can tell which is meant: "no" or
    "I don't want" before it in one breath, or a bare "no" anywhere after it."""
    acted = False
    for clause in clauses:
        denied = False
        for meaning in filter(None, clause):
            if (meaning.role is Role.act and denied) or (meaning.role is Role.no and acted):
                return True
            acted |= meaning.role is Role.act
            denied = (denied or meaning.role in (Role.no, Role.refusal)) and meaning.role is not Role.courtesy
    return False


def _weigh(known: list[Meaning], *, covered: bool, asks: bool) -> Reading:
    roles = {meaning.role for meaning in known}
    said = [_INTENTS[meaning.role] for meaning in known if meaning.role in _INTENTS]
    intents = frozenset(said)
    # A question needs no full coverage: it decides nothing, and what people ask about has no end.
    if said[:1] == [Intent.question] and intents <= (_ASKED_ABOUT if covered else {Intent.question}):
        return Reading(Intent.question)
    if asks and not said and Role.soft not in roles and (roles or not covered):
        return Reading(Intent.question)
    if not covered:
        return UNCLEAR
    if intents == {Intent.confirm} or (not intents and Role.soft in roles):
        plain = not asks and not roles & {Role.topic, Role.because}
        return Reading(Intent.confirm, soft=Role.soft in roles) if plain else UNCLEAR
    if intents == {Intent.cancel}:
        plain = not asks and not roles & {Role.topic, Role.assent, Role.soft}
        return Reading(Intent.cancel, reason=_reason(known)) if plain else UNCLEAR
    return Reading(_meant(intents, roles))


def _meant(intents: frozenset[Intent], roles: set[Role]) -> Intent:
    """The intent of a reply that is no plain yes or no."""
    if len(intents) == 1:
        return next(iter(intents))
    if intents in _TOGETHER:
        return _TOGETHER[intents]
    # "No, tomorrow" refuses only the moment; "cancel it, tomorrow" is anyone's guess.
    wanted = intents - {Intent.cancel}
    if len(wanted) == 1 and wanted <= _AFTER_A_NO and not roles & {Role.refusal, Role.act, Role.cancel}:
        return next(iter(wanted))
    return Intent.unclear


def _reason(known: list[Meaning]) -> DecisionReason | None:
    return next((meaning.reason for meaning in known if meaning.reason), None)
