"""`scripts/bench`: how fast this machine does what matters, beside what it could do at best."""

import click

from scripts.benching import claiming, contacting, desk, hours, planning
from scripts.opening import answer, json_option


@click.group("bench")
def main() -> None:
    """Measure Takeed on this machine. Only ratios can be compared with those of another."""


@main.command("claim")
@click.option("--future", default=1_000_000, show_default=True, help="Steps that are not due yet.")
@click.option("--rounds", default=60, show_default=True, type=click.IntRange(1, 1000))
@click.option(
    "--items",
    default=25,
    show_default=True,
    type=click.IntRange(5, 1000),
    help="Steps of a worker in a round.",
)
@json_option
def claim(future: int, rounds: int, items: int, as_json: bool) -> None:
    """Claim a step and end it, in two transactions: with and without future steps, and in bare psycopg."""
    measured = claiming.measure(
        future=future, rounds=rounds, items=items, say=lambda text: click.echo(text, err=True)
    )
    answer(measured.as_json(), _claims(measured), as_json=as_json)


@main.command("desk")
@click.option("--seconds", default=30.0, show_default=True, type=click.FloatRange(1, 3600))
@click.option(
    "--working", default=20, show_default=True, type=click.IntRange(1, 1000), help="Agents who call."
)
@click.option(
    "--polling", default=200, show_default=True, type=click.IntRange(0, 5000), help="Desks that only ask."
)
@click.option(
    "--call-seconds",
    default=0.0,
    show_default=True,
    type=click.FloatRange(0, 60),
    help="How long a call lasts.",
)
@json_option
def at_the_desk(seconds: float, working: int, polling: int, call_seconds: float, as_json: bool) -> None:
    """Work off cases while other desks ask what is new, beside the same pages without a database."""
    measured = desk.measure(
        seconds=seconds,
        working=working,
        polling=polling,
        call_seconds=call_seconds,
        say=lambda text: click.echo(text, err=True),
    )
    answer(measured.as_json(), _desks(measured), as_json=as_json)


@main.command("contact")
@click.option(
    "--threads", default=4, show_default=True, type=click.IntRange(1, 64), help="Who wait for answers."
)
@click.option("--rounds", default=9, show_default=True, type=click.IntRange(1, 1000))
@click.option("--seconds", default=3.0, show_default=True, type=click.FloatRange(0.5, 600), help="A round.")
@click.option(
    "--bucket", default=10.0, show_default=True, type=click.FloatRange(0.5, 100), help="Calls a second."
)
@click.option("--bucket-seconds", default=30.0, show_default=True, type=click.FloatRange(5, 3600))
@json_option
def contact(
    threads: int, rounds: int, seconds: float, bucket: float, bucket_seconds: float, as_json: bool
) -> None:
    """Ring buyers through a double of Twilio, beside a bare loop; then with a limit on the sender."""
    measured = contacting.measure(
        threads=threads,
        rounds=rounds,
        seconds=seconds,
        bucket=bucket,
        bucket_seconds=bucket_seconds,
        say=lambda text: click.echo(text, err=True),
    )
    answer(measured.as_json(), _contacts(measured), as_json=as_json)


@main.command("hours")
@click.option("--points", default=1_000_000, show_default=True, type=click.IntRange(1, 10_000_000))
@json_option
def when_allowed(points: int, as_json: bool) -> None:
    """Say when contact points may be reached, beside a bare comparison of two instants."""
    measured = hours.measure(points=points, say=lambda text: click.echo(text, err=True))
    answer(measured.as_json(), _hours(measured), as_json=as_json)


@main.command("plan")
@click.option(
    "--buyers", default=1_000_000, show_default=True, type=click.IntRange(2, 100_000_000), help="To plan for."
)
@click.option("--alone", default=100, show_default=True, type=click.IntRange(1, 10_000), help="One by one.")
@json_option
def plan(buyers: int, alone: int, as_json: bool) -> None:
    """Weigh buyers and plan their contacts, beside the same arithmetic in bare numpy."""
    measured = planning.measure(buyers=buyers, alone=alone, say=lambda text: click.echo(text, err=True))
    answer(measured.as_json(), planning.told(measured), as_json=as_json)


def _contacts(measured: contacting.Measured) -> str:
    return "\n".join(
        (
            f"calls a second, {measured.threads} thread(s): takeed {measured.takeed:,.1f}, "
            f"bare {measured.bare:,.1f}, ratio {measured.ratio:.2f} (medians of {measured.rounds} rounds)",
            f"with {measured.bucket:g} a second allowed: {measured.bucketed:.3f}, "
            f"off by {measured.deviation:.2%}",
        )
    )


def _hours(measured: hours.Measured) -> str:
    return "\n".join(
        (
            f"{'':<20}{'a second':>12}{'ratio':>10}",
            f"{'as time goes by':<20}{measured.in_order:>12,.0f}{measured.ratio:>10.4f}",
            f"{'in no order':<20}{measured.in_no_order:>12,.0f}{measured.ratio_in_no_order:>10.4f}",
            f"{'bare comparisons':<20}{measured.compared:>12,.0f}",
            f"{measured.points:,} contact points, {measured.now:.0%} allowed at once; "
            f"{measured.days:,} local days worked out on the way",
        )
    )


def _desks(measured: desk.Measured) -> str:
    real, canned = measured.by_server["takeed"], measured.by_server["canned"]
    lines = [f"{'':<28}{'takeed':>12}{'canned':>12}{'ratio':>8}"]
    for name, value in real.items():
        ratio = f"{measured.ratios[name]:>8.2f}" if name in measured.ratios else ""
        lines.append(f"{name.replace('_', ' '):<28}{value:>12,.2f}{canned[name]:>12,.2f}{ratio}")
    lines.append(
        f"{measured.double_claims} double claims, {measured.lost_outcomes} lost outcomes; milliseconds"
    )
    lines += [f"{count} x {error}" for error, count in measured.errors.items()] or ["no errors"]
    return "\n".join(lines)


def _claims(measured: claiming.Measured) -> str:
    head = f"{'steps a second':<28}" + "".join(f"{f'{n} worker(s)':>14}" for n in measured.workers)
    lines = [head]
    for name, by_workers in measured.rates.items():
        lines.append(f"{name:<28}" + "".join(f"{by_workers[n]:>14,.0f}" for n in measured.workers))
    for name, by_workers in measured.ratios.items():
        lines.append(f"{name:<28}" + "".join(f"{by_workers[n]:>14.2f}" for n in measured.workers))
    lines.append(
        f"{measured.statements} statements and 2 commits for a step; medians of {measured.rounds} rounds"
    )
    return "\n".join(lines)


if __name__ == "__main__":
    main()
