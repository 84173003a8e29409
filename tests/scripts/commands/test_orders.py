from datetime import datetime
from pathlib import Path

import pytest
from openpyxl import Workbook

from models.secrecy import Keyring
from tests.conftest import Work
from tests.scripts.commands.conftest import Run
from verification.accounts.sellers import create_seller

HEADERS = [
    *(
        "رقم الطلب",
        "التاريخ",
        "الاسم",
        "الجوال",
        "المدينة",
        "العنوان",
        "المنتج",
        "الكمية",
        "السعر",
        "الإجمالي",
    ),
    *(),
]
ROWS = [
    line.split("|")
    for line in (
        "1047|2026-11-20 21:14|نوره|0551234567|الرياض|حي النرجس شارع أنس 12|خلاط|1|180.00|199.00 SAR",
        "1047|2026-11-20 21:14|نوره|0551234567|الرياض|حي النرجس شارع أنس 12|كوب|1|19.00|199.00 SAR",
        "1048|2026-11-20 22:00|سعد|5.51234568E8|جدة|حي الروضة شارع الأمير 7|سماعة|2|50.00|100.00",
        "1049|2026-11-20 22:30|علي|123|الدمام|حي الشاطئ شارع 5 مبنى 3|ساعة|1|75.00|75.00",
        "1050|2026-11-20 23:00|خالد|0551234569|مكة|حي العزيزية شارع 9 مبنى 1|خاتم|كثير|75.00|75.00",
    )
]


@pytest.fixture
def seller(work: Work, keys: Keyring, now: datetime) -> str:
    with work() as session:
        return create_seller(session, "Noor", "SA", None, keys=keys, now=now).seller.slug


def as_csv(folder: Path) -> Path:
    lines = [";".join(row) for row in (["طلبات المتجر"], [], HEADERS, *ROWS, [])]
    file = folder / "orders.csv"
    file.write_text("\r\n".join(lines), encoding="windows-1256")
    return file


def as_xlsx(folder: Path) -> Path:
    book = Workbook()
    for row in (["طلبات المتجر"], [], HEADERS, *ROWS, []):
        book.active.append(row)
    file = folder / "orders.xlsx"
    book.save(file)
    return file


@pytest.mark.parametrize("made", [as_csv, as_xlsx])
def test_a_file_is_taken_in_row_by_row_and_a_second_time_nothing_is_new(
    run: Run, seller: str, tmp_path: Path, made: object
) -> None:
    file = str(made(tmp_path))  # type: ignore[operator]

    first = run("orders", "import", file, "--seller", seller, "--json")
    again = run("orders", "import", file, "--seller", seller, "--json")

    assert (first.code, again.code) == (0, 0)
    counts = ("rows", "created", "repeated", "refused")
    assert [first.json[name] for name in counts] == [5, 3, 0, 1]
    assert [again.json[name] for name in counts] == [5, 0, 3, 1]
    results = first.json["results"]
    assert [result["row"] for result in results] == sorted(result["row"] for result in results)
    assert [result["status"] for result in results] == ["created"] * 4 + ["refused"]
    assert results[0]["order_id"] == results[1]["order_id"]
    assert "phone_invalid" in results[3]["flags"]
    assert results[4]["errors"] != []
    assert [each["order_id"] for each in again.json["results"]] == [each["order_id"] for each in results]
    assert run("status", "--json").json["stranded"] == 0


def test_a_file_that_cannot_be_read_is_told_in_a_sentence(run: Run, seller: str, tmp_path: Path) -> None:
    broken = tmp_path / "orders.xlsx"
    broken.write_bytes(b"PK\x03\x04 no workbook")

    said = run("orders", "import", str(broken), "--seller", seller, "--json")

    assert (said.code, said.out) == (1, "")
    assert said.err.startswith("Error: orders.xlsx: ")


def test_an_unknown_seller_or_store_is_told(run: Run, seller: str, tmp_path: Path) -> None:
    file = str(as_csv(tmp_path))
    assert run("orders", "import", file, "--seller", "nobody").code == 1
    assert run("orders", "import", file, "--seller", seller, "--store", "other").code == 1


def test_the_cities_of_a_file_are_counted_and_the_unknown_ones_told_by_row(run: Run, tmp_path: Path) -> None:
    file = as_csv(tmp_path)
    text = file.read_text(encoding="windows-1256")
    file.write_text(text.replace(";الدمام;", ";مكان ما;"), encoding="utf-8")

    found = run("orders", "places", str(file), "--json").json

    assert (found["orders"], found["known"]) == (4, 3)
    assert found["places"] == {"SA/riyadh": 1, "SA/jeddah": 1, "SA/makkah": 1}
    assert len(found["unknown_rows"]) == 1
    said = run("orders", "places", str(file)).out
    assert "3 of 4 orders" in said
    assert "مكان" not in said
