"""Findings as a night leaves them, without the night."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from verification.learning.versions import keep
from verification.slots.model import as_json, cold_model

_PLAIN = as_json(cold_model())


def findings(why: str = "better", against: int = 0, difference: float = -0.0123) -> dict[str, Any]:
    """Two channels with curves, one of them also of decisions; a third without enough contacts."""
    losses = {
        "contacts": 4200,
        "new": 0.5512,
        "in_use": 0.5512 - difference,
        "difference": difference,
        "error": 0.002,
    }
    curve = {
        "contacts": 2100,
        "error": 0.031,
        "brier": 0.2,
        "loss": 0.55,
        "points": [[0.1, 0.08, 700], [0.42, 0.4, 700], [0.8, 0.86, 700]],
    }
    return {
        "why": why,
        "against": against,
        "overall": losses,
        "parts": [
            {"channel": channel, "regime": regime, **losses}
            for channel in ("whatsapp", "ivr", "agent_call")
            for regime in ("normal", "ramadan", "eid")
        ],
        "calibration": {"whatsapp": curve, "agent_call": {**curve, "error": 0.011}},
        "chosen": {"agent_call": {**curve, "points": [[0.25, 0.22, 900], [0.6, 0.48, 900]]}},
        "taught": {"normal": 38000, "ramadan": 2100, "eid": 0},
    }


def a_version(session: Session, now: datetime, *, promote: bool = True, **found: Any) -> int:
    """A version with such findings."""
    return keep(
        session,
        model=_PLAIN,
        buyers=5120,
        contacts=40100,
        findings=findings(**found),
        promote=promote,
        by="scheduler",
        now=now,
    )
