"""What the values of a policy are called, in groups as a manager thinks of them."""

from collections.abc import Mapping
from dataclasses import dataclass

from babel.support import LazyProxy

from verification.policy.describing import Value, values
from web.admin import choosing_words
from web.translating import lazy


@dataclass(frozen=True)
class Group:
    """Values that belong together; `id` is the place on the page."""

    id: str
    title: LazyProxy
    values: tuple[Value, ...]


_TITLES: Mapping[str, Mapping[str, tuple[LazyProxy, LazyProxy]]] = {
    "hours": {
        "call_hours": (lazy("Hours of calls"), lazy("When a buyer's phone may ring.")),
        "message_hours": (lazy("Hours of messages"), lazy("When a message about an order may arrive.")),
        "promotion_hours": (
            lazy("Hours of promotion"),
            lazy("When a message that promotes something may arrive."),
        ),
        "ramadan_call_hours": (
            lazy("Hours of calls in Ramadan"),
            lazy("On days of Ramadan. Left empty, the usual hours hold."),
        ),
        "ramadan_message_hours": (
            lazy("Hours of messages in Ramadan"),
            lazy("On days of Ramadan. Left empty, the usual hours hold."),
        ),
    },
    "pauses": {
        "prayer_pause_calls": (
            lazy("Prayers and calls"),
            lazy("What the prayers, the Friday prayer, iftar and tarawih do to calls."),
        ),
        "prayer_pause_messages": (
            lazy("Prayers and messages"),
            lazy("What the prayers, the Friday prayer, iftar and tarawih do to messages."),
        ),
        "prayer_before_minutes": (
            lazy("Before a prayer"),
            lazy("The pause begins so long before the call to prayer."),
        ),
        "prayer_after_minutes": (
            lazy("After a prayer"),
            lazy("The pause ends so long after the call to prayer."),
        ),
        "friday_prayer": (
            lazy("Friday prayer"),
            lazy("“solar”: by the noon prayer of the buyer's city. Or a fixed window, such as 12:15-13:45."),
        ),
        "friday_before_minutes": (
            lazy("Before the Friday prayer"),
            lazy("A solar Friday pause begins so long before the noon prayer."),
        ),
        "friday_after_minutes": (
            lazy("After the Friday prayer"),
            lazy("A solar Friday pause ends so long after the noon prayer."),
        ),
        "iftar_before_minutes": (
            lazy("Before iftar"),
            lazy("In Ramadan, the pause begins so long before sunset."),
        ),
        "iftar_after_minutes": (
            lazy("After iftar"),
            lazy("In Ramadan, the pause ends so long after sunset."),
        ),
        "tarawih_minutes": (lazy("Tarawih"), lazy("In Ramadan, the pause from the night prayer on.")),
        "ramadan_calls_from": (
            lazy("Mornings of Ramadan"),
            lazy("On days of Ramadan no phone rings before. 00:00 for no such rule."),
        ),
        "eid_days_shut": (
            lazy("First days of an Eid"),
            lazy("Days without calls, and without messages that can wait."),
        ),
        "holidays": (lazy("Public holidays"), lazy("What they do to contacts about an order.")),
        "promotion_holidays": (
            lazy("Public holidays and promotion"),
            lazy("What they do to messages that promote something."),
        ),
    },
    "contacts": {
        "ladder": (
            lazy("Ladder of contacts"),
            lazy("The contacts, in order, until one is answered, each after the one before it."),
        ),
        "vary_call_hours": (
            lazy("Another part of the day"),
            lazy("An unanswered call is repeated in another part of the day."),
        ),
        "max_attempts_per_order": (lazy("Contacts per order"), lazy("At most, over all channels.")),
        "max_attempts_per_day": (
            lazy("Contacts per day"),
            lazy("At most with one phone on one local day, over all sellers."),
        ),
        "max_calls_per_day": (
            lazy("Calls per day"),
            lazy("At most with one phone on one local day, over all sellers."),
        ),
        "max_calls_per_week": (
            lazy("Calls per week"),
            lazy("At most with one phone in 7 days, over all sellers."),
        ),
        "switched_off_minutes": (
            lazy("Phone switched off"),
            lazy("When a phone that was off or out of reach is tried again."),
        ),
        "ring_seconds": (lazy("Ringing"), lazy("How long a buyer's phone rings.")),
        "sms_links": (
            lazy("Links in SMS"),
            lazy("Which links an SMS may carry. Without one, buyers are not written to by SMS."),
        ),
        "sms_link_hosts": (
            lazy("Hosts registered for SMS"),
            lazy("The hosts registered with the country's regulator for links in SMS."),
        ),
        "min_gap_minutes": (lazy("Gap between contacts"), lazy("At least, with one phone.")),
    },
    **choosing_words.TITLES,
    "waits": {
        "deadline_hours": (
            lazy("Deadline of an order"),
            lazy("From receipt to a decision, where the order names no time of shipping."),
        ),
        "answer_wait_minutes": (
            lazy("Wait for an answer"),
            lazy("How long a message may stay without an answer."),
        ),
        "call_result_minutes": (
            lazy("Wait for a call's result"),
            lazy("How long a call may stay without a result."),
        ),
        "call_back_minutes": (lazy("Call back later"), lazy("When a buyer says “later” and names no time.")),
        "send_doubt_minutes": (
            lazy("Look up a send"),
            lazy("When a send without an answer is looked up at the provider."),
        ),
        "send_doubt_hours": (
            lazy("Give a send up"),
            lazy("When a send that cannot be looked up is given up."),
        ),
        "review_hours": (
            lazy("Wait for a review"),
            lazy("How long a review of a decided order may wait."),
        ),
        "page_link_hours": (
            lazy("Buyer's link"),
            lazy("How long after an order's deadline the link to the buyer's page works."),
        ),
    },
    "desk": {
        "dial_mode": (lazy("How agents call"), lazy("From their own phone, or by a provider.")),
        "record_calls": (
            lazy("Recording of calls"),
            lazy("Agents' calls by a provider are recorded where the buyer is told and presses the key."),
        ),
        "case_look_minutes": (
            lazy("Reading a case"),
            lazy("How long an agent may look at a case without calling."),
        ),
        "outcome_wait_minutes": (
            lazy("Wait for the outcome"),
            lazy("How long a call may stay without the agent's outcome."),
        ),
        "undo_seconds": (lazy("Time to undo"), lazy("How long an agent's decision can be taken back.")),
        "promise_reserved_minutes": (
            lazy("Promised calls are kept"),
            lazy("How long a promised call waits for the agent who promised it."),
        ),
        "promise_grace_minutes": (
            lazy("Grace of a promise"),
            lazy("How late a promised call still counts as kept."),
        ),
    },
    "screening": {
        "duplicate_window_hours": (
            lazy("Ordered twice"),
            lazy("How close two orders for one thing must be to count as a double."),
        ),
        "suspicious_quantity": (lazy("Many pieces"), lazy("From how many of one thing we ask.")),
        "suspicious_value": (
            lazy("High value"),
            lazy("From which total we ask, in the country's currency. Left empty, no total is too high."),
        ),
        "waive_not_cod": (
            lazy("Paid orders"),
            lazy("Orders already paid are released without contact."),
        ),
    },
    "retention": {
        "retention_days": (
            lazy("Personal data"),
            lazy("How long each kind of personal data is kept."),
        ),
    },
}
_GROUPS = {
    "hours": lazy("Hours"),
    "pauses": lazy("Prayers, Ramadan, holidays"),
    "contacts": lazy("Contacts and limits"),
    **choosing_words.GROUPS,
    "waits": lazy("Waiting times"),
    "desk": lazy("The agents' desk"),
    "screening": lazy("Screening"),
    "retention": lazy("Retention"),
}
_WORDS = {name: words for group in _TITLES.values() for name, words in group.items()}


def groups() -> list[Group]:
    """All values of the policy in their groups."""
    return [
        Group(key, title, tuple(values()[name] for name in _TITLES[key] if name in values()))
        for key, title in _GROUPS.items()
    ]


def title_of(name: str) -> str:
    """What a value is called; its name for one that is no more."""
    return str(_WORDS[name][0]) if name in _WORDS else name


def sense_of(name: str) -> str:
    """What a value means."""
    return str(_WORDS[name][1])
