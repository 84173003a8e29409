"""`flask slots versions`: what was learned, night by night."""

from collections.abc import Iterator, Sequence

import click

from models.unit_of_work import unit_of_work
from scripts.opening import answer, json_option, opened
from verification.learning.current import current_version
from verification.learning.versions import Version, versions


@click.command("versions")
@json_option
def listing(as_json: bool) -> None:
    """Show the versions kept, newest first, and which is in use; 0 are the stated priors."""
    with opened() as house, unit_of_work(house.engine) as session:
        in_use = current_version(session)
        found = versions(session)
    told = [
        {
            "version": each.version,
            "fitted_at": each.fitted_at.isoformat(),
            "fitted_by": each.fitted_by,
            "buyers": each.buyers,
            "contacts": each.contacts,
            "state": _state(each, in_use),
            "promoted_at": each.promoted_at and each.promoted_at.isoformat(),
            "rolled_back_at": each.rolled_back_at and each.rolled_back_at.isoformat(),
            "rolled_back_by": each.rolled_back_by,
            "findings": each.findings,
        }
        for each in found
    ]
    answer({"in_use": in_use, "versions": told}, "\n".join(_lines(found, in_use)), as_json=as_json)


def _state(each: Version, in_use: int) -> str:
    if each.version == in_use:
        return "in_use"
    if each.rolled_back_at is not None:
        return "rolled_back"
    return "kept_back" if each.promoted_at is None else "replaced"


def _lines(found: Sequence[Version], in_use: int) -> Iterator[str]:
    if not found:
        yield "nothing has been learned yet"
    for each in found:
        losses = each.findings["overall"]
        yield (
            f"{each.version:>5}  {each.fitted_at:%Y-%m-%d %H:%M} UTC  {each.contacts:>9} contacts"
            f"  loss {losses['new']:.4f} ({losses['difference']:+.4f})"
            f"  {_state(each, in_use).replace('_', ' ')}"
        )
    if not in_use:
        yield "in use: the stated priors (version 0)"
