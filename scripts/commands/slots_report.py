"""`flask slots report`: whether choosing hours and channels well is worth it."""

import sys
from collections.abc import Iterator
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from models.countries import SERVED
from models.unit_of_work import unit_of_work
from models.vocabulary import Choice
from scripts.opening import answer, json_option, opened
from verification.trial.comparing import Compared, Measure, Part
from verification.trial.intervals import Estimate
from verification.trial.looking import Looked
from verification.trial.stopping import standing_stop
from verification.trial.trial import LONGEST_DAYS, Trial, read_trial
from verification.trial.watching import Judged, Standing

_MEASURES = {
    Measure.decided: "decided in time",
    Measure.calls: "agent calls per order",
    Measure.contacts: "contacts per order",
    Measure.cost: "USD per decided order",
    Measure.complaints: "opted out, of 1,000",
    Measure.returned: "parcels that came back",
}
_BY_CHANNEL = {
    Measure.decided: "decided by it",
    Measure.contacts: "contacts per order",
    Measure.cost: "USD per order",
}
_STANDINGS = {
    Standing.below: "BELOW CONTROL: an alarm stands (flask slots stop puts everybody on the fixed schedule)",
    Standing.doubtful: "perhaps below control, not beyond what looking every hour brings by chance",
    Standing.fine: "not below control",
    Standing.too_few: "too few orders to say whether it is below control",
}


@click.command("report")
@click.option(
    "--days", type=click.IntRange(1, LONGEST_DAYS), default=28, show_default=True, help="Orders since then."
)
@click.option("--country", type=click.Choice(sorted(SERVED)), help="This country alone.")
@json_option
def report(days: int, country: str | None, as_json: bool) -> None:
    """Orders chosen for by what was learned against those kept on the fixed schedule, with 95 % intervals."""
    with opened() as house, unit_of_work(house.engine) as session:
        trial = read_trial(session, days=days, now=house.now(), country=country)
        stopped = standing_stop(session)
        stop = stopped and {"since": stopped.began_at, "by": stopped.began_by, "why": stopped.why}
    if as_json:
        answer({**_told(trial), "stopped": stop}, "", as_json=True)
        return
    console = Console(file=sys.stdout, width=None if sys.stdout.isatty() else 110, highlight=False)
    console.print(f"Orders taken in from {trial.since:%Y-%m-%d %H:%M} whose deadline is over (times in UTC)")
    if stop:
        console.print(f"STOPPED since {stop['since']:%Y-%m-%d %H:%M}: everybody is on the fixed schedule")
    for part in trial.parts:
        console.print(_table(part))
    if not trial.parts:
        console.print("no order of either arm has reached its deadline yet")
    for line in _lines(trial):
        console.print(line, markup=False)


def _table(part: Part) -> Table:
    table = Table(
        title=f"{part.country or 'all countries'}: {part.learned} learned, {part.control} control",
        title_justify="left",
    )
    table.add_column("")
    for name in ("learned", "control", "effect", "95 % interval"):
        table.add_column(name, justify="right")
    table.add_column("")
    for each in part.measures:
        table.add_row(_MEASURES[each.measure], *_cells(each))
    for channel in part.channels:
        table.add_section()
        for each in channel.measures:
            row = (f"{channel.channel}: {_BY_CHANNEL[each.measure]}", *_cells(each))
            table.add_row(*row[:5])
    return table


def _cells(each: Compared) -> Iterator[str]:
    yield from (_number(each.measure, value) for value in (each.learned, each.control))
    if each.effect is None:
        yield from ("too few to tell", "", "")
        return
    scale, sign, unit = _scale(each.measure)
    found, low, high = (scale * value for value in (each.effect.value, each.effect.low, each.effect.high))
    yield f"{found:{sign}.2f}{unit}" if unit else f"× {found:.2f}"
    yield f"{low:{sign}.2f} to {high:{sign}.2f}"
    yield {True: "better", False: "WORSE", None: "no clear difference"}[each.is_better]


def _scale(measure: Measure) -> tuple[int, str, str]:
    if measure is Measure.complaints:
        return 1000, "+", " ‰"
    return (100, "+", " points") if measure.is_share else (1, "", "")


def _number(measure: Measure, value: float | None) -> str:
    if value is None:
        return "–"
    if measure is Measure.complaints:
        return f"{1000 * value:.2f}"
    return f"{100 * value:.1f} %" if measure.is_share else f"{value:.3f}"


def _lines(trial: Trial) -> Iterator[str]:
    for judged in trial.judged:
        yield f"{judged.country or 'all countries'}: {_STANDINGS[judged.standing]}"
    share = trial.lot_share
    if share is not None:
        drawn = trial.choices.get(Choice.random, 0)
        yield f"drawn by lot: {drawn} contacts, {100 * share:.2f} % of those chosen by what was learned"
    for looked in trial.looked:
        yield f"  {looked.channel} in the {looked.part}: {_looked(looked)}"
    for waived in trial.waived:
        yield (
            f"released without contact: {waived.orders} orders of {waived.seller} in {waived.country}, "
            f"{waived.delivered} delivered, {waived.came_back} came back; "
            f"saved {waived.saved:.2f} USD, lost {waived.lost:.2f} ({waived.expected_loss:.2f} expected)"
        )


def _looked(looked: Looked) -> str:
    found = f"{100 * looked.decided:.1f} % decided, {100 * looked.expected:.1f} % expected"
    if looked.difference is None:
        return f"{found}, {looked.contacts} contacts: too few to tell"
    said = "as expected" if looked.is_as_expected else "NOT AS EXPECTED"
    low, high = 100 * looked.difference.low, 100 * looked.difference.high
    return f"{found} ({low:+.1f} to {high:+.1f} points), {looked.contacts} contacts: {said}"


def _told(trial: Trial) -> dict[str, Any]:
    return {
        "since": trial.since,
        "until": trial.until,
        "parts": [_part(part) for part in trial.parts],
        "below_control": [_judged(each) for each in trial.judged],
        "drawn_by_lot": {
            "share": trial.lot_share,
            "choices": dict(trial.choices),
            "looks": [
                {
                    "channel": each.channel,
                    "part": each.part,
                    "contacts": each.contacts,
                    "decided": each.decided,
                    "expected": each.expected,
                    "difference": _estimate(each.difference),
                }
                for each in trial.looked
            ],
        },
        "waived": [vars(each) for each in trial.waived],
    }


def _part(part: Part) -> dict[str, Any]:
    return {
        "country": part.country,
        "orders": {"learned": part.learned, "control": part.control},
        "measures": {each.measure.value: _compared(each) for each in part.measures},
        "channels": {
            each.channel.value: {one.measure.value: _compared(one) for one in each.measures}
            for each in part.channels
        },
    }


def _compared(each: Compared) -> dict[str, Any]:
    effect = "difference" if each.measure.is_share else "ratio"
    better = {True: "better", False: "worse", None: None}[each.is_better]
    return {
        "learned": each.learned,
        "control": each.control,
        effect: _estimate(each.effect),
        "learned_is": better,
    }


def _judged(judged: Judged) -> dict[str, Any]:
    return {"country": judged.country, "standing": judged.standing, "control_orders": judged.control}


def _estimate(found: Estimate | None) -> dict[str, float] | None:
    return None if found is None else vars(found)
