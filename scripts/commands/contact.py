"""`flask contact`: the real channels, tried by hand."""

import sys
import time
from collections.abc import Iterator
from typing import Any

import click

from channels.protocol import ContactChannel, Refused, Sent, Uncertain
from channels.registry import build_channels
from channels.twilio.account import Account, account_of
from channels.twilio.meanings import said_of
from models.phones import read_phones
from models.unit_of_work import unit_of_work
from models.vocabulary import Channel
from scripts.opening import Opened, answer, json_option, opened
from scripts.refusing import as_sentences
from scripts.trying import NoTrial, Whose, prepare
from verification.accounts.finding import seller_of
from verification.silences import wants_silence

WAIT_SECONDS, EVERY_SECONDS = 30, 2

_CHANNELS = [each.value for each in (Channel.whatsapp, Channel.sms, Channel.ivr)]


@click.group("contact")
def command() -> None:
    """The real channels, tried by hand."""


@command.command("try")
@click.option("--to", required=True, help="The phone to reach, E.164 (+966…): your own, not a buyer's.")
@click.option("--channel", type=click.Choice(_CHANNELS), required=True)
@click.option("--language", default="ar", show_default=True)
@click.option("--seller", help="With this seller's senders and texts: an id or a slug.")
@click.option("--despite-opt-out", is_flag=True, help="Also where the phone asked for silence.")
@click.option("--yes", is_flag=True, help="Do not ask first.")
@click.option("--no-wait", is_flag=True, help=f"Do not watch for {WAIT_SECONDS} seconds what becomes of it.")
@json_option
def attempt(
    to: str,
    channel: str,
    language: str,
    seller: str | None,
    despite_opt_out: bool,
    yes: bool,
    no_wait: bool,
    as_json: bool,
) -> None:
    """Send one test message, or make one test call, as a buyer would get it; about no order, at any hour."""
    with opened() as house, as_sentences():
        account = account_of(house.settings)
        if account is None:
            raise click.ClickException(
                "this is the sandbox, where nobody is contacted: set TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN"
            )
        by = Channel(channel)
        phone, country = _phone(to)
        if not despite_opt_out:
            _heed_silence(house, phone, by)
        if not yes:
            cost = "rings this phone" if by.is_call else "writes to this phone"
            click.confirm(f"This {cost} and costs money. Go on?", abort=True, err=True)
        try:
            contact = prepare(
                house.engine,
                phone=phone,
                country=country,
                channel=by,
                language=language,
                whose=_whose(house, seller),
                link=house.settings.page_at("try"),
                now=house.now(),
            )
        except NoTrial as no:
            raise click.ClickException(str(no)) from None
        channels = build_channels(house.engine, world=house.settings.world, seed=0, account=account)
        sent = _send(channels[by], contact, by)
    sender = contact.sender.address if contact.sender else ""
    told = {"channel": by.value, "sender": sender, "provider_id": sent.provider_id}
    if not as_json:
        what = "call" if by.is_call else "message"
        click.echo(f"The {what} went out from {sender}; {sent.provider_id} is Twilio's id.")
        if contact.wording is not None:
            click.echo(contact.wording.text)
    statuses = [] if no_wait else list(_watch(account, by, sent.provider_id, quiet=as_json))
    if as_json:
        answer({**told, "statuses": statuses}, "", as_json=True)
    sys.exit(1 if statuses and statuses[-1]["failed"] else 0)


def _phone(text: str) -> tuple[str, str]:
    found = read_phones(text, country="ZZ") if text.startswith(("+", "00")) else None
    if found is None or len(found.numbers) != 1:
        raise click.ClickException(
            "--to is not one phone number of a country that is served, such as +966551234567"
        )
    [number] = found.numbers
    return number.e164, number.country


def _heed_silence(house: Opened, phone: str, by: Channel) -> None:
    with unit_of_work(house.engine) as session:
        if wants_silence(session, house.keys.phone_hash(phone), by):
            raise click.ClickException(
                f"this phone opted out of {by}: its owner wants nothing more from us there. If it is yours, "
                "--despite-opt-out contacts it all the same"
            )


def _whose(house: Opened, name: str | None) -> Whose:
    if name is None:
        return Whose(None, "Takeed")
    with unit_of_work(house.engine) as session:
        seller = seller_of(session, name)
        return Whose(seller.id, seller.name)


def _send(channel: ContactChannel, contact: Any, by: Channel) -> Sent:
    try:
        return channel.send(contact)
    except Refused as no:
        raise click.ClickException(f"Twilio did not take it: {_said(by, no.code)}") from None
    except Uncertain as doubt:
        found = _found(channel, contact)
        if found is None:
            raise click.ClickException(
                f"no answer came ({doubt.code}), and Twilio knows of no such contact; it may still go out"
            ) from None
        return found


def _found(channel: ContactChannel, contact: Any) -> Sent | None:
    try:
        return channel.find(contact, known=())
    except Uncertain:
        return None


def _watch(account: Account, by: Channel, provider_id: str, *, quiet: bool) -> Iterator[dict[str, Any]]:
    """Each status that is new, for up to half a minute."""
    # Here, because the provider's library takes a while to read.
    from channels.twilio.following import status_of

    last = None
    for _ in range(0, WAIT_SECONDS, EVERY_SECONDS):
        time.sleep(EVERY_SECONDS)
        try:
            status = status_of(account, by, provider_id)
        except (Refused, Uncertain) as trouble:
            if not quiet:
                click.echo(f"its status cannot be read: {trouble.code}", err=True)
            continue
        if status != last:
            last = status
            if not quiet:
                click.echo(f"{status.word}{f' ({_said(by, status.code)})' if status.code else ''}")
            yield {"status": status.word, "code": status.code, "failed": status.has_failed}
        if status.is_last:
            return
    if not quiet:
        click.echo("Nothing more for now; the provider's console shows how it goes on.")


def _said(channel: Channel, code: str) -> str:
    said = said_of(channel, code)
    return f"{code}, {said}" if said else code
