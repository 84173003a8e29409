"""What each known phrase means, read from the word lists in `words/`.

Each language is a folder of TOML files whose keys are the roles below. Phrases stand one a line or between
`|`; `{name}` stands for each phrase of the language's group of that name; `[because]`, `[cancel_for]` and
`[refusal_for]` are sorted by the reason the words give, `[choice]` holds answers to our numbered prompt.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

from models.vocabulary import DecisionReason
from verification.replies.normalising import normalise

_WORDS = Path(__file__).with_name("words")
_GROUP = re.compile(r"\{(\w+)\}")


class Role(StrEnum):
    """What a phrase does in a reply."""

    confirm = "confirm"
    soft = "soft"  # a yes in God's hands
    assent = "assent"  # goes with a yes, is none itself
    no = "no"  # the bare word, which may also deny what follows
    refusal = "refusal"  # "I don't want", which may also deny what follows
    act = "act"  # asks to cancel, unless one of the two stands before it
    cancel = "cancel"  # cancels whatever stands around it
    because = "because"  # goes with a no, is none itself
    later = "later"
    question = "question"
    change = "change"
    wrong_number = "wrong_number"
    stop = "stop"
    agent = "agent"
    unclear = "unclear"  # known words that nobody should act on
    courtesy = "courtesy"  # thanks, please: ends what was said before it
    filler = "filler"  # covered, says nothing
    topic = "topic"  # covered, but too much said for a bare yes or no


@dataclass(frozen=True)
class Meaning:
    """What a phrase does; `reason` where its words say why the buyer cancels."""

    role: Role
    reason: DecisionReason | None = None


Phrase = tuple[str, ...]


@dataclass(frozen=True)
class Lexicon:
    """Phrases in normalised tokens; `longest` is the most tokens in one of them."""

    meanings: Mapping[Phrase, Meaning]
    longest: int

    def read(self, clause: list[str]) -> Iterator[Meaning | None]:
        """The meaning of each phrase of a clause, longest phrases first; None for an unknown token."""
        at = 0
        while at < len(clause):
            for size in range(min(self.longest, len(clause) - at), 0, -1):
                phrase = tuple(clause[at : at + size])
                meaning = self.meanings.get(phrase) or self.meanings.get(_without_and(phrase))
                if meaning is not None:
                    break
            yield meaning
            at += size


@cache
def lexicon(*, with_choices: bool) -> Lexicon:
    """All languages together; `with_choices` adds the answers to a numbered prompt. Raises ValueError on a
    phrase with two meanings."""
    meanings = dict(lexicon(with_choices=False).meanings) if with_choices else {}
    for table, groups, name in _lists():
        choices = table.pop("choice", {})
        for phrase, meaning in _phrases(choices if with_choices else table, groups):
            if meanings.setdefault(phrase, meaning) != meaning:
                raise ValueError(f"two meanings of {' '.join(phrase)!r} in {name}")
    return Lexicon(meanings, max(map(len, meanings)))


def _without_and(phrase: Phrase) -> Phrase:
    """The phrase without an "and" (و) written onto it; before a bare no it is an "or" and stays."""
    first, *rest = phrase
    return (first[1:], *rest) if first[0] == "و" and phrase != ("ولا",) else phrase


def _lists() -> Iterator[tuple[dict[str, Any], dict[str, str], str]]:
    """Every word list without its groups, all the groups of its language, and its name."""
    for language in sorted(_WORDS.iterdir()):
        tables = {
            f"{language.name}/{file.name}": tomllib.loads(file.read_text(encoding="utf-8"))
            for file in sorted(language.glob("*.toml"))
        }
        groups = {name: block for table in tables.values() for name, block in table.pop("groups", {}).items()}
        for name, table in tables.items():
            yield table, groups, name


def _phrases(table: Mapping[str, Any], groups: Mapping[str, str]) -> Iterator[tuple[Phrase, Meaning]]:
    for name, value in table.items():
        reasons = value.items() if isinstance(value, dict) else [(None, value)]
        for reason, block in reasons:
            meaning = Meaning(Role(name.removesuffix("_for")), DecisionReason(reason) if reason else None)
            for text in _expand(block, groups):
                (clause,) = normalise(text)
                yield tuple(clause), meaning


def _expand(block: str, groups: Mapping[str, str]) -> Iterator[str]:
    """Every phrase of a block, groups (and groups of groups) written out."""
    for template in re.split(r"[|\n]", block):
        names = _GROUP.findall(template)
        if not template.strip():
            continue
        for chosen in product(*(list(_expand(groups[name], groups)) for name in names)):
            words = iter(chosen)
            yield _GROUP.sub(lambda _: next(words), template).strip()  # noqa: B023 - used at once
