"""`flask costs`: what contacts cost."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import click

from models.unit_of_work import unit_of_work
from scripts.opening import answer, json_option, opened
from scripts.refusing import as_sentences
from verification.accounts.finding import seller_of
from verification.costs import Costs, Line, read_costs

_WEEK = timedelta(days=6)
_day = click.DateTime(["%Y-%m-%d"])


@click.command("costs")
@click.option("--since", type=_day, help="The first day; by default a week up to the last one.")
@click.option("--until", type=_day, help="The last day; by default today.")
@click.option("--seller", help="Of this seller alone: an id or a slug.")
@json_option
def command(since: datetime | None, until: datetime | None, seller: str | None, as_json: bool) -> None:
    """What contacts cost by channel, seller and decision, in US dollars; days are the call centre's."""
    with opened() as house, as_sentences(), unit_of_work(house.engine) as session:
        zone = ZoneInfo(house.settings.time_zone)
        last = until.date() if until else house.now().astimezone(zone).date()
        first = since.date() if since else last - _WEEK
        if last < first:
            raise click.UsageError("--since is after --until")
        costs = read_costs(
            session,
            since=_midnight(first, zone),
            until=_midnight(last + timedelta(days=1), zone),
            seller_id=seller_of(session, seller).id if seller else None,
        )
    text = "\n".join(_lines(costs, first, last))
    answer({"since": first, "until": last, **_told(costs)}, text, as_json=as_json)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)


def _told(costs: Costs) -> dict[str, Any]:
    return {
        "all": _line(costs.all),
        "channels": {each.name: _line(each) for each in costs.channels},
        "sellers": {each.name: _line(each) for each in costs.sellers},
        "verdicts": {
            each.verdict or "open": {
                "orders": each.orders,
                "cost": _plain(each.cost),
                "per_order": _plain(each.each),
            }
            for each in costs.verdicts
        },
    }


def _line(line: Line) -> dict[str, Any]:
    return {
        "contacts": line.contacts,
        "cost": _plain(line.cost),
        "unknown": line.unknown,
        "confirmed": line.confirmed,
        "per_confirmed": _plain(line.per_confirmed),
    }


def _lines(costs: Costs, first: date, last: date) -> Iterator[str]:
    yield f"{first} to {last}, US dollars"
    yield _row("all", costs.all)
    for title, lines in (("by channel", costs.channels), ("by seller", costs.sellers)):
        yield title
        yield from (_row(each.name, each) for each in lines)
    yield "by decision"
    for each in costs.verdicts:
        about = f"{each.orders} orders, {_plain(each.each)} each"
        yield f"  {each.verdict or 'open':20}{_plain(each.cost):>12}  {about}"


def _row(name: str, line: Line) -> str:
    parts = [f"{line.contacts} contacts"]
    if line.confirmed:
        parts.append(f"{line.confirmed} confirmed, {_plain(line.per_confirmed)} for each")
    if line.unknown:
        parts.append(f"the price of {line.unknown} is still to come")
    return f"  {name:20}{_plain(line.cost):>12}  {'; '.join(parts)}"


def _plain(cost: Decimal | None) -> str | None:
    return None if cost is None else f"{cost:.4f}"
