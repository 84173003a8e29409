"""`flask outbox`: the events on their way to sellers."""

from datetime import datetime
from uuid import UUID

import click

from models.unit_of_work import Session, unit_of_work
from models.vocabulary import DeliveryState
from scripts.opening import answer, json_option, opened
from scripts.refusing import as_sentences
from verification.accounts.finding import seller_of, store_ids
from verification.intake.loading import store_of
from verification.telling.outstanding import list_events
from verification.telling.replaying import replay

_UNSENT = (DeliveryState.pending, DeliveryState.failed, DeliveryState.disabled)

seller_option = click.option("--seller", help="An id or a slug; every seller when left out.")
store_option = click.option("--store", help="With --seller: the store's name.")


@click.group("outbox")
def command() -> None:
    """The events on their way to sellers."""


@command.command("list")
@seller_option
@store_option
@click.option(
    "--state",
    "states",
    multiple=True,
    type=click.Choice([state.value for state in DeliveryState]),
    help="May be repeated; what was not delivered when left out.",
)
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 10_000))
@json_option
def listing(
    seller: str | None, store: str | None, states: tuple[str, ...], limit: int, as_json: bool
) -> None:
    """Show events, newest first, with what the last try met."""
    wanted = [DeliveryState(state) for state in states] or _UNSENT
    with opened() as house, as_sentences(), unit_of_work(house.engine) as session:
        shops = _stores(session, seller, store)
        events = list_events(session, states=wanted, store_ids=shops, limit=limit)
    lines = [
        f"{each['id']}  {each['seller']}/{each['store']}  {each['type']}  {each['state']}"
        f"  tries {each['tries']}  last {each['last_status'] or each['last_error'] or '-'}"
        for each in events
    ]
    answer({"events": events}, "\n".join(lines) or "no events", as_json=as_json)


@command.command("replay")
@click.argument("ids", nargs=-1, type=click.UUID)
@seller_option
@store_option
@click.option("--since", help="Events written at or after this ISO 8601 instant with offset.")
@click.option("--failed", is_flag=True, help="Only events that were given up.")
@json_option
def again(
    ids: tuple[UUID, ...],
    seller: str | None,
    store: str | None,
    since: str | None,
    failed: bool,
    as_json: bool,
) -> None:
    """Send events again: those with IDS, and those that match every option given."""
    if not (ids or seller or since or failed):
        raise click.UsageError("say which events: ids, --seller, --since or --failed")
    instant = _instant(since) if since else None
    with opened() as house, as_sentences(), unit_of_work(house.engine) as session:
        count = replay(
            session,
            now=house.now(),
            actor="operator",
            delivery_ids=ids or None,
            store_ids=_stores(session, seller, store),
            since=instant,
            failed_only=failed,
        )
    answer({"replayed": count}, f"Events that are sent again: {count}", as_json=as_json)


def _stores(session: Session, seller: str | None, store: str | None) -> list[UUID] | None:
    if seller is None:
        if store is not None:
            raise click.UsageError("--store needs --seller")
        return None
    owner = seller_of(session, seller)
    return store_ids(session, owner) if store is None else [store_of(session, owner.id, store).id]


def _instant(text: str) -> datetime:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise click.BadParameter("must be an ISO 8601 instant", param_hint="--since") from None
    if instant.tzinfo is None:
        raise click.BadParameter("must carry an offset, such as +03:00 or Z", param_hint="--since")
    return instant
