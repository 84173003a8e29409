"""`flask buyer`: what is known of a person, handed over or erased."""

import json

import click

from models.countries import SERVED
from models.secrecy import Keyring
from models.unit_of_work import Session, unit_of_work
from scripts.opening import answer, json_option, opened
from scripts.refusing import as_sentences
from verification.privacy.erasing import erase_buyer
from verification.privacy.exporting import export_buyer
from verification.privacy.people import NobodyKnown, known_numbers, numbers_meant

country_option = click.option(
    "--country", type=click.Choice(sorted(SERVED)), help="Whose way of writing numbers the phone follows."
)


@click.group("buyer")
def command() -> None:
    """What is known of a person. PHONE is read as people type it."""


@command.command("export")
@click.argument("phone")
@country_option
@json_option
def export(phone: str, country: str | None, as_json: bool) -> None:
    """Print everything that is known of the person behind PHONE."""
    with opened() as house, as_sentences(), unit_of_work(house.engine) as session:
        found = export_buyer(session, _meant(session, phone, country, house.keys), house.keys)
    answer(found, json.dumps(found, ensure_ascii=False, indent=2), as_json=as_json)


@command.command("erase")
@click.argument("phone")
@country_option
@json_option
def erase(phone: str, country: str | None, as_json: bool) -> None:
    """Erase the person behind PHONE for good. Counts and the wish not to be contacted remain."""
    with opened() as house, as_sentences(), unit_of_work(house.engine) as session:
        number = _meant(session, phone, country, house.keys)
        counts = erase_buyer(session, number, house.keys, house.now())
    text = "\n".join(["Erased.", *(f"{name.replace('_', ' ')}: {count}" for name, count in counts.items())])
    answer(counts, text, as_json=as_json)


def _meant(session: Session, phone: str, country: str | None, keys: Keyring) -> str:
    """The one known number that a phone as typed can mean, in E.164."""
    numbers = numbers_meant(phone, country)
    if not numbers:
        raise click.ClickException("this is not a phone number that could be called")
    known = known_numbers(session, numbers, keys)
    if not known:
        raise NobodyKnown
    if len(known) > 1:
        raise click.ClickException(
            "this number belongs to people in several countries: add --country or write it with +"
        )
    return known[0]
