"""`flask words` keeps the catalogues to what the pages say."""

from pathlib import Path

import pytest

from scripts import catalogues

TEMPLATE = """
{{ _("Old") }} {{ _("New %(name)s", name=x) }} {{ ngettext("%(num)s order", "%(num)s orders", 2) }}
{{ pgettext("of a phone", "Line") }} {% trans %}
  In two
  lines{% endtrans %}
"""
OLD = """
msgid "Gone"
msgstr "ذهب"

msgid "Old"
msgstr "قديم"
"""


@pytest.fixture
def web(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Pages of our own, half of them translated."""
    web = tmp_path / "web"
    for language in ("ar", "ckb"):
        (web / "translations" / language).mkdir(parents=True)
    (web / "templates").mkdir()
    (web / "templates" / "board.html").write_text(TEMPLATE, encoding="utf-8")
    (web / "pages.py").write_text('_BANNER = lazy("Careful")\n', encoding="utf-8")
    monkeypatch.setattr(catalogues, "ROOT", tmp_path)
    monkeypatch.setattr(catalogues, "FOLDER", web / "translations")
    return web


def put(web: Path, body: str, language: str = "ar", area: str = "board") -> Path:
    path = web / "translations" / language / f"{area}.po"
    head = f'msgid ""\nmsgstr "Plural-Forms: {catalogues._PLURAL_FORMS[language]}\\n"\n'
    path.write_text(head + body, encoding="utf-8")
    return path


def found(run) -> list[str]:
    said = run("words", "--json")
    assert said.code == (0 if said.json["ok"] else 1)
    return said.json["troubles"]


def test_the_areas_that_a_language_lacks_are_named(web: Path, run) -> None:
    put(web, OLD)
    assert found(run) == [
        "ar/board.po: 'Gone' is said nowhere any more",
        "ar/common.po: 'Careful' is missing",
        "ar/board.po: 'New %(name)s' is missing",
        "ar/board.po: '%(num)s order' is missing",
        "ar/board.po: 'Line' (of a phone) is missing",
        "ar/board.po: 'In two lines' is missing",
        "ckb/common.po: 'Careful' is missing",
    ]


def test_an_update_keeps_what_is_said_and_leaves_the_other_areas_alone(web: Path, run) -> None:
    path = put(web, OLD)
    run("words", "--update", "board")
    written = path.read_text(encoding="utf-8")
    assert [line for line in written.splitlines() if line.startswith("msgid") and line != 'msgid ""'] == [
        'msgid "Old"',
        'msgid "New %(name)s"',
        'msgid "%(num)s order"',
        'msgid_plural "%(num)s orders"',
        'msgid "Line"',
        'msgid "In two lines"',
    ]
    assert 'msgstr "قديم"' in written
    assert 'msgstr[5] ""' in written
    assert "board.html" not in written
    assert not [line for line in written.splitlines() if "Date" in line or "Generated" in line]
    assert not (path.parent / "common.po").exists()
    run("words", "--update", "board")
    assert path.read_text(encoding="utf-8") == written


@pytest.mark.parametrize(
    ("body", "trouble"),
    [
        ('msgid "Old"\nmsgstr ""', "'Old' is not translated"),
        ('#, fuzzy\nmsgid "Old"\nmsgstr "قديم"', "'Old' is marked fuzzy"),
        ('msgid "Old"\nmsgstr "Old"', "'Old' is left in English"),
        ('#~ msgid "Older"\n#~ msgstr "أقدم"', "'Older' is commented out"),
        ('msgid "New %(name)s"\nmsgstr "جديد"', "'New %(name)s' has other placeholders than its msgid"),
        ('msgid "New %(name)s"\nmsgstr "%(nom)s"', "'New %(name)s' has other placeholders than its msgid"),
        (
            'msgid "New %(name)s"\nmsgstr "100% %(name)s"',
            "'New %(name)s' has other placeholders than its msgid",
        ),
        (
            'msgid "%(num)s order"\nmsgid_plural "%(num)s orders"\nmsgstr[0] "لا"\nmsgstr[1] "طلب"',
            "'%(num)s order' is not translated",
        ),
    ],
)
def test_a_translation_that_cannot_be_right_is_told(web: Path, run, body: str, trouble: str) -> None:
    put(web, f"\n{body}\n")
    assert f"ar/board.po: {trouble}" in found(run)


def test_a_sentence_stands_in_one_file(web: Path, run) -> None:
    put(web, OLD)
    put(web, OLD, area="desk")
    assert "ar/desk.po: 'Old' is also in ar/board.po" in found(run)


def test_one_and_two_need_not_name_the_number(web: Path, run) -> None:
    forms = ("لا طلبات", "طلب واحد", "طلبان", "%(num)s طلبات", "%(num)s طلبًا", "%(num)s طلب")
    strings = "\n".join(f'msgstr[{number}] "{form}"' for number, form in enumerate(forms))
    put(web, f'\nmsgid "%(num)s order"\nmsgid_plural "%(num)s orders"\n{strings}\n')
    assert not [each for each in found(run) if "order" in each]
