"""The rows of an Excel workbook."""

import warnings
from io import BytesIO
from zipfile import BadZipFile, ZipFile

from openpyxl import load_workbook

from storefronts.sheets.sheet import SheetUnreadable
from storefronts.sheets.table import Table, collected

MOST_UNPACKED_BYTES = 200 * 1024 * 1024
_ZIP, _OLE = b"PK", b"\xd0\xcf\x11\xe0"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
# What a formula leaves in its cell when it fails says nothing about the order.
_CELL_ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!"})


def is_workbook(data: bytes) -> bool:
    """Whether the file is one of Excel's, readable or not: many an "orders.xls" is a CSV."""
    return data.startswith((_ZIP, _OLE))


def workbook_tables(data: bytes) -> list[Table]:
    """Every visible worksheet, in order; SheetUnreadable when the workbook cannot be opened."""
    if data.startswith(_OLE):
        raise SheetUnreadable("password_protected" if _ENCRYPTED in data else "old_excel")
    _refuse_what_unpacks_too_large(data)
    try:
        with warnings.catch_warnings():
            # Styles and validations that openpyxl does not know are nothing to us.
            warnings.simplefilter("ignore")
            return _read(data)
    except SheetUnreadable:
        raise
    except Exception:  # noqa: BLE001 - a damaged workbook fails with whatever its zip, XML or numbers fail with
        raise SheetUnreadable("damaged_workbook") from None


def _refuse_what_unpacks_too_large(data: bytes) -> None:
    try:
        with ZipFile(BytesIO(data)) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
    except (BadZipFile, ValueError, OSError, NotImplementedError):
        raise SheetUnreadable("damaged_workbook") from None
    if unpacked > MOST_UNPACKED_BYTES:
        raise SheetUnreadable("too_large")


def _read(data: bytes) -> list[Table]:
    workbook = load_workbook(BytesIO(data), read_only=True, data_only=True, keep_links=False)
    tables = []
    for worksheet in workbook.worksheets:
        if worksheet.sheet_state != "visible":
            continue
        # Many programs write a wrong size, which would cut off rows without a word.
        worksheet.reset_dimensions()
        tables.append(Table(worksheet.title, collected(map(_cells, worksheet.iter_rows(values_only=True)))))
    return tables


def _cells(row: tuple[object, ...]) -> list[object]:
    return [None if value in _CELL_ERRORS else value for value in row]
