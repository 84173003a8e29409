"""Holding the catalogues of `web/translations` against what the pages say."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import write_po

from settings import ROOT
from web.translating import FOLDER, forms, read_catalogue

AREAS: Mapping[str, str] = {
    "common": r"pages\.py|formats\.py|templates/base\.html",
    "buyer": r"buyer_page/|templates/buyer",
    "learning": r"board/learning|templates/board_learning",
    "trial": r"board/trial|templates/board_trial",
    "answers": r"board/answers|templates/board_answers|seen/|templates/seen",
    "staffing": r"admin/staffing|templates/admin/staffing|board/staffing|templates/board_staffing",
    "choosing": r"admin/choosing",
    "desk": r"desk/|templates/(desk|orders?)\b",
    "board": r"board/|templates/board",
    "admin": r"admin/|templates/admin",
    "account": r"(access|accounts?|signing_in|sign_in)\b|account/|templates/(account|sign_in)",
    "pages": r"",
}
"""Which file a sentence belongs to: the first whose pattern begins the path below `web/` where it is said."""

COVERED: Mapping[str, frozenset[str]] = {
    "ar": frozenset(AREAS),
    "ckb": frozenset({"common", "buyer"}),
}
"""The areas that each language must have in full."""

_PLURAL_FORMS = {
    "ar": "nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : "
    "n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5);",
    "ckb": "nplurals=2; plural=(n != 1);",
}
_KEYWORDS = {**DEFAULT_KEYWORDS, "lazy": None}
_METHODS = [
    ("translations/**", "ignore"),
    ("**.py", "python"),
    ("templates/**.html", "jinja2.ext:babel_extract"),
]
_OPTIONS = {"templates/**.html": {"trimmed": "true", "newstyle_gettext": "true", "silent": "false"}}
_PLACEHOLDER = re.compile(r"%\((\w+)\)s|%%")

Key = tuple[str | None, object]
"""A sentence: its context, and the msgid or singular and plural."""


@dataclass(frozen=True)
class Said:
    """A sentence of the pages, and the areas that say it."""

    message: Message
    areas: frozenset[str]


def said() -> Mapping[Key, Said]:
    """Every sentence of the pages, in the order of the files."""
    found: dict[Key, Said] = {}
    extracted = extract_from_dir(ROOT / "web", _METHODS, _OPTIONS, _KEYWORDS)
    for path, _, msgid, _, context in sorted(extracted, key=lambda each: (each[0], each[1])):
        before = found.get((context, msgid))
        areas = (before.areas if before else frozenset()) | {area_of(path)}
        found[context, msgid] = Said(Message(msgid, context=context), areas)
    return found


def area_of(path: str) -> str:
    """The area of a file, whose path is relative to `web/`."""
    return next(area for area, pattern in AREAS.items() if re.match(pattern, path))


def troubles(language: str) -> Iterator[str]:
    """What is wrong with a language's catalogues, a line each; nothing when they are complete."""
    pages, seen = said(), dict[Key, str]()
    for path, catalogue in _catalogues(language):
        name = f"{language}/{path.name}"
        if path.stem not in AREAS:
            yield f"{name}: no area has this name"
        if dict(catalogue.mime_headers).get("Plural-Forms") != _PLURAL_FORMS[language]:
            yield f"{name}: Plural-Forms is to be {_PLURAL_FORMS[language]!r}"
        for message in _sentences(catalogue):
            key = _key(message)
            if key in seen:
                yield f"{name}: {_shown(key)} is also in {seen[key]}"
            seen[key] = name
            yield from (f"{name}: {_shown(key)} {trouble}" for trouble in _troubles(message, catalogue))
            if key not in pages:
                yield f"{name}: {_shown(key)} is said nowhere any more"
        yield from (f"{name}: {each.id!r} is commented out" for each in catalogue.obsolete.values())
    for key, each in pages.items():
        if key not in seen and each.areas & COVERED[language]:
            yield f"{language}/{_home(each, language)}.po: {_shown(key)} is missing"


def update(language: str, area: str) -> None:
    """Write an area's file anew: with its new sentences, untranslated, and without those said no more."""
    path, pages = FOLDER / language / f"{area}.po", said()
    known = {
        _key(message)
        for other, catalogue in _catalogues(language)
        if other != path
        for message in _sentences(catalogue)
    }
    before = _sentences(read_catalogue(path, language)) if path.exists() else []
    kept = [message for message in before if _key(message) in pages]
    known |= {_key(message) for message in kept}
    new = [each.message for key, each in pages.items() if key not in known and _home(each, language) == area]
    if kept or new or path.exists():
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(_written(language, [*kept, *new]))


def _written(language: str, messages: Iterable[Message]) -> bytes:
    catalogue = Catalog(locale=language)
    catalogue.mime_headers = [("Plural-Forms", _PLURAL_FORMS[language])]
    for message in messages:
        if message.pluralizable and not any(forms(message)):
            message.string = ("",) * catalogue.num_plurals
        catalogue[message.id] = message
    body = BytesIO()
    write_po(body, catalogue, width=110, no_location=True, omit_header=True)
    headers = {
        "Language": language,
        "Content-Type": "text/plain; charset=utf-8",
        "Plural-Forms": _PLURAL_FORMS[language],
    }
    lines = ['msgid ""', 'msgstr ""', *(f'"{name}: {value}\\n"' for name, value in headers.items())]
    return "\n".join(lines).encode() + b"\n\n" + body.getvalue().strip() + b"\n"


def _troubles(message: Message, catalogue: Catalog) -> Iterator[str]:
    """What is wrong with one translation."""
    if message.fuzzy:
        yield "is marked fuzzy"
    if not all(forms(message)):
        yield "is not translated"
        return
    *_, whole = message.id if isinstance(message.id, tuple | list) else (message.id,)
    if message.string == whole and re.search(r"[^\W\d_]", _PLACEHOLDER.sub("", whole)):
        yield "is left in English"
    wanted, named = _placeholders(whole), [_placeholders(form) for form in forms(message)]
    if len(named) != (catalogue.num_plurals if message.pluralizable else 1):
        yield f"needs {catalogue.num_plurals} plural forms"
    # None, one and two may be words of their own; the last forms name the number.
    if (
        named[-1] != wanted
        or any(each - wanted for each in named)
        or any(each != wanted for each in named[3:])
    ):
        yield "has other placeholders than its msgid"


def _placeholders(text: str) -> set[str]:
    found = set(_PLACEHOLDER.findall(text)) - {""}
    return found | {"%"} if "%" in _PLACEHOLDER.sub("", text) else found


def _catalogues(language: str) -> Iterator[tuple[Path, Catalog]]:
    for path in sorted((FOLDER / language).glob("*.po")):
        yield path, read_catalogue(path, language)


def _sentences(catalogue: Catalog) -> list[Message]:
    return [message for message in catalogue if message.id]


def _key(message: Message) -> Key:
    return message.context, tuple(message.id) if isinstance(message.id, list) else message.id


def _home(each: Said, language: str) -> str | None:
    """The file for a sentence: that of the one area that says it, else the one that all share."""
    areas = [area for area in AREAS if area in each.areas & COVERED[language]]
    return "pages" if "pages" in areas else next(iter(areas), None)


def _shown(key: Key) -> str:
    context, msgid = key
    text = repr(msgid[0] if isinstance(msgid, tuple) else msgid)
    return f"{text} ({context})" if context else text
