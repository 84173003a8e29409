"""The values of a policy that say when a buyer may be reached, and what of them binds one kind of contact.

Hours are local and half-open (`"10:00-21:30"` shuts at 21:30), `daily` for every day without a line of its
own, an empty line for a day that stays shut. What pauses do is told in `verification/hours/pauses.py`.
"""

from collections.abc import Mapping
from typing import Annotated, Literal, NamedTuple

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from models.vocabulary import ContactKind, MessageClass

_CLOCK = r"([01]\d|2[0-3]):[0-5]\d"


def _forward(window: str) -> str:
    opens, _, shuts = window.partition("-")
    if opens >= shuts and shuts:
        raise ValueError("a window shuts after it opens; one over midnight is written as two")
    return window


Window = Annotated[str, StringConstraints(pattern=rf"^{_CLOCK}-({_CLOCK}|24:00)$"), AfterValidator(_forward)]
Clock = Annotated[str, StringConstraints(pattern=rf"^{_CLOCK}$")]
SolarOrWindow = Annotated[
    str, StringConstraints(pattern=rf"^(solar|{_CLOCK}-({_CLOCK}|24:00))$"), AfterValidator(_forward)
]
Day = Annotated[str, StringConstraints(pattern=r"^(daily|mon|tue|wed|thu|fri|sat|sun)$")]
MOST_WINDOWS = 12
"""How many windows a day may have."""
WeekHours = Mapping[Day, Annotated[tuple[Window, ...], Field(max_length=MOST_WINDOWS)]]
Force = Literal["hard", "soft", "off"]
"""What a pause does: `hard` forbids, `soft` delays where little is lost by it, `off` does nothing."""

Week = tuple[tuple[str, tuple[str, ...]], ...]


class Binding(NamedTuple):
    """The values that bind one kind of contact, hashable: equal ones give equal days.

    `friday` is "solar" or a window; `silent_until` the clock before which days of Ramadan are silent.
    """

    week: Week
    ramadan_week: Week | None
    prayer: Force
    before: int
    after: int
    friday: str
    friday_before: int
    friday_after: int
    iftar_before: int
    iftar_after: int
    tarawih: int
    silent_until: str
    eid: Force
    eid_days: int
    holiday: Force


class ContactHours(BaseModel):
    """All values about hours; choices of ours where `countries.source_of` names nothing."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    call_hours: WeekHours = Field(description="When a buyer's phone may ring")
    message_hours: WeekHours = Field(description="When a message about an order may arrive")
    promotion_hours: WeekHours = Field(description="When a message that promotes something may arrive")
    ramadan_call_hours: WeekHours | None = Field(
        None, description="When a buyer's phone may ring on days of Ramadan; empty: as on other days"
    )
    ramadan_message_hours: WeekHours | None = Field(
        None,
        description="When a message about an order may arrive on days of Ramadan; empty: as on other days",
    )
    prayer_pause_calls: Force = Field(
        "hard", description="What prayers, the Friday prayer, iftar and tarawih do to calls"
    )
    prayer_pause_messages: Force = Field(
        "soft", description="What prayers, the Friday prayer, iftar and tarawih do to messages"
    )
    prayer_before_minutes: int = Field(
        5, ge=0, le=120, description="A pause begins before the call to prayer"
    )
    prayer_after_minutes: int = Field(25, ge=0, le=120, description="A pause ends after the call to prayer")
    friday_prayer: SolarOrWindow = Field(
        "solar", description='The Friday prayer: "solar" (by the noon prayer of the city) or a fixed window'
    )
    friday_before_minutes: int = Field(
        30, ge=0, le=180, description="A solar Friday pause begins before the noon prayer"
    )
    friday_after_minutes: int = Field(
        75, ge=0, le=180, description="A solar Friday pause ends after the noon prayer"
    )
    iftar_before_minutes: int = Field(
        30, ge=0, le=180, description="In Ramadan, a pause begins before the sunset prayer"
    )
    iftar_after_minutes: int = Field(
        45, ge=0, le=180, description="In Ramadan, a pause ends after the sunset prayer"
    )
    tarawih_minutes: int = Field(
        75, ge=0, le=180, description="In Ramadan, the pause after the night prayer, from its call on"
    )
    ramadan_calls_from: Clock = Field(
        "11:00", description="On days of Ramadan no phone rings before; 00:00 for no such rule"
    )
    eid_days_shut: int = Field(
        2, ge=0, le=4, description="First days of an Eid without calls, and without messages that can wait"
    )
    holidays: Force = Field("soft", description="What other public holidays do to contacts about an order")
    promotion_holidays: Force = Field("hard", description="What public holidays do to promotion")

    def binding(self, kind: ContactKind, purpose: MessageClass) -> Binding:
        """What binds contacts of this kind and purpose. Calls that promote keep the hours of all calls."""
        is_call, promotes = kind is ContactKind.call, purpose is MessageClass.promotion
        if is_call:
            week, ramadan_week = self.call_hours, self.ramadan_call_hours
        elif promotes:
            week, ramadan_week = self.promotion_hours, None
        else:
            week, ramadan_week = self.message_hours, self.ramadan_message_hours
        return Binding(
            tuple(week.items()),
            tuple(ramadan_week.items()) if ramadan_week is not None else None,
            self.prayer_pause_calls if is_call else self.prayer_pause_messages,
            self.prayer_before_minutes,
            self.prayer_after_minutes,
            self.friday_prayer,
            self.friday_before_minutes,
            self.friday_after_minutes,
            self.iftar_before_minutes,
            self.iftar_after_minutes,
            self.tarawih_minutes,
            self.ramadan_calls_from if is_call else "00:00",
            "hard" if is_call else "soft",
            self.eid_days_shut,
            self.promotion_holidays if promotes else self.holidays,
        )
