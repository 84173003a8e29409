"""Places and clocks that the tests of the hours speak of."""

from collections.abc import Iterable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from verification.hours.days import Stretch
from verification.hours.where import Place, Where

RIYADH = Place("SA/riyadh", "SA", "Riyadh", "الرياض", 24.7136, 46.6753, "Asia/Riyadh", 7_000_000)
DUBAI = Place("AE/dubai", "AE", "Dubai", "دبي", 25.2048, 55.2708, "Asia/Dubai", 3_500_000)
CAIRO = Place("EG/cairo", "EG", "Cairo", "القاهرة", 30.0444, 31.2357, "Africa/Cairo", 10_000_000)
DOHA = Place("QA/doha", "QA", "Doha", "الدوحة", 25.2854, 51.5310, "Asia/Qatar", 1_200_000)

NO_PAUSES = {
    "prayer_pause_calls": "off",
    "prayer_pause_messages": "off",
    "ramadan_call_hours": None,
    "ramadan_message_hours": None,
    "ramadan_calls_from": "00:00",
    "eid_days_shut": 0,
    "holidays": "off",
}
"""What leaves a policy its weekly hours alone, for tests of other things."""

IN_RIYADH = Where("SA", RIYADH, is_known=True)
IN_SAUDI = Where("SA", RIYADH, is_known=False)
IN_DUBAI = Where("AE", DUBAI, is_known=True)
IN_CAIRO = Where("EG", CAIRO, is_known=True)
IN_DOHA = Where("QA", DOHA, is_known=True)


def at(text: str, where: Where = IN_RIYADH) -> datetime:
    """What the place's clock shows, as an instant in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(where.zone)).astimezone(UTC)


def clocks(stretches: Iterable[Stretch], where: Where = IN_RIYADH) -> list[str]:
    """Stretches as the place's clock shows them: "10:00-11:34"."""
    zone = ZoneInfo(where.zone)
    return ["-".join(f"{each.astimezone(zone):%H:%M}" for each in stretch) for stretch in stretches]
