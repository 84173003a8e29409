"""What policies begin with: the common values, and each country's own with where they come from.

Sources name the law or the regulator's rule, and where it was read. The rules found bind marketing; nothing
found binds messages about the buyer's own order, which mostly keep to the same hours. What has no source is a
cautious choice of ours, among it all hours of calls but the UAE's, and the hours of Ramadan.
"""

from collections.abc import Mapping
from typing import Any

from models.vocabulary import DataClass

_LADDER = (
    {"channel": "whatsapp", "after_minutes": 0},
    {"channel": "sms", "after_minutes": 60},
    {"channel": "ivr", "after_minutes": 60},
    {"channel": "agent_call", "after_minutes": 60},
    {"channel": "agent_call", "after_minutes": 120},
    {"channel": "whatsapp", "after_minutes": 120},
    {"channel": "agent_call", "after_minutes": 180},
)

# Links are forbidden in SMS to the UAE, and one call a day is all that Resolution 56/2024 leaves.
_LADDER_AE = (
    {"channel": "whatsapp", "after_minutes": 0},
    {"channel": "ivr", "after_minutes": 120},
    {"channel": "whatsapp", "after_minutes": 120},
    {"channel": "agent_call", "after_minutes": 120},
    {"channel": "agent_call", "after_minutes": 120},
)

COMMON: Mapping[str, Any] = {
    "ladder": _LADDER,
    "call_hours": {"daily": ("10:00-20:00",), "fri": ("16:00-20:00",)},
    "message_hours": {"daily": ("09:00-21:00",)},
    "promotion_hours": {"daily": ("09:00-21:00",)},
    # People rest in the morning and live at night.
    "ramadan_call_hours": {"daily": ("11:00-22:00",), "fri": ("16:00-22:00",)},
    "ramadan_message_hours": {"daily": ("11:00-23:00",)},
    "retention_days": {
        DataClass.contact_point: 365,
        DataClass.address: 180,
        DataClass.message_body: 60,
        DataClass.inbound_body: 30,
        DataClass.outbox_body: 60,
        DataClass.replayed_answer: 1,
    },
}

BY_COUNTRY: Mapping[str, Mapping[str, Any]] = {
    "SA": {
        "sms_links": "registered",
        "call_hours": {"daily": ("10:00-21:30",), "fri": ("16:00-21:30",)},
        "message_hours": {"daily": ("09:00-22:00",)},
        "promotion_hours": {"daily": ("09:00-22:00",)},
        "ramadan_call_hours": {"daily": ("11:00-23:00",), "fri": ("16:00-23:00",)},
        "suspicious_value": "2000.00",
    },
    "AE": {
        "ladder": _LADDER_AE,
        "sms_links": "none",
        "call_hours": {"daily": ("09:00-18:00",), "fri": ("09:00-12:00", "15:00-18:00")},
        "promotion_hours": {"daily": ("09:00-18:00",)},
        "ramadan_call_hours": None,
        "friday_prayer": "12:15-13:45",
        "max_calls_per_day": 1,
        "max_calls_per_week": 2,
        "suspicious_value": "2000.00",
    },
    "KW": {"suspicious_value": "150.000"},
    "QA": {
        "promotion_hours": {"daily": ("09:00-21:00",), "fri": ()},
        "suspicious_value": "2000.00",
    },
    "BH": {
        "message_hours": {"daily": ("09:00-20:00",)},
        "promotion_hours": {"daily": ("09:00-20:00",)},
        "ramadan_message_hours": None,
        "suspicious_value": "200.000",
    },
    "OM": {"suspicious_value": "200.000"},
    "JO": {
        "promotion_hours": {"daily": ("09:00-21:00",), "fri": (), "sat": ()},
        "suspicious_value": "300.000",
    },
    "EG": {
        "call_hours": {"daily": ("11:00-21:00",), "fri": ("16:00-21:00",)},
        "message_hours": {"daily": ("10:00-21:00",)},
        "promotion_hours": {"daily": ("10:00-21:00",), "fri": (), "sat": ()},
        "suspicious_value": "10000.00",
    },
    "IQ": {
        "call_hours": {"daily": ("10:00-21:00",), "fri": ("16:00-21:00",)},
        "suspicious_value": "500000.000",
    },
}

_RESOLUTION_56 = "UAE Cabinet Resolution 56/2024 on telemarketing (tamimi.com, emirates247.com 9 June 2024)"
_NO_LINKS = "Operators forbid links in SMS (twilio.com/en/guidelines/ae/sms)"
_BAHRAIN = "TRA Resolution 3/2015 on bulk messages: 09:00 to 20:00 (tra.org.bh, 4 March 2019)"
_SAUDI = (
    "CST's hours for awareness and promotional messages: 09:00 to 22:00 "
    "(docs.unifonic.com/docs/compliance-sms)"
)

_SOURCES: Mapping[str, Mapping[str, str]] = {
    "SA": {
        "message_hours": f"{_SAUDI}; kept for service messages too",
        "promotion_hours": _SAUDI,
        "sms_links": "Operators carry links to registered hosts only, and none of shorteners "
        "(docs.mapp.com/docs/ksa)",
    },
    "AE": {
        "call_hours": f"{_RESOLUTION_56}: 09:00 to 18:00; the pause on Fridays is ours",
        "promotion_hours": f"{_RESOLUTION_56}: 09:00 to 18:00, within the 07:00 to 21:00 of operators "
        "(twilio.com/en/guidelines/ae/sms)",
        "ramadan_call_hours": f"{_RESOLUTION_56}: no later in Ramadan",
        "max_calls_per_day": f"{_RESOLUTION_56}: once a day without an answer",
        "max_calls_per_week": f"{_RESOLUTION_56}: twice a week without an answer",
        "friday_prayer": "General Authority of Islamic Affairs: 12:45 in all emirates from 2 January 2026 "
        "(gulfnews.com); the minutes around it are ours",
        "ladder": _NO_LINKS,
        "sms_links": _NO_LINKS,
    },
    "KW": {"promotion_hours": "Operators avoid promotion from 21:00 to 09:00 (docs.mapp.com/docs/kuwait)"},
    "QA": {
        "promotion_hours": "Operators bar promotion from 21:00 to 07:00 and on Fridays "
        "(docs.mapp.com/docs/qatar)",
        "promotion_holidays": "Operators bar promotion on public holidays (docs.mapp.com/docs/qatar)",
    },
    "BH": {
        "message_hours": f"{_BAHRAIN}; kept for single messages too",
        "promotion_hours": _BAHRAIN,
        "ramadan_message_hours": f"{_BAHRAIN}; no later in Ramadan",
    },
    "JO": {
        "promotion_hours": "TRC bars promotion from 21:00 to 07:00 (ameinfo.com); operators until 08:00, "
        "and on Fridays and Saturdays (docs.mapp.com/docs/jordan)",
        "promotion_holidays": "Operators bar promotion on public holidays (docs.mapp.com/docs/jordan)",
    },
    "EG": {
        "promotion_hours": "Operators bar promotion from 21:00 to 09:00, on Fridays and on Saturdays "
        "(docs.mapp.com/docs/egypt)",
        "promotion_holidays": "Operators bar promotion on public holidays (docs.mapp.com/docs/egypt)",
    },
}


def source_of(country: str, name: str) -> str | None:
    """Where the default of a value comes from in a country; None for a choice of ours."""
    return _SOURCES.get(country, {}).get(name)
