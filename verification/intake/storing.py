"""A draft into an order's rows, and back."""

from datetime import datetime

from models.drafts import DraftAddress, DraftBuyer, DraftItem, OrderDraft
from models.orders import Item, Order, OrderDetails
from verification.refusals import DetailsErased


def write_details(order: Order, draft: OrderDraft, *, expires_at: datetime) -> None:
    """Store the draft's items and personal side with the order, in place of what was there."""
    lines = {
        position: {
            "sku": item.sku,
            "title": item.title,
            "variant": item.variant,
            "quantity": item.quantity,
            "unit_price_minor": item.unit_price_minor,
            "image_url": item.image_url,
            "product_url": item.product_url,
        }
        for position, item in enumerate(draft.items)
    }
    # Rows are kept by position: a replaced row would meet the old one's key before that is gone.
    kept = {item.position: item for item in order.items}
    for position, line in lines.items():
        item = kept.get(position)
        if item is None:
            order.items.append(Item(position=position, **line))
            continue
        for name, value in line.items():
            setattr(item, name, value)
    for position, item in kept.items():
        if position not in lines:
            order.items.remove(item)

    details = order.details or OrderDetails()
    details.buyer_name = draft.buyer.name
    details.phone_raw = draft.buyer.phone
    details.alternate_phone_raw = draft.buyer.alternate_phone
    details.note = draft.note
    details.region = draft.address.region
    details.city = draft.address.city
    details.district = draft.address.district
    details.street = draft.address.street
    details.building = draft.address.building
    details.short_address = draft.address.short_address
    details.postal_code = draft.address.postal_code
    details.landmark = draft.address.landmark
    details.expires_at = expires_at
    order.details = details


def stored_draft(order: Order) -> OrderDraft:
    """The order as its seller would send it now; raises `DetailsErased` when its personal side is gone."""
    details = order.details
    if details is None:
        raise DetailsErased
    return OrderDraft(
        external_id=order.external_id,
        number=order.number,
        placed_at=order.placed_at,
        currency=order.currency,
        total_minor=order.total_minor,
        payment_method=order.payment_method,
        ship_by=order.ship_by,
        note=details.note,
        buyer=DraftBuyer(
            phone=details.phone_raw,
            name=details.buyer_name,
            alternate_phone=details.alternate_phone_raw,
            language=order.language,
        ),
        address=DraftAddress(
            country=order.country,
            region=details.region,
            city=details.city,
            district=details.district,
            street=details.street,
            building=details.building,
            short_address=details.short_address,
            postal_code=details.postal_code,
            landmark=details.landmark,
        ),
        items=tuple(
            DraftItem(
                title=item.title,
                quantity=item.quantity,
                unit_price_minor=item.unit_price_minor,
                sku=item.sku,
                variant=item.variant,
                image_url=item.image_url,
                product_url=item.product_url,
            )
            for item in order.items
        ),
    )
