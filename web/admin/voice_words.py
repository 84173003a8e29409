"""What the languages of recordings are called."""

from babel import Locale

from web.language import page_language
from web.translating import lazy

_DIALECTS = {"ckb": lazy("Kurdish (Sorani)"), "ku": lazy("Kurdish (Kurmanji)")}


def language_name(code: str) -> str:
    """The language in the page's."""
    return str(_DIALECTS.get(code) or Locale.parse(page_language()).languages.get(code, code))
