"""`flask slots fit`: learn from all buyers now."""

from collections.abc import Mapping
from typing import Any

import click

from scripts.opening import answer, json_option, opened, progress
from verification.learning.nightly import STAGES, AlreadyFitting, fit_nightly

_SAID = {
    "better": "it is no worse on buyers that no fit has seen",
    "as_good": "it is as good, and the one before is two weeks old",
    "worse": "it is worse on buyers that no fit has seen",
    "too_few": "there are too few contacts of held-out buyers to judge a model by",
    "overtaken": "another version came into use meanwhile",
}


@click.command("fit")
@click.option("--dry-run", is_flag=True, help="Fit and compare only; nothing is stored.")
@json_option
def fit(dry_run: bool, as_json: bool) -> None:
    """Learn from all buyers, compare with the version in use, and use the new one if it is no worse."""
    with opened() as house, progress(len(STAGES), "Fitting", hidden=as_json) as show:
        try:
            night = fit_nightly(
                house.engine,
                now=house.now(),
                by="operator",
                write=not dry_run,
                tell=lambda stage: show(STAGES.index(stage)),
            )
        except AlreadyFitting:
            raise click.ClickException("another fit is running; wait until it has ended") from None
        show(len(STAGES))
    found = {
        "version": night.version,
        "promoted": night.promoted and not dry_run,
        "why": night.why.value,
        "in_use": night.in_use,
        "buyers": night.buyers,
        "contacts": night.contacts,
        "held_out": night.held_out,
        "dry_run": dry_run,
        "findings": night.findings,
    }
    answer(found, "\n".join(_lines(found)), as_json=as_json)


def _lines(found: Mapping[str, Any]) -> list[str]:
    said = _SAID[found["why"]]
    if found["why"] == "too_few":
        return [f"nothing was fitted: {said} ({found['held_out']})", f"in use: {_named(found['in_use'])}"]
    losses = found["findings"]["overall"]
    judged = "would be used" if found["why"] in ("better", "as_good") else "would not be used"
    if not found["dry_run"]:
        judged = "is used from now on" if found["promoted"] else "is kept and not used"
    new = f"version {found['version']}" if found["version"] else "a new version"
    return [
        f"{new} of {found['buyers']} buyers and {found['contacts']} contacts {judged}: {said}",
        f"loss on {losses['contacts']} held-out contacts: {losses['new']:.4f}, "
        f"{_named(found['findings']['against'])} {losses['in_use']:.4f} "
        f"(difference {losses['difference']:+.4f}, give or take {losses['error']:.4f})",
        *(
            f"  {part['channel']:<12}{part['regime']:<9}{part['contacts']:>7} contacts  "
            f"{part['new']:.4f} against {part['in_use']:.4f}"
            for part in found["findings"]["parts"]
        ),
        f"in use: {_named(found['in_use'])}",
    ]


def _named(version: int) -> str:
    return f"version {version}" if version else "the stated priors (version 0)"
