"""From a cell or a form field to runs of digits: digits folded, floats repaired, words cut away."""

import re
import unicodedata

from models.phones.numbers import PhoneProblem

# What stands between the digits of one number as people write it.
_GROUPING = r" \t()\[\]._\-"
# No contract field is longer; more text than this holds no phone that anybody typed.
_LONGEST_READ = 2_000

_ALIKE = str.maketrans({"،": ",", "٫": ".", "−": "-", "\0": None})
_SCIENTIFIC = re.compile(r"(?<![\w.])(\d)(?:[.,](\d+))?[eE](\+?)(\d{1,2})(?!\w)")
_WHOLE_FLOAT = re.compile(r"(?<![\d.])(\d{8,15})\.0+(?!\d)")
_NOT_A_PHONE = re.compile(rf"[^\d+/,{_GROUPING}]+")
# One number up to its last digit; begins only where a run begins, so that no text is searched twice.
_NUMBER = rf"(?<![\d+{_GROUPING}])(?:[+{_GROUPING}]*+\d){{7,}}"

_REFUSED = (
    (_SCIENTIFIC, PhoneProblem.phone_unrecoverable),
    # An extension: the call would end at a switchboard. Eight digits or more are a second phone instead.
    (
        re.compile(
            rf"{_NUMBER}\s*+[;,.(]?\s*+(?:ext(?:ension|n)?|x|#|تحويلة|داخلي)[\s.:=#]*+\d{{1,7}}(?!\d)",
            re.IGNORECASE,
        ),
        PhoneProblem.phone_invalid,
    ),
    # A masked digit, or a slip of the finger: 0551234567x.
    (re.compile(rf"{_NUMBER}[x*]++(?!\w)", re.IGNORECASE), PhoneProblem.phone_needs_review),
    # A fraction: the point hides a slip or a lost digit.
    (re.compile(r"(?<![\d.])0\.\d{8,}(?!\d)"), PhoneProblem.phone_needs_review),
)


def clean(raw: str) -> tuple[str, list[PhoneProblem]]:
    """The text in ASCII digits and plain marks, and the problems of the parts that had to be cut out."""
    text = _repair_floats(_fold(raw[:_LONGEST_READ]))
    problems = []
    for pattern, problem in _REFUSED:
        text, found = pattern.subn("\n", text)
        if found:
            problems.append(problem)
    return text, problems


def runs(text: str) -> list[str]:
    """The stretches that may hold phones, as written: names, labels, "او", links and new lines part them."""
    return [run for run in _NOT_A_PHONE.split(text) if any(c.isdigit() for c in run)]


def _fold(raw: str) -> str:
    return "".join(map(_plain, unicodedata.normalize("NFKC", raw).translate(_ALIKE)))


def _plain(mark: str) -> str:
    """The ASCII digit or dash that a character stands for; nothing for the invisible ones."""
    category = unicodedata.category(mark)
    if category == "Nd":
        return str(unicodedata.decimal(mark))
    return {"Cf": "", "Pd": "-"}.get(category, mark)


def _repair_floats(text: str) -> str:
    return _WHOLE_FLOAT.sub(r"\1", _SCIENTIFIC.sub(_write_out, text))


def _write_out(number: re.Match[str]) -> str:
    """5.51234567E8 as 551234567 when every digit is there; as it stands when some were lost."""
    whole, decimals, plus, power = number[1], number[2] or "", number[3], int(number[4])
    missing = power - len(decimals)
    # A spreadsheet rounds and writes E+11. A program writes E8 and drops only zeros, seldom more than two.
    most_missing = 0 if plus else 2
    return whole + decimals + "0" * missing if 0 <= missing <= most_missing else number[0]
