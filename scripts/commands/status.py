"""`flask status`: the installation in a few numbers."""

import click

from models.unit_of_work import unit_of_work
from scripts.opening import answer, json_option, opened
from verification.status import status


@click.command("status")
@json_option
def command(as_json: bool) -> None:
    """Count orders, steps, decisions and events by state."""
    with opened() as house, unit_of_work(house.engine) as session:
        found = status(session)
    lines = [
        f"orders      {_words(found['orders'])}",
        f"steps       {_words(found['steps'])}",
        f"decisions   {_words(found['decisions']['by_verdict'])}",
        f"  through   {_words(found['decisions']['by_via'])}",
        f"outbox      {_words(found['outbox'])}",
        f"stranded    {found['stranded']}",
    ]
    answer(found, "\n".join(lines), as_json=as_json)


def _words(counts: dict[str, int]) -> str:
    return ", ".join(f"{word} {count}" for word, count in counts.items()) or "none"
