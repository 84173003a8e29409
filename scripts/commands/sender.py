"""`flask sender`: the addresses that messages and calls come from."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

import click

from models.countries import SERVED
from models.senders import Sender
from models.unit_of_work import unit_of_work
from models.vocabulary import SenderKind
from scripts.opening import answer, json_option, opened
from scripts.refusing import as_sentences
from verification.accounts.finding import seller_of
from verification.routing.outages import outages
from verification.routing.route import Candidate, Routed, route
from verification.routing.stored import (
    KnownSender,
    SenderRefused,
    add_sender,
    list_senders,
    remove_sender,
    set_sender,
)
from verification.routing.taking import candidates

_REFUSED = {
    "address_malformed": "the address does not fit the kind: a number such as +966500000000; for sms also "
    "letters and digits (11 at most, one a letter), a short code or a messaging service (MG…)",
    "trunk_malformed": "a trunk is BY and 32 hexadecimal digits",
    "trunk_not_for_kind": "only voice senders leave by a trunk",
    "unknown_country": "the country is not one of those that are served",
    "weight_out_of_range": "the weight is not from 0 to 100",
    "rate_out_of_range": "the rate is not from 0.001 to 1,000 a second",
    "sender_taken": "this address is already there for the same kind, seller and country",
    "sender_missing": "there is no sender with this id or address",
    "sender_ambiguous": "several senders have this address: name the one by its id",
}
_WHY = {
    "chosen": "may be used, and takes its share of the buyers",
    "outweighed": "may be used, and takes its share of the buyers",
    "wider": "may be used, but another is nearer to this seller and country",
    "no_slot": "busy: its rate allows no contact at this moment",
    "resting": "rests after failures",
    "switched_off": "switched off: its weight is 0",
    "other_country": "is for another country",
    "other_seller": "is for another seller",
    "other_kind": "is of another kind",
}


class _Rate(click.ParamType[Decimal]):
    name = "rate"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Decimal:
        try:
            return Decimal(value)
        except InvalidOperation:
            self.fail("is not a number", param, ctx)


_kind = click.Choice([kind.value for kind in SenderKind])
_country = click.Choice(sorted(SERVED), case_sensitive=False)


@contextmanager
def _in_words() -> Iterator[None]:
    with as_sentences():
        try:
            yield
        except SenderRefused as refused:
            raise click.ClickException(_REFUSED[refused.code]) from None


@click.group("sender")
def command() -> None:
    """The addresses that messages and calls come from: for all sellers or one, for all countries or one."""


@command.command("add")
@click.option("--kind", type=_kind, required=True)
@click.option("--address", required=True, help="E.164; for sms also a sender id.")
@click.option("--seller", help="For this seller's buyers alone: an id or a slug.")
@click.option("--country", type=_country, help="For buyers in this country alone.")
@click.option(
    "--weight", type=int, default=100, show_default=True, help="Its share among its like, 0 is off."
)
@click.option(
    "--per-second", type=_Rate(), default="1", show_default=True, help="Contacts a second, at most."
)
@click.option("--trunk", help="The BYOC trunk that its calls leave by (BY…).")
@json_option
def add(
    kind: str,
    address: str,
    seller: str | None,
    country: str | None,
    weight: int,
    per_second: Decimal,
    trunk: str | None,
    as_json: bool,
) -> None:
    """Add a sender."""
    with opened() as house, _in_words(), unit_of_work(house.engine) as session:
        made = add_sender(
            session,
            kind=SenderKind(kind),
            address=address,
            seller_id=seller_of(session, seller).id if seller else None,
            country=country,
            trunk=trunk,
            weight=weight,
            per_second=per_second,
            actor="operator",
            now=house.now(),
        )
        _tell(made, f"{made.kind} sender {made.address} added ({made.id})", as_json)


@command.command("list")
@json_option
def show(as_json: bool) -> None:
    """List all senders and how well each works."""
    with opened() as house, unit_of_work(house.engine) as session:
        found = list_senders(session, house.now())
        out = outages(session)
    lines = [_line(one) for one in found] or ["no senders yet: flask sender add --help"]
    lines += [f"{one.provider} is out since {_time(one.since)}" for one in out]
    answer(
        {
            "senders": [_told(one) for one in found],
            "outages": [{"provider": one.provider, "since": one.since, "code": one.code} for one in out],
        },
        "\n".join(lines),
        as_json=as_json,
    )


@command.command("set")
@click.argument("sender")
@click.option("--weight", type=int, help="Its share among its like, 0 is off.")
@click.option("--per-second", type=_Rate(), help="Contacts a second, at most.")
@click.option("--trunk", help="The BYOC trunk that its calls leave by; empty for none.")
@json_option
def put(
    sender: str, weight: int | None, per_second: Decimal | None, trunk: str | None, as_json: bool
) -> None:
    """Change SENDER (an id or an address)."""
    if (weight, per_second, trunk) == (None, None, None):
        raise click.UsageError("say what to change: --weight, --per-second or --trunk")
    with opened() as house, _in_words(), unit_of_work(house.engine) as session:
        kept = set_sender(
            session,
            sender,
            weight=weight,
            per_second=per_second,
            trunk=trunk,
            actor="operator",
            now=house.now(),
        )
        _tell(kept, f"{kept.address}: weight {kept.weight}, {kept.per_second.normalize():f}/s", as_json)


@command.command("remove")
@click.argument("sender")
@json_option
def remove(sender: str, as_json: bool) -> None:
    """Have SENDER (an id or an address) make no more contacts."""
    with opened() as house, _in_words(), unit_of_work(house.engine) as session:
        gone = remove_sender(session, sender, actor="operator", now=house.now())
        _tell(gone, f"{gone.kind} sender {gone.address} removed", as_json)


@command.command("explain")
@click.option("--kind", type=_kind, required=True)
@click.option("--country", type=_country, required=True)
@click.option("--seller", help="An id or a slug.")
@json_option
def explain(kind: str, country: str, seller: str | None, as_json: bool) -> None:
    """Say which senders would serve a contact now, and why the others would not."""
    with opened() as house, _in_words(), unit_of_work(house.engine) as session:
        now = house.now()
        owner = seller_of(session, seller).id if seller else None
        known = candidates(session, None, now)
        out = outages(session)
    found = route(known, kind=SenderKind(kind), seller_id=owner, country=country, key="", now=now)
    told = [
        _considered(each, code, found, known) for each, (_, code) in zip(known, found.considered, strict=True)
    ]
    lines = [
        f"{each['address']}: {_WHY[each['code']]}" + (f" ({each['share']} %)" if each["share"] else "")
        for each in told
        if each["code"] != "other_kind"
    ]
    if found.sender is None:
        waits = f"contacts wait until {_time(found.until)}" if found.until else "there is no sender for these"
        lines.append(waits)
    lines += [f"{one.provider} is out, tried again at {_time(one.retry_at)}" for one in out]
    answer({"senders": told, "until": found.until}, "\n".join(lines), as_json=as_json)


def _considered(each: Candidate, code: str, found: Routed, known: list[Candidate]) -> dict[str, Any]:
    like = {one for one, word in found.considered if word in ("chosen", "outweighed")}
    whole = sum(one.share for one in known if one.id in like)
    share = round(100 * each.share / whole) if each.id in like else 0
    return {"id": str(each.id), "address": each.address, "code": code, "share": share}


def _tell(sender: Sender, text: str, as_json: bool) -> None:
    found = {
        "id": str(sender.id),
        "kind": sender.kind.value,
        "address": sender.address,
        "country": sender.country,
        "trunk": sender.trunk,
        "weight": sender.weight,
        "per_second": float(sender.per_second),
    }
    answer(found, text, as_json=as_json)


def _told(one: KnownSender) -> dict[str, Any]:
    return {
        "id": str(one.id),
        "kind": one.kind.value,
        "address": one.address,
        "seller": one.seller,
        "country": one.country,
        "trunk": one.trunk,
        "weight": one.weight,
        "standing": one.standing,
        "per_second": float(one.per_second),
        "resting_until": one.resting_until,
    }


def _line(one: KnownSender) -> str:
    whose = " ".join((one.seller or "all sellers", one.country or "all countries"))
    rests = f", rests until {_time(one.resting_until)}" if one.resting_until else ""
    trunk = f", by {one.trunk}" if one.trunk else ""
    return (
        f"{one.kind.value:9}{one.address:24}{whose}, weight {one.weight}, standing {one.standing}, "
        f"{one.per_second.normalize():f}/s{trunk}{rests}  {one.id}"
    )


def _time(at: datetime | None) -> str:
    return at.strftime("%Y-%m-%d %H:%M:%S UTC") if at else "once"
