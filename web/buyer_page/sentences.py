"""What the buyer's page says to a code."""

from collections.abc import Mapping

from babel.support import LazyProxy

from models.vocabulary import DecisionReason
from verification.decision.ruling import Standing
from verification.pages.answering import Answered
from web.translating import lazy

LANGUAGES: Mapping[str, str] = {"ar": "العربية", "en": "English", "ckb": "کوردی"}
"""The languages of the page as their readers call them."""

GONE = lazy(
    "This link no longer works, or it was not copied in full. "
    "There is nothing for you to do. Questions about an order are best put to the store."
)
NEVER_AGAIN = lazy("Thank you. We will no longer use this number for that order.")

STANDINGS: Mapping[Standing, LazyProxy] = {
    Standing.confirmed: lazy("You have confirmed this order. Thank you!"),
    Standing.rejected: lazy("You have cancelled this order."),
    Standing.unreachable: lazy("We could not reach you. You can still answer here."),
    Standing.waived: lazy("This order needs no confirmation."),
    Standing.withdrawn: lazy("The store has withdrawn this order."),
    Standing.shipped: lazy("Your order is on its way. To change anything now, please contact the store."),
}

REASONS: Mapping[DecisionReason, LazyProxy] = {
    DecisionReason.changed_mind: lazy("I changed my mind"),
    DecisionReason.price: lazy("It is too expensive"),
    DecisionReason.found_cheaper: lazy("I found it cheaper elsewhere"),
    DecisionReason.wants_other_item: lazy("I want another item"),
    DecisionReason.product_doubt: lazy("I am not sure about the product"),
    DecisionReason.delivery_too_slow: lazy("Delivery takes too long"),
    DecisionReason.duplicate: lazy("I ordered it twice"),
    DecisionReason.did_not_order: lazy("I did not order this"),
    DecisionReason.unspecified: lazy("Another reason"),
}
"""Why a buyer cancels, in the order in which the page asks."""

LINES: Mapping[str, tuple[LazyProxy, LazyProxy | None]] = {
    "region": (lazy("Region"), None),
    "city": (lazy("City"), None),
    "district": (lazy("District or area"), None),
    "street": (lazy("Street"), None),
    "building": (lazy("Building, floor, apartment"), None),
    "short_address": (lazy("Short national address"), None),
    "postal_code": (lazy("Postal code"), None),
    "landmark": (lazy("Nearest landmark"), lazy("What is next to you: a mosque, a school, a shop")),
    "pin": (
        lazy("Place on the map (optional)"),
        lazy("Coordinates copied from your map, for example 24.7136, 46.6753"),
    ),
}
"""The lines of the address form: what each is for, and how to fill it."""

SAVED = lazy("The address is saved.")

TROUBLES: Mapping[str, LazyProxy] = {
    Answered.too_late: lazy("The order can no longer be changed. Please contact the store."),
    Answered.order_changed: lazy("The order has changed in the meantime. Please look at it again."),
    Answered.slot_gone: lazy("That time is no longer free. Please choose another."),
    "too_long": lazy("A line is too long. Please shorten it to 200 letters."),
    "pin_unreadable": lazy("We could not read the place on the map. Please paste its two numbers."),
    "address_empty": lazy("Please fill in the address."),
    "unclear": lazy("We could not read your choice. Please choose again."),
}
"""What is wrong with a form just sent."""
