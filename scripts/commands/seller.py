"""`flask seller`: sellers, their keys, and where their events go."""

import click

from models.unit_of_work import unit_of_work
from scripts.opening import answer, json_option, opened
from scripts.refusing import as_sentences
from storefronts.endpoint import check_url
from verification.accounts.finding import seller_of
from verification.accounts.rotating import rotate_key
from verification.accounts.sellers import create_seller
from verification.accounts.stores import DEFAULT_STORE, rotate_event_secret
from verification.intake.loading import store_of
from verification.telling.replaying import enable_endpoint

store_option = click.option("--store", default=DEFAULT_STORE, show_default=True, help="The store's name.")


@click.group("seller")
def command() -> None:
    """Sellers: whose orders are verified here. SELLER is an id or a slug."""


@command.command("create")
@click.argument("name")
@click.option("--country", required=True, help="ISO 3166-1, such as SA.")
@click.option("--webhook-url", help="Where the events of the default store go.")
@json_option
def create(name: str, country: str, webhook_url: str | None, as_json: bool) -> None:
    """Make a seller with the store `default`; its secrets are shown this once."""
    with opened() as house, as_sentences(), unit_of_work(house.engine) as session:
        made = create_seller(
            session,
            name,
            country,
            webhook_url,
            keys=house.keys,
            now=house.now(),
            allow_private=house.settings.webhook_allow_private,
        )
        found = {
            "id": str(made.seller.id),
            "slug": made.seller.slug,
            "api_key": made.api_key,
            "webhook_secret": made.webhook_secret,
        }
    text = (
        f"Seller {found['slug']} ({found['id']})\n"
        f"API key         {found['api_key']}\n"
        f"Webhook secret  {found['webhook_secret']}\n"
        "Keep both: they are not shown again."
    )
    answer(found, text, as_json=as_json)


@command.command("rotate-key")
@click.argument("seller")
@click.option("--keep-old", is_flag=True, help="Let the old keys work until the next rotation.")
@json_option
def rotate(seller: str, keep_old: bool, as_json: bool) -> None:
    """Issue a new API key and end the old ones."""
    with opened() as house, as_sentences(), unit_of_work(house.engine) as session:
        owner = seller_of(session, seller)
        key, ended = rotate_key(session, owner, keep_old=keep_old, now=house.now())
        found = {"id": str(owner.id), "slug": owner.slug, "api_key": key, "ended": ended}
    text = f"API key  {key}\nIt is not shown again. Old keys ended: {ended}"
    answer(found, text, as_json=as_json)


@command.command("rotate-secret")
@click.argument("seller")
@store_option
@json_option
def rotate_secret(seller: str, store: str, as_json: bool) -> None:
    """Issue a new webhook secret; the one before it signs too, until the next rotation."""
    with opened() as house, as_sentences(), unit_of_work(house.engine) as session:
        shop = store_of(session, seller_of(session, seller).id, store)
        secret = rotate_event_secret(session, shop, keys=house.keys)
    text = f"Webhook secret  {secret}\nIt is not shown again."
    answer({"store": store, "webhook_secret": secret}, text, as_json=as_json)


@command.command("webhook")
@click.argument("seller")
@click.argument("url")
@store_option
@json_option
def webhook(seller: str, url: str, store: str, as_json: bool) -> None:
    """Send the events of a store to URL, those too that waited for one."""
    with opened() as house, as_sentences(), unit_of_work(house.engine) as session:
        shop = store_of(session, seller_of(session, seller).id, store)
        check_url(url, allow_private=house.settings.webhook_allow_private)
        waited = enable_endpoint(session, shop, url, actor="operator", now=house.now())
    text = f"Events of the store {store} go to this URL now. Events that waited for it: {waited}"
    answer({"store": store, "url": url, "waited": waited}, text, as_json=as_json)
