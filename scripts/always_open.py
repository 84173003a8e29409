"""Policy values under which buyers may be contacted at any minute, for what must run the same at any hour."""

from collections.abc import Mapping
from typing import Any

ALWAYS_OPEN: Mapping[str, Any] = {
    "call_hours": {"daily": ["00:00-24:00"]},
    "message_hours": {"daily": ["00:00-24:00"]},
    "ramadan_call_hours": None,
    "ramadan_message_hours": None,
    "prayer_pause_calls": "off",
    "prayer_pause_messages": "off",
    "ramadan_calls_from": "00:00",
    "eid_days_shut": 0,
    "holidays": "off",
}
