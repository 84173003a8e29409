"""The named values of a policy; those about hours are in `hours.py`, the defaults in `countries.py`."""

from collections.abc import Mapping
from datetime import timedelta
from functools import cache
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    ValidationInfo,
    field_validator,
)

from models.vocabulary import Channel, DataClass, DialMode, SmsLinks
from verification.policy.choosing import Choosing
from verification.policy.countries import BY_COUNTRY, COMMON
from verification.policy.hours import ContactHours
from verification.policy.hours import WeekHours as WeekHours

_LENGTHS = {"too_short": "needs {min_length} or more", "too_long": "takes {max_length} at most"}
_WEEK = 7 * 24 * 60
_LONGEST_UNDO = 120
MOST_CONTACTS = 20
"""How long a ladder may be."""
MOST_LINK_HOSTS = 20
"""How many hosts may be registered for links in SMS."""
LONGEST_UNDO = timedelta(seconds=_LONGEST_UNDO)
"""After this nothing can be taken back under any policy."""


class PolicyRefused(Exception):
    """A value that no policy may have; `name` says which.

    `code` is `too_short` or `too_long` for a list (or a legal basis) of another length.
    """

    def __init__(self, name: str, detail: str, code: str = "") -> None:
        super().__init__(f"{name}: {detail}")
        self.name = name
        self.detail = detail
        self.code = code


class Rung(BaseModel):
    """One contact of the ladder: the channel, and how long after the contact before it at the earliest."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    channel: Channel
    after_minutes: int = Field(strict=True, ge=0, le=_WEEK)


class Policy(Choosing, ContactHours):
    """All values that hold for one store and shipping country."""

    deadline_hours: int = Field(48, ge=1, le=720, description="From receipt to a decision, without ship_by")
    ladder: tuple[Rung, ...] = Field(
        min_length=1, max_length=MOST_CONTACTS, description="The contacts, in order, until one is answered"
    )
    vary_call_hours: bool = Field(
        True, description="An unanswered call is repeated in another part of the day"
    )

    max_attempts_per_order: int = Field(8, ge=1, le=50)
    max_attempts_per_day: int = Field(4, ge=1, le=50, description="Per phone and local day, over all sellers")
    max_calls_per_day: int = Field(3, ge=1, le=20, description="Per phone and local day, over all sellers")
    max_calls_per_week: int = Field(10, ge=1, le=50, description="Per phone in 7 days, over all sellers")
    min_gap_minutes: int = Field(20, ge=0, le=1440, description="Between two contacts with one phone")

    answer_wait_minutes: int = Field(
        360, ge=1, le=_WEEK, description="How long a message may stay without an answer"
    )
    call_result_minutes: int = Field(
        10, ge=1, le=_WEEK, description="How long a call may stay without a result"
    )
    call_back_minutes: int = Field(180, ge=1, le=_WEEK, description="When 'later' names no time")
    send_doubt_minutes: int = Field(2, ge=1, le=60, description="When a send without an answer is looked up")
    send_doubt_hours: int = Field(
        6, ge=1, le=168, description="When a send that cannot be looked up is given up"
    )
    review_hours: int = Field(24, ge=1, le=720, description="How long a review of a decided order may wait")
    page_link_hours: int = Field(
        72, ge=1, le=2160, description="How long after an order's deadline the link to the buyer's page works"
    )
    dial_mode: DialMode = Field(DialMode.own_phone, description="How an agent's call is made")
    ring_seconds: int = Field(25, ge=5, le=60, description="How long a buyer's phone rings")
    record_calls: bool = Field(
        False, description="Agents' calls are recorded where the buyer, told of it, presses the key"
    )
    sms_links: SmsLinks = Field(SmsLinks.any, description="Which links an SMS may carry")
    sms_link_hosts: tuple[Annotated[str, StringConstraints(pattern=r"^[a-z0-9.-]{3,100}$")], ...] = Field(
        (),
        max_length=MOST_LINK_HOSTS,
        description="The hosts registered with the country's regulator for links in SMS",
    )
    switched_off_minutes: int = Field(
        180, ge=10, le=1440, description="When a phone that was off is tried again"
    )
    case_look_minutes: int = Field(
        10, ge=1, le=120, description="How long an agent may look at a case without calling"
    )
    outcome_wait_minutes: int = Field(
        60, ge=5, le=1440, description="How long a call may stay without the agent's outcome"
    )
    undo_seconds: int = Field(
        10, ge=0, le=_LONGEST_UNDO, description="How long an agent's decision can be taken back"
    )
    promise_reserved_minutes: int = Field(
        10, ge=0, le=1440, description="How long a promised call waits for the agent who promised it"
    )
    promise_grace_minutes: int = Field(
        15, ge=1, le=1440, description="How late a promised call still counts as kept"
    )

    duplicate_window_hours: int = Field(72, ge=0, le=720)
    suspicious_quantity: int = Field(5, ge=1)
    suspicious_value: Annotated[str, StringConstraints(pattern=r"^\d{1,9}(\.\d{1,3})?$")] | None = Field(
        None, description="In the country's currency; None checks nothing"
    )
    waive_not_cod: bool = Field(True, description="Orders already paid are released without contact")

    retention_days: Mapping[DataClass, Annotated[int, Field(strict=True, ge=1, le=3660)]] = Field(
        description="How long each class of personal data is kept"
    )

    @field_validator("*", mode="before")
    @classmethod
    def _plain(cls, value: Any, info: ValidationInfo) -> Any:
        # Left to itself, true would be taken as 1 and "yes" as true.
        kind = cls.model_fields[info.field_name or ""].annotation
        if kind is int and type(value) is not int:
            raise ValueError("a whole number is needed")
        if kind is bool and type(value) is not bool:
            raise ValueError("true or false is needed")
        return value

    @field_validator("retention_days")
    @classmethod
    def _complete(cls, value: Mapping[DataClass, int]) -> Mapping[DataClass, int]:
        if missing := [each.value for each in DataClass if each not in value]:
            raise ValueError(f"missing: {', '.join(missing)}")
        return value


@cache
def default_policy(country: str) -> Policy:
    """The values for a country; one that we do not serve gets the common ones."""
    return Policy(**{**COMMON, **BY_COUNTRY.get(country, {})})


def with_overrides(policy: Policy, overrides: Mapping[str, Any]) -> Policy:
    """The policy with some values replaced; raises `PolicyRefused` for an unknown name or a wrong value."""
    if not overrides:
        return policy
    try:
        return Policy.model_validate({**dict(policy), **overrides})
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        code, limits = first["type"], first.get("ctx", {})
        detail = _LENGTHS[code].format(**limits) if code in _LENGTHS else first["msg"]
        raise PolicyRefused(".".join(map(str, first["loc"])), detail, code) from None


def is_usable(name: str, value: Any) -> bool:
    """Whether a policy may have the value: a release may rename one, or narrow it, that is already kept."""
    try:
        with_overrides(default_policy(""), {name: value})
    except PolicyRefused:
        return False
    return True
