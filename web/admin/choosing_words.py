"""What the values are called by which hours and channels are chosen, and which weigh contacts in money."""

from collections.abc import Mapping

from babel.support import LazyProxy

from web.formats import number, percent
from web.translating import gettext, lazy

GROUPS: Mapping[str, LazyProxy] = {
    "choosing": lazy("Choosing hours and channels"),
    "worth": lazy("What it is worth"),
}
TITLES: Mapping[str, Mapping[str, tuple[LazyProxy, LazyProxy]]] = {
    "choosing": {
        "chooser": (
            lazy("Who chooses"),
            lazy("By what hours and channels are chosen; promised calls come first either way."),
        ),
        "control_percent": (
            lazy("Orders to compare with"),
            lazy("So many of 100 new orders stay on the fixed ladder, to measure what choosing brings."),
        ),
        "random_per_thousand": (
            lazy("Contacts by lot"),
            lazy("So many of 1,000 contacts are drawn by lot, to learn about hours that nobody tries."),
        ),
        "first_contact_minutes": (
            lazy("First contact"),
            lazy("How soon a new order is contacted within the hours, unless waiting is clearly better."),
        ),
        "calls_per_order": (lazy("Calls per order"), lazy("At most, by agents and machines together.")),
        "whatsapp_per_order": (lazy("WhatsApp messages per order"), lazy("At most, about one order.")),
        "sms_per_order": (lazy("SMS per order"), lazy("At most, about one order.")),
    },
    "worth": {
        "decision_value": (
            lazy("A decision in time"),
            lazy("What it is worth that an order is decided before its deadline."),
        ),
        "complaint_price": (
            lazy("A complaint"),
            lazy("What a buyer's complaint or opt-out costs. The dearer, the fewer contacts."),
        ),
        "agent_price_percent": (
            lazy("An agent's time"),
            lazy("At how much of its cost it is weighed. Above 100%%, machines are preferred sooner."),
        ),
        "whatsapp_cost": (lazy("A WhatsApp message"), lazy("What sending one costs.")),
        "sms_cost": (lazy("An SMS"), lazy("What sending one costs.")),
        "ivr_cost": (lazy("An automated call"), lazy("What each one costs, answered or not.")),
        "ivr_talk_cost": (
            lazy("An automated call that is answered"),
            lazy("What it costs besides, when it is answered."),
        ),
        "agent_cost": (lazy("An agent's call"), lazy("What each one costs, answered or not.")),
        "agent_talk_cost": (
            lazy("An agent's call that is answered"),
            lazy("What it costs besides, when it is answered."),
        ),
        "freight_out_cost": (
            lazy("Freight there"),
            lazy("What a parcel to the buyer costs; lost when it is refused."),
        ),
        "freight_back_cost": (
            lazy("Freight back"),
            lazy("What a refused parcel costs on its way back."),
        ),
        "waive_low_risk": (
            lazy("Orders that need no contact"),
            lazy(
                "Orders without a flag are released without contact when their buyer receives nearly every "
                "order, or when asking costs more than the freight that may be lost. Each is reported with "
                "its numbers."
            ),
        ),
    },
}
CHOICES: Mapping[str, LazyProxy] = {
    "learned": lazy("what buyers' answers have taught"),
    "fixed": lazy("the fixed ladder"),
}
DOLLARS_RULE = lazy("An amount in US dollars, such as 2.00.")


def dollars(amount: str) -> str:
    """An amount with its currency, in all its decimals: messages cost fractions of a cent."""
    return gettext("%(amount)s USD", amount=amount)


def dollars_unit() -> str:
    """What stands beside the field of an amount."""
    return gettext("USD")


def share_unit(name: str) -> str | None:
    """Of how many a value is a share, for beside its field; None for one that is no share."""
    if name.endswith("_percent"):
        return "%"
    return gettext("of %(count)s", count=number(1000)) if name.endswith("_per_thousand") else None


def share(name: str, count: int) -> str | None:
    """A value that is a share, in words: "3%"; None for one that is no share."""
    if name.endswith("_percent"):
        return percent(count / 100)
    unit = share_unit(name)
    return f"{number(count)} {unit}" if unit else None
