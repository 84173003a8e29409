"""`flask orders`: taking orders in from files."""

from collections import Counter
from pathlib import Path
from typing import Any

import click

from models.countries import SERVED
from models.unit_of_work import unit_of_work
from scripts.importing import import_sheet
from scripts.opening import answer, json_option, opened, progress
from storefronts.sheets.reading import read_sheet
from storefronts.sheets.sheet import Sheet, SheetUnreadable
from verification.accounts.finding import seller_of
from verification.accounts.refusals import AccountRefused
from verification.hours.places import find_place
from verification.intake.loading import store_of
from verification.refusals import NotFound


@click.group("orders")
def command() -> None:
    """Orders of sellers without a connected storefront."""


@command.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--seller", "seller_name", required=True, help="The seller's id or slug.")
@click.option("--store", "store_name", default="default", show_default=True)
@json_option
def import_(file: Path, seller_name: str, store_name: str, as_json: bool) -> None:
    """Take in a CSV or XLSX file; what was taken before is recognised and left as it is."""
    with opened() as installation:
        with unit_of_work(installation.engine) as session:
            try:
                store = store_of(session, seller_of(session, seller_name).id, store_name)
            except (AccountRefused, NotFound):
                raise click.ClickException("no such seller or store") from None
        sheet = _read(file, country=store.country, zone=store.time_zone)
        with progress(len(sheet.orders), file.name, hidden=as_json) as show:
            found = import_sheet(
                installation.engine,
                sheet,
                store,
                keys=installation.keys,
                now=installation.now(),
                progress=show,
            )
    answer(found, _in_words(found), as_json=as_json)


@command.command("places")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--country", type=click.Choice([*SERVED]), default="SA", help="That of orders which name none.")
@json_option
def places(file: Path, country: str, as_json: bool) -> None:
    """Say for how many orders of a file the city is known; nothing is taken in."""
    sheet = _read(file, country=country, zone=SERVED[country].time_zone)
    known: Counter[str] = Counter()
    unknown_rows: list[int] = []
    for order in sheet.orders:
        address = order.payload.get("address", {})
        lines = (address.get("city"), address.get("region"), address.get("district"))
        place = find_place(address.get("country", country), *lines)
        if place:
            known[place.code] += 1
        else:
            unknown_rows += order.rows[:1]
    found = {
        "orders": len(sheet.orders),
        "known": known.total(),
        "places": dict(known.most_common()),
        "unknown_rows": unknown_rows,
    }
    words = [f"{known.total()} of {len(sheet.orders)} orders name a place that is known"]
    words += [f"  {count:>6} {code}" for code, count in known.most_common()]
    words += [f"  row {row}: unknown" for row in unknown_rows]
    answer(found, "\n".join(words), as_json=as_json)


def _read(file: Path, *, country: str, zone: str) -> Sheet:
    try:
        return read_sheet(file.read_bytes(), file.name, country=country, now_zone=zone)
    except SheetUnreadable as refusal:
        raise click.ClickException(f"{file.name}: {refusal.detail}") from None


def _in_words(found: dict[str, Any]) -> str:
    counts = ("rows", "created", "repeated", "flagged", "refused")
    lines = [", ".join(f"{name} {found[name]}" for name in counts)]
    for result in found["results"]:
        notes = result["flags"] + [
            f"{error.get('column') or error.get('pointer')}: {error['detail']}" for error in result["errors"]
        ]
        if notes:
            lines.append(f"  row {result['row']}: {result['status']}: {'; '.join(notes)}")
    return "\n".join(lines)
