"""Files of orders, made as sellers' programs make them."""

import csv
import io
from collections.abc import Sequence
from typing import Any

from openpyxl import Workbook

from storefronts.sheets.reading import read_sheet
from storefronts.sheets.sheet import Sheet, SheetOrder

ENGLISH = [
    "Order ID",
    "Name",
    "Phone",
    "Country",
    "City",
    "Product",
    "Qty",
    "Price",
    "Total",
    "Notes",
    "Date",
]
ARABIC = [
    "رقم الطلب",
    "اسم العميل",
    "رقم الجوال",
    "الدولة",
    "المدينة",
    "المنتج",
    "الكمية",
    "سعر الوحدة",
    "المبلغ المطلوب",
    "ملاحظات",
    "تاريخ الطلب",
]
CHINESE = [
    "订单号",
    "收件人",
    "电话",
    "国家",
    "城市",
    "商品名称",
    "数量",
    "单价",
    "代收金额",
    "买家备注",
    "下单时间",
]


def csv_bytes(rows: Sequence[Sequence[object]], *, encoding: str = "utf-8", delimiter: str = ",") -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    return out.getvalue().encode(encoding)


def xlsx_bytes(*worksheets: Sequence[Sequence[object]]) -> bytes:
    workbook = Workbook()
    workbook.remove(workbook.active)  # type: ignore[arg-type]
    for rows in worksheets:
        worksheet = workbook.create_sheet()
        for row in rows:
            worksheet.append(list(row))
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def read(data: bytes, filename: str = "orders.csv", *, country: str = "SA") -> Sheet:
    return read_sheet(data, filename, country=country, now_zone="Asia/Riyadh")


def read_rows(*rows: Sequence[object], country: str = "SA") -> Sheet:
    """The sheet of a workbook with these rows, cells keeping their types."""
    return read(xlsx_bytes(rows), "orders.xlsx", country=country)


def one_order(*rows: Sequence[object], country: str = "SA") -> SheetOrder:
    (order,) = read_rows(*rows, country=country).orders
    return order


def payload(*rows: Sequence[object], country: str = "SA") -> dict[str, Any]:
    order = one_order(*rows, country=country)
    assert not order.problems
    return order.payload


def reasons(sheet: Sheet) -> list[tuple[int, str]]:
    return [(row.row, row.reason) for row in sheet.skipped]


def codes(order: SheetOrder) -> list[tuple[int, str, str]]:
    return [(problem.row, problem.column, problem.code) for problem in order.problems]
