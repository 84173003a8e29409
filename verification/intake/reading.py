"""Reading an order: a JSON value in, a draft or all of its problems out."""

from zoneinfo import ZoneInfo

from pydantic import ValidationError

from models.drafts import DraftAddress, DraftBuyer, DraftItem, OrderDraft
from verification.intake.fields import Setting, known_currency
from verification.intake.problems import OrderRefused, problem, problems_of
from verification.intake.shape import ItemIn, OrderIn


def read_order(payload: object, *, zone: str) -> OrderDraft:
    """Check a decoded JSON value against the contract's order; `zone` is the store's IANA time zone.

    Texts lose the white space around them and marks of direction, and are otherwise kept as typed; the
    store's id of the order keeps the marks too. An empty optional text is None. Codes of currency and
    country are upper-cased. A `placed_at` or `ship_by` without offset is the store's local time. A language
    that is no tag and a web address that is not http(s) are None: neither is a reason to hold a parcel.
    Fields we do not know are passed over, and the items need not add up to the total, which screening looks
    at.
    Raises OrderRefused with every problem found (at most 50), never with the value that caused it.
    """
    if not isinstance(payload, dict):
        raise OrderRefused([problem("", "object_expected")])
    setting = Setting(zone=ZoneInfo(zone), currency=known_currency(payload.get("currency")))
    try:
        order = OrderIn.model_validate(payload, context=setting)
    except ValidationError as errors:
        # `from None`: the original carries what the buyer typed.
        raise OrderRefused(problems_of(errors)) from None
    return _draft(order)


def _draft(order: OrderIn) -> OrderDraft:
    return OrderDraft(
        external_id=order.external_id,
        number=order.number,
        placed_at=order.placed_at,
        currency=order.currency,
        total_minor=order.total,
        payment_method=order.payment_method,
        ship_by=order.ship_by,
        note=order.note,
        buyer=DraftBuyer(**order.buyer.model_dump()),
        address=DraftAddress(**order.address.model_dump()),
        items=tuple(_item(item) for item in order.items),
    )


def _item(item: ItemIn) -> DraftItem:
    return DraftItem(
        title=item.title,
        quantity=item.quantity,
        unit_price_minor=item.unit_price,
        sku=item.sku,
        variant=item.variant,
        image_url=item.image_url,
        product_url=item.product_url,
    )
