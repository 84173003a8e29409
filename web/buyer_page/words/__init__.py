"""The words of the buyer's page, a file a language; all have the same keys."""

from collections.abc import Mapping

from web.buyer_page.words import arabic, english, kurdish

WORDS: Mapping[str, Mapping[str, str]] = {
    "ar": arabic.WORDS,
    "en": english.WORDS,
    "ckb": kurdish.WORDS,
}
