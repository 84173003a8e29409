"""`scripts/bench`: how fast this machine does what matters, beside what it could do at best."""

import click

from scripts.benching.claiming import Measured, measure
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
    measured = measure(future=future, rounds=rounds, items=items, say=lambda text: click.echo(text, err=True))
    answer(measured.as_json(), _table(measured), as_json=as_json)


def _table(measured: Measured) -> str:
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
