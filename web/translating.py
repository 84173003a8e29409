"""What pages say, in the page's language: gettext over the .po files of `web/translations`.

English is the msgid. Every `%(name)s` is filled from a variable, escaped where the page needs it; so a
percent sign is written `%%`, with or without variables. All files of a language are read together at start.
"""

from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from babel.support import LazyProxy, NullTranslations, Translations
from flask import Flask
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from web.language import LANGUAGES, page_language

FOLDER = Path(__file__).parent / "translations"
SOURCE = "en"


def register(app: Flask) -> None:
    """Give templates `_`, `gettext`, `ngettext`, `pgettext` and `{% trans %}`."""
    for language in (*LANGUAGES, *(folder.name for folder in FOLDER.iterdir() if folder.is_dir())):
        translations(language)
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.policies["ext.i18n.trimmed"] = True
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext=lambda msgid: translations(page_language()).gettext(msgid),
        ngettext=ngettext,
        pgettext=lambda context, msgid: translations(page_language()).pgettext(context, msgid),
        newstyle=True,
    )
    app.jinja_env.globals["ngettext"] = _ngettext_on_page


def gettext(msgid: str, /, **variables: object) -> str:
    """The sentence in the page's language."""
    return translations(page_language()).gettext(msgid) % variables


def ngettext(one: str, many: str, num: int, /, **variables: object) -> str:
    """The sentence in the plural form of the number, which it may name as `%(num)s`: "1,240"."""
    return translations(page_language()).ngettext(one, many, num) % {"num": _grouped(num), **variables}


def pgettext(context: str, msgid: str, /, **variables: object) -> str:
    """One word of English that is several elsewhere, told apart by where it stands."""
    return str(translations(page_language()).pgettext(context, msgid)) % variables


def lazy(msgid: str, /) -> LazyProxy:
    """A sentence of a module: marked now, translated each time it is shown."""
    return LazyProxy(gettext, msgid, enable_cache=False)


@pass_context
def _ngettext_on_page(context: Context, one: str, many: str, num: int, **variables: object) -> str:
    # Jinja's own would write the number without its thousands apart.
    found = translations(page_language()).ngettext(one, many, num)
    sentence = Markup(found) if context.eval_ctx.autoescape else found  # noqa: S704 - catalogues are ours
    return sentence % {"num": _grouped(num), **variables}


def _grouped(num: int) -> str:
    return format_decimal(num, locale=page_language())


@cache
def translations(language: str) -> NullTranslations:
    """All that is said in a language; what is not there reads English."""
    if language == SOURCE:
        return NullTranslations()
    merged = Catalog(locale=language)
    for path in sorted((FOLDER / language).glob("*.po")):
        catalogue = read_catalogue(path, language)
        merged.mime_headers = catalogue.mime_headers
        for message in catalogue:
            if message.id and all(forms(message)):
                merged[message.id] = message
    compiled = BytesIO()
    write_mo(compiled, merged)
    compiled.seek(0)
    return Translations(compiled)


def forms(message: Message) -> tuple[str, ...]:
    """A sentence in the language: one string, or one for each plural form; empty when untranslated."""
    if isinstance(message.string, tuple | list):
        return tuple(message.string)
    return (message.string or "",)


def read_catalogue(path: Path, language: str) -> Catalog:
    """One file; raises PoFileError when it is not a catalogue."""
    with path.open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)
