"""`flask calendar`: what is set against the computed calendar."""

from datetime import UTC, date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import click

from models.countries import SERVED
from models.unit_of_work import unit_of_work
from scripts.opening import answer, json_option, opened
from verification.hours.calendar import Occasion, Override
from verification.policy.calendars import CalendarRefused, add_override, list_overrides, remove_override
from verification.refusals import NotFound

_REFUSED = {
    "missing": "is missing",
    "unknown": "is none that we know in this country",
    "backwards": "lies before the beginning",
    "too_long": "is too long",
    "over": "has passed already",
    "too_far": "is more than 2 years ahead",
    "far_from_computed": "is more than 3 days from the computed day",
    "already_set": "stands already: remove that one first",
}
_OPTIONS = {"first_on": "--from", "begins_at": "--from", "last_on": "--until", "ends_at": "--until"}

country_choice = click.Choice(sorted(SERVED))


@click.group("calendar")
def command() -> None:
    """What is set against the computed calendar: sightings of the moon, holidays, storms."""


@command.command("list")
@click.option("--country", type=country_choice, help="All countries when left out.")
@json_option
def listing(country: str | None, as_json: bool) -> None:
    """Show what stands."""
    with opened() as house, unit_of_work(house.engine) as session:
        kept = list_overrides(session, country)
    told = [
        {
            "id": str(each.id),
            **{name: _told(getattr(each.override, name)) for name in Override.__slots__},
            "why": each.why,
            "set_by": each.set_by_name or each.set_by,
            "set_at": each.set_at.isoformat(),
        }
        for each in kept
    ]
    lines = [f"{each.id}  {_line(each.override)}  {each.why}" for each in kept]
    answer({"overrides": told}, "\n".join(lines) or "nothing is set", as_json=as_json)


@command.command("add")
@click.argument("occasion", type=click.Choice([each.value for each in Occasion]))
@click.option("--country", required=True, type=country_choice)
@click.option("--place", help="One city of the country, as its code: SA/riyadh.")
@click.option(
    "--from", "begins", required=True, help="A day, 2027-02-09; for shut an instant, local or +03:00."
)
@click.option("--until", "ends", help="The last day; for shut the instant at which it ends.")
@click.option("--why", required=True, help="Who announced it, and where.")
@json_option
def add(
    occasion: str, country: str, place: str | None, begins: str, ends: str | None, why: str, as_json: bool
) -> None:
    """Set OCCASION: the moon's three begin on a day, holidays last for days, shut forbids all contact."""
    kind = Occasion(occasion)
    if kind is Occasion.shut:
        zone = ZoneInfo(SERVED[country].time_zone)
        override = Override(
            country,
            kind,
            place,
            begins_at=_instant(begins, "--from", zone),
            ends_at=_instant(ends, "--until", zone) if ends else None,
        )
    else:
        last = _day(ends, "--until") if ends else None
        override = Override(country, kind, place, first_on=_day(begins, "--from"), last_on=last)
    with opened() as house, unit_of_work(house.engine) as session:
        try:
            made = add_override(session, override, why=why, actor="operator", now=house.now())
        except CalendarRefused as refused:
            field = _OPTIONS.get(refused.field, refused.field)
            raise click.ClickException(f"{field} {_REFUSED[refused.code]}") from None
    answer({"id": str(made)}, f"{_line(override)} ({made})", as_json=as_json)


@command.command("remove")
@click.argument("override_id", type=click.UUID, metavar="ID")
@json_option
def remove(override_id: UUID, as_json: bool) -> None:
    """Let the computed calendar hold again."""
    with opened() as house, unit_of_work(house.engine) as session:
        try:
            gone = remove_override(session, override_id, actor="operator", now=house.now())
        except NotFound:
            raise click.ClickException("nothing with this id stands") from None
    answer({"removed": str(override_id)}, f"Removed: {_line(gone)}", as_json=as_json)


def _told(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


def _line(override: Override) -> str:
    where = override.place or override.country
    begins, ends = override.first_on or override.begins_at, override.last_on or override.ends_at
    return f"{where}  {override.occasion}  {begins}" + (f" to {ends}" if ends else "")


def _day(text: str, option: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise click.BadParameter("must be a day, such as 2027-02-09", param_hint=option) from None


def _instant(text: str, option: str, zone: ZoneInfo) -> datetime:
    try:
        instant = datetime.fromisoformat(text)
        return (instant if instant.tzinfo else instant.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise click.BadParameter("must be an instant, such as 2027-02-09T14:00", param_hint=option) from None
