"""English. `{name}` is filled from the reason's params; codes among them are looked up in WORDS."""

_FLAGS = {
    "phone_invalid": "No number that can be dialled ({problem})",
    "phone_ambiguous": "The number could belong to more than one country",
    "phone_not_mobile": "The number is not a mobile",
    "phone_needs_review": "The number looks one digit off or newly issued",
    "phone_fake_pattern": "The number looks made up",
    "address_incomplete": "The address lacks: {missing}",
    "duplicate": "The same product as in another order of this buyer",
    "suspicious_quantity": "Many pieces of one product: {quantity} (from {limit} on we ask)",
    "suspicious_value": "High value: {total} {currency} (from {limit} on we ask)",
    "buyer_blocked": "The buyer is blocked",
    "opted_out": "The buyer asked not to be contacted by: {channels}",
    "not_cod": "Not paid on delivery",
    "out_of_area": "Outside the countries that are served: {country}",
    "total_mismatch": "The items come to {items} {currency}, the order to {total} {currency}",
}
_TIERS = {
    "tier_set_blocked": "Blocked by a member of staff",
    "tier_set_vip": "Made VIP by a member of staff",
    "tier_loyal": "Receives orders again and again",
    "tier_reliable": "Receives nearly every order",
    "tier_mixed": "Some orders were received, some were not, or few are known",
    "tier_unknown": "Nothing is known of this buyer yet",
    "tier_little_known": "Too little is known of this buyer to say anything",
    "tier_unreliable": "Orders mostly come to nothing",
    "tier_way_back": "Orders to receive for a better tier: {deliveries}",
    "tier_delivered": "Orders received: {count}",
    "tier_kept_part": "Orders received in part or exchanged: {count}",
    "tier_confirmed": "Orders confirmed, result not known yet: {count}",
    "tier_refused": "Orders refused at the door: {count}",
    "tier_undeliverable": "Orders that could not be delivered or came back: {count}",
    "tier_unreachable": "Orders for which the buyer could not be reached: {count}",
    "tier_cancelled": "Orders cancelled before shipping: {count}",
    "tier_did_not_order": "Orders the buyer says were not theirs: {count}",
    "tier_fake_details": "Orders with made-up details: {count}",
}
_PHONE_PROBLEMS = {
    "phone_missing": "none given",
    "phone_invalid": "not a phone number",
    "phone_ambiguous": "of more than one country",
    "phone_not_mobile": "not a mobile",
    "phone_needs_review": "to be checked",
    "phone_fake_pattern": "made up",
    "phone_out_of_area": "of a country that is not served",
    "phone_unrecoverable": "cut off by a spreadsheet",
}
_ADDRESS_PARTS = {
    "city": "city",
    "governorate": "governorate",
    "area": "area",
    "district": "district",
    "zone": "zone",
    "block": "block",
    "street": "street",
    "road": "road",
    "building": "building or landmark",
    "house": "house",
    "landmark": "landmark or house number",
}
_CHANNELS = {
    "whatsapp": "WhatsApp",
    "sms": "SMS",
    "ivr": "automated call",
    "agent_call": "agent call",
    "page": "the buyer's page",
}
_INTAKE = {
    "order_received": "Order received (lines: {items}, numbers to reach the buyer: {phones})",
    "order_changed": "The seller corrected: {fields}",
    "decision_disputed": "The seller disputes the decision: {verdict}",
    "shipment_reported": "The courier reports: {status}",
    "phone_shared": "A number on one of the buyer's orders belongs to another buyer",
}
_ORDER_FIELDS = {
    "number": "order number",
    "placed_at": "time of ordering",
    "currency": "currency",
    "total": "total",
    "payment_method": "payment method",
    "ship_by": "shipping date",
    "note": "note",
    "buyer": "buyer",
    "address": "address",
    "items": "items",
}
_VERDICTS = {
    "confirmed": "confirmed",
    "rejected": "rejected",
    "unreachable": "unreachable",
    "waived": "released without contact",
    "withdrawn": "withdrawn",
}
_SHIPMENTS = {
    "shipped": "shipped",
    "delivered": "delivered",
    "partly_returned": "partly returned",
    "exchanged": "exchanged",
    "refused": "refused at the door",
    "undeliverable": "undeliverable",
    "returned": "returned",
    "lost": "lost",
    "unknown": "a status that we do not know",
}

SENTENCES = _FLAGS | _TIERS | _INTAKE
WORDS = _PHONE_PROBLEMS | _ADDRESS_PARTS | _CHANNELS | _ORDER_FIELDS | _VERDICTS | _SHIPMENTS
COMMA = ", "
