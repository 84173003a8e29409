"""Every word of the pages is there in every language that they speak."""

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import Environment, nodes

from scripts.catalogues import COVERED, troubles
from settings import ROOT
from web.language import LANGUAGES
from web.translating import FOLDER, gettext, ngettext, pgettext, translations
from web.words import SHOWN, word

TEMPLATES = sorted((ROOT / "web" / "templates").rglob("*.html"))
SCRIPTS = sorted(each for each in (ROOT / "web" / "static").rglob("*.js") if "vendor" not in each.parts)
READ_ALOUD = {
    "title",
    "alt",
    "placeholder",
    "aria-label",
    "aria-description",
    "aria-roledescription",
    "label",
}
NAMES = re.compile(r"Takeed|تأكيد")
ATTRIBUTE = re.compile(r'([\w:-]+)="([^"]*)"')
TRANSLATORS = {"_", "gettext", "ngettext", "pgettext", "lazy"}
STYLED = ["block", "kind"]  # the class of the whole page
SHOWN_BY_SCRIPT = re.compile(
    r"(?:textContent|innerText|innerHTML|\.title|placeholder|ariaLabel|alert\(|confirm\()"
    r"""\s*=?\s*["'`][^"'`]*[^\W\d_]{2}"""
)
LETTERS = re.compile(r"[^\W\d_]{2,}")


@pytest.mark.parametrize("language", sorted(COVERED))
def test_nothing_is_left_untranslated(language: str) -> None:
    assert list(troubles(language)) == []


def test_every_language_of_the_pages_has_its_catalogues() -> None:
    assert {folder.name for folder in FOLDER.iterdir()} == COVERED.keys() >= set(LANGUAGES) - {"en"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_vocabulary_has_words(app: Flask, language: str) -> None:
    with app.test_request_context(query_string={"lang": language}):
        words = {member: word(member) for enum in SHOWN for member in enum}
    assert all(words.values())
    arabic = {text for text in words.values() if re.search(r"[؀-ۿ]", text)}
    assert arabic == (set(words.values()) if language == "ar" else set())


def test_numbers_take_the_plural_forms_of_arabic() -> None:
    plural = translations("ar").plural
    assert [plural(number) for number in (0, 1, 2, 3, 10, 11, 99, 100, 102, 103)] == [
        0,
        1,
        2,
        3,
        3,
        4,
        4,
        5,
        5,
        3,
    ]


def test_what_is_not_translated_reads_english(app: Flask) -> None:
    with app.test_request_context(query_string={"lang": "ar"}):
        assert gettext("%(name)s nobody says, 100%%", name="<b>") == "<b> nobody says, 100%"
        assert (
            ngettext("%(num)s thing nobody says", "%(num)s things nobody says", 2) == "2 things nobody says"
        )
        assert pgettext("nowhere", "a word") == "a word"


def test_what_fills_a_sentence_is_escaped(app: Flask) -> None:
    page = app.jinja_env.from_string("{{ _('%(day)s, %(hour)s', day=day, hour=1) }}")
    with app.test_request_context(query_string={"lang": "ar"}):
        assert page.render(day="<b>") == "&lt;b&gt;، 1"


def test_numbers_in_sentences_are_written_as_numbers(app: Flask) -> None:
    page = app.jinja_env.from_string("{{ ngettext('%(num)s <b>%(x)s</b>', '%(num)s <i>%(x)s</i>', n, x=x) }}")
    with app.test_request_context(query_string={"lang": "en"}):
        assert page.render(n=1240, x="<") == "1,240 <i>&lt;</i>"
        assert page.render(n=1, x="<") == "1 <b>&lt;</b>"
        assert ngettext("%(num)s of us", "%(num)s of us all", 1240) == "1,240 of us all"


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_templates_have_no_words_of_their_own(app: Flask, path: Path) -> None:
    assert list(bare_words(path.read_text(encoding="utf-8"), app.jinja_env)) == []


@pytest.mark.parametrize(
    "template",
    [
        "<p>Bare</p>",
        '<p title="Bare"></p>',
        "<p>{% if x %}Bare{% endif %}</p>",
        "<p>{{ 'Bare' if x }}</p>",
        '<input type="submit" value="Bare">',
        '{% macro attributes() %}data-x="words" title="Bare"{% endmacro %}',
        "<p>{{ _('Fine') ~ ' bare' }}</p>",
    ],
)
def test_bare_words_are_found(app: Flask, template: str) -> None:
    assert len(list(bare_words(template, app.jinja_env))) == 1


@pytest.mark.parametrize(
    "template",
    [
        '<p class="plain" data-x="words">Takeed · {{ _("Fine") }} 12 × {{ x|moment("UTC") }}</p>',
        '<a translate="no">English</a> <kbd>Esc</kbd>',
        '{% macro attributes() %}data-x="words" class="{{ x }}"{% endmacro %}',
        "<p>{% trans %}Fine{% endtrans %}{# a remark #}</p>",
        '<p class="{{ "one" if x else "two" }}" title="{{ _("Fine") }}">{{ x["key"] }}</p>',
    ],
)
def test_translated_words_are_not_bare(app: Flask, template: str) -> None:
    assert list(bare_words(template, app.jinja_env)) == []


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_scripts_have_no_words_of_their_own(path: Path) -> None:
    script = re.sub(r"/\*.*?\*/|(?m:^\s*//.*$|\s//\s.*$)", "", path.read_text(encoding="utf-8"), flags=re.S)
    strings = [text for _, text in re.findall(r"""(["'`])((?:\\.|(?!\1).)*)\1""", script)]
    assert [text for text in strings if re.search(r"[؀-ۿ]|^\s*[A-Z]\w* \w|^[A-Z][a-z]+[.!?…]$", text)] == []
    assert SHOWN_BY_SCRIPT.findall(script) == []


def test_styles_have_no_words_of_their_own() -> None:
    styles = [each for each in (ROOT / "web" / "static").rglob("*.css") if "vendor" not in each.parts]
    said = [re.findall(r"""content:\s*["'][^"']*[^\W\d_]{2}""", each.read_text("utf-8")) for each in styles]
    assert [found for found in said if found] == []


def test_only_what_is_written_out_is_translated(app: Flask) -> None:
    """A sentence that is put together, or comes from elsewhere, would be in no catalogue."""
    python = [
        (path, ast.unparse(call))
        for path in (ROOT / "web").rglob("*.py")
        if path.name != "translating.py"
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and ast.unparse(call.func) in TRANSLATORS
        if not isinstance(call.args[0], ast.Constant)
    ]
    templates = [
        (path, call.lineno)
        for path in TEMPLATES
        for call in app.jinja_env.parse(path.read_text(encoding="utf-8")).find_all(nodes.Call)
        if isinstance(call.node, nodes.Name) and call.node.name in TRANSLATORS
        if not isinstance(call.args[0], nodes.Const | nodes.TemplateData)
    ]
    assert python + templates == []


def bare_words(source: str, environment: Environment) -> Iterator[str]:
    """Letters that a template shows without a translation."""
    reader = _Reader()
    reader.feed(_markup(source, environment))
    reader.close()
    yield from reader.found


def _markup(source: str, environment: Environment) -> str:
    """The template as mere markup: what is translated or computed is gone, what it would show as is stays."""
    text, hidden, expression = list[str](), "", ""
    for _, kind, token in environment.lexer.tokeniter(source, None):
        if kind == "block_begin":
            expression = "{%"
        elif kind == "block_end":
            words = expression.removeprefix("{%").split()
            ends = "endtrans" if hidden == "trans" else "endblock"
            if hidden and words[0] == ends:
                hidden = ""
            elif words[0] == "trans" or words[:2] == STYLED:
                hidden = words[0]
            expression = ""
        elif kind == "variable_begin":
            expression = "{{ "
        elif kind == "variable_end":
            tree = environment.parse(expression + " }}")
            text += [shown for output in tree.find_all(nodes.Output) for shown in _constants(output.nodes)]
            expression = ""
        elif expression:
            expression += token
        elif kind == "data" and not hidden:
            text.append(token)
    return "".join(text)


def _constants(shown: list[nodes.Expr]) -> Iterator[str]:
    """The literals that can come out of expressions."""
    for node in shown:
        if isinstance(node, nodes.Const):
            yield str(node.value)
        elif isinstance(node, nodes.CondExpr):
            yield from _constants([node.expr1, *([node.expr2] if node.expr2 else [])])
        elif isinstance(node, nodes.BinExpr):
            yield from _constants([node.left, node.right])
        elif isinstance(node, nodes.Concat):
            yield from _constants(node.nodes)
        elif isinstance(node, nodes.Filter) and node.node is not None:
            yield from _constants([node.node])


class _Reader(HTMLParser):
    """Collects what is read. Names of keys stay as they are, and so does what says `translate="no"`."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._left_alone: str | None = None

    def handle_data(self, data: str) -> None:
        if self._left_alone is None:
            # Macros that write attributes stand outside of any tag.
            self._look_at_attributes(None, ATTRIBUTE.findall(data))
            self._look_at(ATTRIBUTE.sub("", data))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._look_at_attributes(tag, attrs)
        if tag in ("kbd", "code") or ("translate", "no") in attrs:
            self._left_alone = self._left_alone or tag

    def handle_endtag(self, tag: str) -> None:
        if tag == self._left_alone:
            self._left_alone = None

    def _look_at_attributes(self, tag: str | None, attrs: list[tuple[str, str | None]]) -> None:
        is_button = tag == "input" and dict(attrs).get("type") in ("submit", "button", "reset")
        for name, value in attrs:
            if name in READ_ALOUD or (is_button and name == "value"):
                self._look_at(value or "")

    def _look_at(self, text: str) -> None:
        if LETTERS.search(NAMES.sub("", text)):
            self.found.append(text.strip())
