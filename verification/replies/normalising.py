"""One spelling for words that people write in many ways; word lists and replies pass through it alike."""

import re
import unicodedata

QUESTION_MARK = "?"

_LETTERS = str.maketrans(
    {
        **dict.fromkeys("أإآٱ", "ا"),
        **dict.fromkeys("ىیێېۍ", "ي"),
        **dict.fromkeys("ةەھہۀۃۂ", "ه"),
        **dict.fromkeys("ؤۆۇۋ", "و"),
        "ئ": "ي",
        "ک": "ك",
        "ڵ": "ل",
        "ڕ": "ر",
        **dict.fromkeys("؟⸮¿❓❔", QUESTION_MARK),
    }
)
_APOSTROPHES = re.compile("['’‘ʼʹ`´ʻ]")
# Tashkeel and Quranic marks, tatweel, hamza on the line, variation selectors, keycap, skin tones.
_DROPPED = re.compile(
    "[\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u08d3-\u08ff\u0640\u0621\ufe00-\ufe0f\u20e3🏻-🏿]"
)
_DECORATION = re.compile(r"[\"“”«»()\[\]{}*_~#]")
# Sorani begins vowels with this letter; Arabic has it only inside words.
_FIRST_HAMZA = re.compile(r"(?<!\w)ئ")
_LENGTHENED = re.compile(r"([^\W\d_])\1{2,}")
_PIECE = re.compile(r"\d+(?:[.,:/\-]\d+)+\w*|\w+|(?P<pause>[.,!;:…،؛。、·•|/\\\-–—\n\r\0]+)|\S")


def normalise(text: str) -> list[list[str]]:
    """Split a text into clauses of tokens in one spelling.

    A pause (comma, full stop, line end …) ends a clause, so a phrase is never read across it. A question
    mark, an emoji or any other sign is a token of its own; digits of every script become ASCII, and a number
    with inner signs (`1.5`, `2:30`) stays one token.
    """
    text = unicodedata.normalize("NFKC", _APOSTROPHES.sub("", text)).casefold()
    text = _DECORATION.sub(" ", _DROPPED.sub("", "".join(_plain(sign) for sign in text)))
    text = _LENGTHENED.sub(r"\1", _FIRST_HAMZA.sub("ا", text).translate(_LETTERS))
    clauses: list[list[str]] = [[]]
    for piece in _PIECE.finditer(text):
        if piece["pause"]:
            clauses.append([])
        else:
            clauses[-1].append(piece[0])
    return [clause for clause in clauses if clause]


def _plain(sign: str) -> str:
    """A digit in ASCII; nothing for the invisible signs (zero width, direction); else the sign itself."""
    category = unicodedata.category(sign)
    if category == "Nd":
        return str(unicodedata.digit(sign))
    return "" if category == "Cf" else sign
