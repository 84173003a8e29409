"""The rows of a CSV file: of all encodings and delimiters, those are right that make its header known."""

import csv
import io
import re
from collections.abc import Iterator
from itertools import islice

from storefronts.sheets.headers import ROWS_SEARCHED, find_header
from storefronts.sheets.sheet import SheetUnreadable
from storefronts.sheets.table import Table, collected

MOST_BYTES = 32 * 1024 * 1024
_DELIMITERS = ",;\t|"
_MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_HEAD = 64 * 1024
_FOREIGN = re.compile(r"[^\x00-\x7f]")
_ARABIC = re.compile(r"[\u060c-\u06ff\u200c-\u200f\u2013\u2014\u2018\u2019\u201c\u201d\u2022\u2026\u00a0]")
_FORMULA_TEXT = re.compile(r'="(.*)"', re.DOTALL)


def text_table(data: bytes) -> Table:
    """The table in a CSV file; SheetUnreadable when nothing in it is a header."""
    if len(data) > MOST_BYTES:
        raise SheetUnreadable("too_large")
    # A quote that is never closed makes one field of all the rest, which is mended below.
    csv.field_size_limit(MOST_BYTES)
    best: tuple[int, str, str] | None = None
    for text in _decodings(data):
        head = text[:_HEAD]
        for delimiter in _DELIMITERS:
            header = find_header(list(islice(_parsed(head, delimiter), ROWS_SEARCHED)))
            if header and (best is None or len(header.places) > best[0]):
                best = len(header.places), text, delimiter
    if best is None:
        raise SheetUnreadable("no_header")
    return Table("", collected(_rows(best[1], best[2])))


def _decodings(data: bytes) -> Iterator[str]:
    """The file's text in each encoding in which it may be written, the likeliest first.

    A few damaged characters do not rule an encoding out; they stay visible as U+FFFD. Windows-1256 can decode
    anything, so it comes early only where all that it finds is Arabic.
    """
    for mark, encoding in _MARKS.items():
        if data.startswith(mark):
            yield data.decode(encoding, errors="replace")
            return
    if data[:_HEAD].count(0) > len(data[:_HEAD]) / 10:
        yield from (data.decode(encoding, errors="replace") for encoding in ("utf-16-le", "utf-16-be"))
        return
    windows = data.decode("cp1256", errors="replace")
    foreign = len(_FOREIGN.findall(windows))
    all_arabic = len(_ARABIC.findall(windows)) >= 0.95 * foreign
    utf8, chinese = (data.decode(encoding, errors="replace") for encoding in ("utf-8", "gb18030"))
    likeliest = (utf8, windows, chinese) if all_arabic else (utf8, chinese, windows)
    yield from (text for text in likeliest if text.count("\ufffd") <= 0.02 * foreign)


def _rows(text: str, delimiter: str) -> Iterator[list[object]]:
    try:
        rows = list(_parsed(text, delimiter, strict=True))
    except csv.Error:
        # A quote was opened and not closed: line by line it can spoil only its own.
        rows = [row for line in io.StringIO(text, newline="") for row in _parsed(line, delimiter)]
    return ([_FORMULA_TEXT.sub(r"\1", cell.strip()) for cell in row] for row in rows)


def _parsed(text: str, delimiter: str, *, strict: bool = False) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=strict)
