"""What the templates of plans and weeks ask for, of one order's page."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from models.vocabulary import ContactKind
from verification.desk.shown_order import OrderPage
from verification.hours.pauses import Pause
from verification.hours.week import OpenHour
from verification.wording.amounts import write_amount
from web.board.hours_words import kind_name
from web.formats import listed
from web.language import page_language
from web.seen import words
from web.seen.plan_drawing import Station, Strip, draw_strip, lane_of, stations
from web.seen.week_drawing import Cell, cells


@dataclass(frozen=True)
class Seen:
    """The drawings of one order, and their words."""

    order: OrderPage
    now: datetime

    chooser_word = staticmethod(words.chooser_word)
    facts_said = staticmethod(words.facts_said)
    kind_name = staticmethod(kind_name)
    knowledge = staticmethod(words.knowledge)
    lane_of = staticmethod(lane_of)
    season = staticmethod(words.season)
    seen_said = staticmethod(words.seen_said)
    stop_word = staticmethod(words.stop_word)
    week_days = staticmethod(words.week_days)
    weekday_name = staticmethod(words.weekday_name)

    @property
    def strip(self) -> Strip:
        """The picture of the plan's hours."""
        return draw_strip(self.order.plan, is_mirrored=page_language() == "ar")

    @property
    def stations(self) -> tuple[Station, ...]:
        """The plan's contacts, one after the other."""
        return stations(self.order, self.now)

    def cells(
        self, kind: ContactKind, hours: Mapping[tuple[int, int], OpenHour]
    ) -> Iterator[tuple[int, tuple[Cell, ...]]]:
        """The rows of the buyer's week."""
        return cells(self.order.plan.week, kind, hours, words.week_days())

    @staticmethod
    def pause_word(pause: Pause) -> str:
        """What shuts minutes."""
        return listed([pause.code])

    @staticmethod
    def dollars(value: float) -> str:
        """ "$ 2.07", as reasons tell amounts too."""
        return write_amount(Decimal(str(value)), "USD", page_language())
