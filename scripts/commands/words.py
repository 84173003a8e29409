"""`flask words`: what the pages say that a language does not have yet."""

import sys

import click

from scripts.catalogues import AREAS, COVERED, troubles, update
from scripts.opening import answer, json_option


@click.command("words")
@click.option(
    "--update",
    "areas",
    type=click.Choice([*AREAS]),
    multiple=True,
    help="First bring this area's files up to date: new sentences are added without a translation, "
    "those that no page says any more are removed.",
)
@json_option
def command(areas: tuple[str, ...], as_json: bool) -> None:
    """List what is missing or wrong in the translations of the pages; exit code 1 when something is."""
    for area in areas:
        for language in (each for each, covered in COVERED.items() if area in covered):
            update(language, area)
    found = [trouble for language in COVERED for trouble in troubles(language)]
    answer({"ok": not found, "troubles": found}, "\n".join(found) or "All is translated.", as_json=as_json)
    sys.exit(1 if found else 0)
