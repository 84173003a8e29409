"""What contacts cost, as Twilio reports it: often only minutes or hours later."""

from decimal import Decimal, InvalidOperation
from typing import Any

from structlog import get_logger

from channels.protocol import LegReport, Refused, Uncertain
from channels.twilio.account import PROVIDER, Account
from channels.twilio.client import asking, client_of
from models.vocabulary import CallParty, Channel, LegState

log = get_logger()

_UNKNOWN = ("20404", "http_404")
_DOLLARS = "USD"
_IMPOSSIBLE = Decimal(10_000)
# Twilio never names a price for what came to nothing.
_FREE = frozenset({"busy", "no-answer", "canceled", "failed"})


def price_of(account: Account, channel: Channel, provider_id: str) -> Decimal | None:
    """What a message, or the one leg of a call that has the id, cost in US dollars; None while there is none.

    What is billed in another currency has none either, nor what Twilio does not know. Raises `Uncertain` when
    Twilio does not say.
    """
    try:
        resource = _fetched(account, channel, provider_id)
    except Refused as refusal:
        if refusal.code in _UNKNOWN:
            return None
        raise Uncertain(refusal.code) from None
    cost = cost_of(resource)
    if cost is None and resource.price is not None:
        log.warning("twilio.price_unusable", channel=channel.value, currency=_currency(resource))
    return cost


def leg_of(account: Account, call_id: str, party: CallParty) -> LegReport | None:
    """How one leg of a call stands, with its price where that is known; None for a state we do not know.

    Raises `Uncertain` or `Refused`.
    """
    call = _fetched(account, Channel.agent_call, call_id)
    try:
        state = LegState(str(call.status).replace("-", "_"))
    except ValueError:
        return None
    return LegReport(
        provider=PROVIDER,
        provider_id=call.sid,
        party=party,
        state=state,
        at=call.end_time or call.start_time or call.date_created,
        answered_by=call.answered_by,
        talk_seconds=_seconds(call.duration),
        cost=cost_of(call),
    )


def cost_of(resource: Any) -> Decimal | None:
    """The cost that a message or a call of Twilio's client carries, which writes what we pay as negative.

    None while there is none in US dollars.
    """
    if resource.price is None:
        return Decimal(0) if resource.status in _FREE else None
    try:
        price = Decimal(str(resource.price))
        is_possible = -_IMPOSSIBLE < price < _IMPOSSIBLE
    except InvalidOperation:
        return None
    return abs(price) if is_possible and (not price or _currency(resource) == _DOLLARS) else None


def _currency(resource: Any) -> str:
    return str(resource.price_unit or _DOLLARS).upper()


def _fetched(account: Account, channel: Channel, provider_id: str) -> Any:
    client = client_of(account)
    with asking(channel):
        return (client.calls if channel.is_call else client.messages)(provider_id).fetch()


def _seconds(told: str | None) -> int | None:
    return int(told) if told is not None and str(told).isdigit() else None
