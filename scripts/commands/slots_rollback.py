"""`flask slots rollback`: use an earlier version again."""

import click

from models.unit_of_work import unit_of_work
from scripts.opening import answer, json_option, opened
from verification.learning.versions import RollBackRefused, roll_back

_REFUSED = {
    "nothing_promoted": "nothing learned is in use: contacts are chosen by the stated priors already",
    "in_use": "this version is in use already",
    "unknown": "there is no such version: `flask slots versions` shows them",
    "never_used": "this version was never used, or was rolled back itself: `flask slots versions` shows it",
}


@click.command("rollback")
@click.option("--to", "version", type=click.IntRange(0), help="0 for the priors; else the one before.")
@json_option
def rollback(version: int | None, as_json: bool) -> None:
    """Take the version in use out of use, or all that came into use after --to. Nothing is deleted.

    Later fits are compared with what is in use then, and may be used again; `flask slots stop` ends that.
    """
    with opened() as house, unit_of_work(house.engine) as session:
        try:
            in_use = roll_back(session, to=version, by="operator", now=house.now())
        except RollBackRefused as refused:
            raise click.ClickException(_REFUSED[refused.code]) from None
    named = f"version {in_use}" if in_use else "the stated priors (version 0)"
    answer({"in_use": in_use}, f"in use from now on: {named}", as_json=as_json)
