"""Reading a file of orders: bytes in, one payload per order out."""

from collections import Counter
from zoneinfo import ZoneInfo

from storefronts.sheets.building import build_order, content_id
from storefronts.sheets.decoding import text_table
from storefronts.sheets.grouping import group_rows
from storefronts.sheets.headers import find_header
from storefronts.sheets.problems import Problems
from storefronts.sheets.sheet import Sheet, SheetOrder, SheetUnreadable, SkippedRow
from storefronts.sheets.table import Table
from storefronts.sheets.workbooks import is_workbook, workbook_tables


def read_sheet(data: bytes, filename: str, *, country: str, now_zone: str) -> Sheet:
    """Read a CSV or XLSX file of orders as sellers export or type them.

    `country` (ISO 3166-1 alpha-2) is that of orders which name none, and settles their currency when no
    amount does; `now_zone` (IANA) is the zone of times without offset. The name only helps to say what is
    wrong with a file that cannot be read. Every visible worksheet that has a header is read.

    What files leave out, so that the same order gives the same payload from whatever file, at whatever time:
    - no payment method: "cod", because these are lists of parcels to be paid at the door;
    - no order number: an id made from the order's content, the second of equal orders having "-2" after it;
    - no date: the payload has no `placed_at`. Whoever imports it fills it in, with what the store's order of
      that `external_id` already has and else with the moment of the import: only so does a second import of
      the file find nothing new.

    Raises SheetUnreadable when no table of orders can be found; faults of single cells are among the
    `problems` of their orders.
    """
    if not data:
        raise SheetUnreadable("empty_file")
    tables = _tables(data, filename)
    zone = ZoneInfo(now_zone)
    orders: list[SheetOrder] = []
    skipped: list[SkippedRow] = []
    times_seen: Counter[str] = Counter()
    headers = [find_header(table.rows) for table in tables]
    if not any(headers):
        raise SheetUnreadable("no_header")
    for table, header in zip(tables, headers, strict=True):
        if header is None:
            skipped += [
                SkippedRow(row, "no_header", table.worksheet) for row in range(1, len(table.rows) + 1)
            ]
            continue
        groups, without_order = group_rows(table, header)
        skipped += without_order
        for group in groups:
            problems = Problems()
            payload = build_order(group, problems, country=country, zone=zone)
            if "external_id" not in payload:
                payload["external_id"] = _numbered(content_id(payload), times_seen)
            rows = tuple(row.number for row in group.rows)
            orders.append(SheetOrder(rows, payload, problems.all(), table.worksheet))
    return Sheet(tuple(orders), tuple(skipped))


def _tables(data: bytes, filename: str) -> list[Table]:
    if is_workbook(data):
        return workbook_tables(data)
    try:
        return [text_table(data)]
    except SheetUnreadable as error:
        if error.code == "no_header" and filename.casefold().endswith((".xlsx", ".xlsm", ".xls")):
            raise SheetUnreadable("damaged_workbook") from None
        raise


def _numbered(identity: str, times_seen: Counter[str]) -> str:
    times_seen[identity] += 1
    return identity if times_seen[identity] == 1 else f"{identity}-{times_seen[identity]}"
