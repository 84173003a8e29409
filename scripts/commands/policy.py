"""`flask policy`: the values that hold, and for whom."""

import json
from collections.abc import Callable
from typing import Any, TypeVar

import click

from models.countries import SERVED
from models.sellers import Seller, Store
from models.unit_of_work import Session, unit_of_work
from scripts.opening import answer, json_option, opened
from scripts.refusing import as_sentences
from verification.accounts.finding import seller_of
from verification.intake.loading import store_of
from verification.policy.changing import Scope, clear_value, set_value, standing
from verification.policy.countries import source_of
from verification.policy.values import PolicyRefused

Command = TypeVar("Command", bound=Callable[..., Any])


def _whose(command: Command) -> Command:
    options = (
        click.option("--country", type=click.Choice(sorted(SERVED)), help="Buyers in this country."),
        click.option("--seller", help="An id or a slug."),
        click.option("--store", help="With --seller: the store's name."),
    )
    for option in reversed(options):
        command = option(command)
    return command


@click.group("policy")
def command() -> None:
    """The values that hold: the country's default, then what was set for a country, a seller, a store."""


@command.command("show")
@_whose
@json_option
def show(country: str | None, seller: str | None, store: str | None, as_json: bool) -> None:
    """Show every value for buyers in a country, by default the seller's, and where it comes from."""
    with opened() as house, as_sentences(), unit_of_work(house.engine) as session:
        owner, shop = _owner(session, seller, store)
        if country is None and owner is None:
            raise click.UsageError("say whose: --country or --seller")
        buyers = country or (owner.country if owner else "")
        found = standing(
            session, country=buyers, seller_id=owner.id if owner else None, store_id=shop.id if shop else None
        )
    told = [
        {
            "name": each.name,
            "value": each.value,
            "default": each.default,
            "origin": each.origin,
            "source": source_of(buyers, each.name),
            "legal_basis": each.legal_basis,
            "set_by": each.set_by_name or each.set_by,
            "set_at": each.set_at and each.set_at.isoformat(),
        }
        for each in found
    ]
    lines = [f"{each.name} = {json.dumps(each.value, ensure_ascii=False)}  ({each.origin})" for each in found]
    answer({"country": buyers, "values": told}, "\n".join(lines), as_json=as_json)


@command.command("set")
@click.argument("name")
@click.argument("value")
@_whose
@click.option("--legal-basis", help="What a seller's or a store's own hours rest upon.")
@json_option
def put(
    name: str,
    value: str,
    country: str | None,
    seller: str | None,
    store: str | None,
    legal_basis: str | None,
    as_json: bool,
) -> None:
    """Set the value NAME to VALUE, written as JSON: 40, true, '"soft"', '{"daily": ["10:00-20:00"]}'."""
    try:
        read = json.loads(value)
    except ValueError:
        raise click.BadParameter("is not JSON; a word needs quotes of its own: '\"soft\"'") from None
    with opened() as house, as_sentences(), unit_of_work(house.engine) as session:
        scope = _scope(session, country, seller, store)
        try:
            kept = set_value(
                session,
                scope=scope,
                name=name,
                value=read,
                legal_basis=legal_basis,
                actor="operator",
                now=house.now(),
            )
        except PolicyRefused as refused:
            raise click.ClickException(str(refused)) from None
    text = f"{name} = {json.dumps(kept, ensure_ascii=False)} from now on"
    answer({"name": name, "value": kept, "scope": scope.kind}, text, as_json=as_json)


@command.command("clear")
@click.argument("name")
@_whose
@json_option
def clear(name: str, country: str | None, seller: str | None, store: str | None, as_json: bool) -> None:
    """Let NAME follow the wider scope again."""
    with opened() as house, as_sentences(), unit_of_work(house.engine) as session:
        scope = _scope(session, country, seller, store)
        try:
            cleared = clear_value(session, scope=scope, name=name, actor="operator", now=house.now())
        except PolicyRefused as refused:
            raise click.ClickException(str(refused)) from None
    text = f"{name} follows the wider scope again" if cleared else f"{name} was not set there"
    answer({"name": name, "cleared": cleared}, text, as_json=as_json)


def _scope(session: Session, country: str | None, seller: str | None, store: str | None) -> Scope:
    if (country is None) == (seller is None):
        raise click.UsageError("say for whom: either --country, or --seller with or without --store")
    owner, shop = _owner(session, seller, store)
    if shop is not None:
        return Scope(store_id=shop.id)
    return Scope(country=country, seller_id=owner.id if owner else None)


def _owner(session: Session, seller: str | None, store: str | None) -> tuple[Seller | None, Store | None]:
    if seller is None:
        if store is not None:
            raise click.UsageError("--store needs --seller")
        return None, None
    owner = seller_of(session, seller)
    return owner, store_of(session, owner.id, store) if store is not None else None
