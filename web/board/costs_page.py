"""What contacts cost: a table for each way of looking at it."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from babel.numbers import format_decimal
from flask import abort, request
from flask.typing import ResponseReturnValue

from models.unit_of_work import Session
from models.vocabulary import Channel
from verification.costs import Line, Verdicts, read_costs
from verification.policy.owners import find_owner, list_sellers
from web.access import Visit
from web.formats import house_zone
from web.language import page_language
from web.pages import render_page

_WEEK = timedelta(days=6)
_EARLIEST = date(2020, 1, 1)


def show_costs(visit: Visit, session: Session) -> ResponseReturnValue:
    """What the contacts of some days cost; the last week when the address names none."""
    zone = ZoneInfo(house_zone())
    today = visit.now.astimezone(zone).date()
    last = _day("until") or today
    first = _day("since") or last - _WEEK
    first, last = min(first, last), max(first, last)
    slug = request.args.get("seller", "")
    owner = find_owner(session, slug) if slug else None
    if slug and owner is None:
        abort(404)
    sellers = list_sellers(session)
    costs = read_costs(
        session,
        since=_midnight(first, zone),
        until=_midnight(last + timedelta(days=1), zone),
        seller_id=owner.id if owner else None,
    )
    return render_page(
        "board_costs.html",
        costs=costs,
        first=first,
        last=last,
        today=today,
        slug=slug,
        sellers=sellers,
        seller_names=dict(sellers),
        channel_of=Channel,
        dollars=dollars,
        share=share,
    )


def dollars(cost: Decimal | None) -> str:
    """ "1,204.50", "0.0140"; a dash when there is nothing to tell."""
    if cost is None:
        return "–"
    pattern = "#,##0.00" if cost >= 1 else "0.0000"
    return format_decimal(cost, format=pattern, locale=page_language())


def share(each: Line | Verdicts, among: Iterable[Line | Verdicts]) -> int:
    """How long a line's bar is, of 100 for the dearest."""
    most = max((one.cost for one in among), default=Decimal(0))
    return int(100 * each.cost / most) if most else 0


def _day(name: str) -> date | None:
    given = request.args.get(name)
    if not given:
        return None
    try:
        day = date.fromisoformat(given)
    except ValueError:
        abort(404)
    if not _EARLIEST <= day <= date(2100, 1, 1):
        abort(404)
    return day


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)
