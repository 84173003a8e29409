"""`flask store`: the shops of a seller."""

import click

from models.unit_of_work import unit_of_work
from scripts.opening import answer, json_option, opened
from scripts.refusing import as_sentences
from verification.accounts.finding import seller_of
from verification.accounts.stores import add_store


@click.group("store")
def command() -> None:
    """The shops of a seller."""


@command.command("add")
@click.argument("seller")
@click.argument("name")
@click.option("--platform", required=True, help="What the shop runs on, such as shopify, salla or api.")
@click.option("--country", help="ISO 3166-1; the seller's when left out.")
@click.option("--time-zone", help="IANA name; the country's when left out.")
@click.option("--display-name", help="The name that its buyers know; the seller's when left out.")
@click.option("--webhook-url", help="Where its events go.")
@json_option
def add(
    seller: str,
    name: str,
    platform: str,
    country: str | None,
    time_zone: str | None,
    display_name: str | None,
    webhook_url: str | None,
    as_json: bool,
) -> None:
    """Add the store NAME to SELLER (an id or a slug); its secrets are shown this once."""
    with opened() as house, as_sentences(), unit_of_work(house.engine) as session:
        owner = seller_of(session, seller)
        made = add_store(
            session,
            owner,
            name,
            keys=house.keys,
            now=house.now(),
            display_name=display_name,
            platform=platform,
            country=country,
            time_zone=time_zone,
            event_url=webhook_url,
            allow_private=house.settings.webhook_allow_private,
        )
        found = {
            "id": str(made.store.id),
            "seller_id": str(owner.id),
            "name": made.store.name,
            "platform": platform,
            "country": made.store.country,
            "time_zone": made.store.time_zone,
            "webhook_secret": made.webhook_secret,
            "hook_token": made.hook_token,
            "hook_url": f"{house.settings.public_url}/storefronts/{platform}/{made.hook_token}",
        }
    text = (
        f"Store {found['name']} of {seller} ({found['id']})\n"
        f"Orders come in at  {found['hook_url']}\n"
        f"Webhook secret     {found['webhook_secret']}\n"
        "Keep both: they are not shown again."
    )
    answer(found, text, as_json=as_json)
