"""`flask user`: the people who sign in."""

import sys
from collections.abc import Callable

import click

from models.unit_of_work import Session, unit_of_work
from models.users import User
from models.vocabulary import Role
from scripts.opening import Opened, answer, json_option, opened
from scripts.refusing import as_sentences
from verification.accounts.changing_users import change_password, disable_user, enable_user
from verification.accounts.finding import seller_of
from verification.accounts.phones import set_phone
from verification.accounts.users import create_user

_password_option = click.option(
    "--password-stdin", is_flag=True, help="Read the password from standard input."
)


@click.group("user")
def command() -> None:
    """The people who sign in."""


@command.command("create")
@click.argument("email")
@click.option("--name", required=True, help="As colleagues see it.")
@click.option("--role", required=True, type=click.Choice([role.value for role in Role]))
@click.option("--seller", help="For the role seller: whose orders the user sees, an id or a slug.")
@click.option("--language", default="en", show_default=True, help="Of the pages.")
@_password_option
@json_option
def create(
    email: str,
    name: str,
    role: str,
    seller: str | None,
    language: str,
    password_stdin: bool,
    as_json: bool,
) -> None:
    """Make a user."""
    if (role == Role.seller.value) != (seller is not None):
        raise click.UsageError("--seller is for users of the role seller, who need it")
    password = _password(password_stdin)
    with opened() as house, as_sentences(), unit_of_work(house.engine) as session:
        made = create_user(
            session,
            email=email,
            name=name,
            role=Role(role),
            password=password,
            now=house.now(),
            seller_id=seller_of(session, seller).id if seller else None,
            language=language,
        )
        found = {"id": str(made.id), "email": made.email, "name": made.name, "role": role}
    answer(found, f"{role.capitalize()} {made.email} ({made.id})", as_json=as_json)


@command.command("disable")
@click.argument("email")
@json_option
def disable(email: str, as_json: bool) -> None:
    """Let a user in no more; pages that are open end at once."""
    _change(lambda session, house: disable_user(session, email, now=house.now()), "disabled", as_json)


@command.command("enable")
@click.argument("email")
@json_option
def enable(email: str, as_json: bool) -> None:
    """Let a disabled user sign in again."""
    _change(lambda session, house: enable_user(session, email), "enabled", as_json)


@command.command("password")
@click.argument("email")
@_password_option
@json_option
def password(email: str, password_stdin: bool, as_json: bool) -> None:
    """Give a user another password; every device has to sign in anew."""
    new = _password(password_stdin)
    _change(lambda session, house: change_password(session, email, new), "has another password", as_json)


@command.command("phone")
@click.argument("email")
@click.argument("number", required=False)
@click.option("--none", "no_phone", is_flag=True, help="No phone any more.")
@json_option
def phone(email: str, number: str | None, no_phone: bool, as_json: bool) -> None:
    """Keep the phone that is rung first when a provider connects this user's calls."""
    if (number is None) != no_phone:
        raise click.UsageError("give either a NUMBER or --none")

    def change(session: Session, house: Opened) -> User:
        zone = house.settings.time_zone
        return set_phone(session, email, number, zone=zone, actor="operator", now=house.now())

    _change(change, "has no phone" if no_phone else "has another phone", as_json)


def _password(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    typed: str = click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    return typed


def _change(change: Callable[[Session, Opened], User], what: str, as_json: bool) -> None:
    with opened() as house, as_sentences(), unit_of_work(house.engine) as session:
        user = change(session, house)
        found = {"id": str(user.id), "email": user.email, "enabled": user.disabled_at is None}
    answer(found, f"{user.email} ({user.id}) {what}", as_json=as_json)
