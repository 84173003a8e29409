"""`flask orders`: taking orders in from files."""

from pathlib import Path
from typing import Any

import click

from models.unit_of_work import unit_of_work
from scripts.importing import import_sheet
from scripts.opening import answer, json_option, opened, progress
from storefronts.sheets.reading import read_sheet
from storefronts.sheets.sheet import SheetUnreadable
from verification.accounts.finding import seller_of
from verification.accounts.refusals import AccountRefused
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
        try:
            sheet = read_sheet(file.read_bytes(), file.name, country=store.country, now_zone=store.time_zone)
        except SheetUnreadable as refusal:
            raise click.ClickException(f"{file.name}: {refusal.detail}") from None
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
