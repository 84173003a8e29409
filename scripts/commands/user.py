"""`flask user`: the people who sign in."""

import sys

import click

from models.unit_of_work import unit_of_work
from models.vocabulary import Role
from scripts.opening import answer, json_option, opened
from scripts.refusing import as_sentences
from verification.accounts.finding import seller_of
from verification.accounts.users import create_user


@click.group("user")
def command() -> None:
    """The people who sign in."""


@command.command("create")
@click.argument("email")
@click.option("--name", required=True, help="As colleagues see it.")
@click.option("--role", required=True, type=click.Choice([role.value for role in Role]))
@click.option("--seller", help="For the role seller: whose orders the user sees, an id or a slug.")
@click.option("--language", default="en", show_default=True, help="Of the pages.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
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
    if password_stdin:
        password = sys.stdin.readline().rstrip("\r\n")
    else:
        password = click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
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
