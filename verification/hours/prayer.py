"""When the sun calls to prayer, by each country's own method. Only this file knows al-falak."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from alfalak import CalculationMethod, CalculationParameters, PrayerAdjustments, PrayerTimes

from verification.hours.where import Place


@dataclass(frozen=True, slots=True)
class Prayers:
    """The calls to prayer of one local day, and its sunrise: aware UTC, on the minute, in this order."""

    fajr: datetime
    sunrise: datetime
    dhuhr: datetime
    asr: datetime
    maghrib: datetime
    isha: datetime


_METHODS: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        # Umm al-Qura University, Makkah (ummulqura.org.sa); Bahrain by the same
        "SA": {"method": CalculationMethod.UMM_AL_QURA},
        "BH": {"method": CalculationMethod.UMM_AL_QURA},
        # General Authority of Islamic Affairs, Endowments and Zakat (awqaf.gov.ae)
        "AE": {"method": CalculationMethod.DUBAI},
        # Ministry of Awqaf and Islamic Affairs of Qatar (islam.gov.qa), whose tables are a minute behind
        "QA": {"method": CalculationMethod.QATAR, "adjustments": PrayerAdjustments(maghrib=1, isha=1)},
        # Ministry of Awqaf and Islamic Affairs of Kuwait
        "KW": {"method": CalculationMethod.KUWAIT},
        # Egyptian General Authority of Survey (esa.gov.eg)
        "EG": {"method": CalculationMethod.EGYPTIAN},
        # Ministry of Awqaf of Jordan: 18 and 18 degrees, Maghrib five minutes after sunset
        "JO": {"fajr_angle": 18.0, "isha_angle": 18.0, "adjustments": PrayerAdjustments(maghrib=5)},
    }
)
# Oman and Iraq, which have no preset of their own: the Muslim World League
_ELSEWHERE: Mapping[str, Any] = MappingProxyType({"method": CalculationMethod.MUSLIM_WORLD_LEAGUE})


@lru_cache(maxsize=16384)
def prayers(place: Place, day: date, *, ramadan: bool) -> Prayers:
    """The prayers of the day `day` of the place's own clock.

    In Ramadan, Umm al-Qura's Isha is 120 minutes after Maghrib instead of 90; the other methods do
    not change. Within 3 minutes of the tables that SA, AE, QA, KW and EG publish; BH, OM, JO and IQ are not
    checked against one. In Iraq the Shia call to Maghrib comes about 15 minutes after the one given here.
    """
    named = _METHODS.get(place.country, _ELSEWHERE)
    times = PrayerTimes(
        (place.latitude, place.longitude),
        datetime.combine(day, time(), UTC),  # only its date is read
        calculation_parameters=CalculationParameters(is_ramadan=ramadan, **named),
    )
    return Prayers(times.fajr, times.sunrise, times.dhuhr, times.asr, times.maghrib, times.isha)
