"""The nightly fit: read, close, fit, write; one at a time, and no transaction is open while it computes."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine, func, select

from models.unit_of_work import unit_of_work
from models.vocabulary import Regime
from verification.habits.folding import fold_waiting
from verification.learning import gathering
from verification.learning.comparing import FEWEST_CONTACTS, TIE_DAYS, Why, compare, judged
from verification.learning.contacts import answer_chances
from verification.learning.current import current_model, current_version
from verification.learning.findings import by_channel, calibrated, findings_of
from verification.learning.leaning import evidence_of, leaning_on, remembered
from verification.learning.versions import hold_promotions, keep, version_of
from verification.slots.fitting import fit
from verification.slots.model import as_json, cold_model

STAGES = ("folding", "reading", "fitting", "comparing", "writing")
Told = Callable[[str], None]

_ONE_FIT = 5_106_001
_FOLDED = 500
_MOST_FOLDS = 4_000


class AlreadyFitting(Exception):
    """Another process is at it."""


@dataclass(frozen=True)
class Night:
    """What a fit came to. `version` is None where none was kept; `in_use` is the version used from now on."""

    why: Why
    version: int | None
    in_use: int
    buyers: int
    contacts: int
    held_out: int
    findings: Mapping[str, Any]

    @property
    def promoted(self) -> bool:
        """Whether the new version is better, or as good and fresher."""
        return self.why in (Why.better, Why.as_good)


def fit_nightly(
    engine: Engine, *, now: datetime, by: str, write: bool = True, tell: Told = lambda _: None
) -> Night:
    """Learn from all buyers anew, compare with the version in use, keep it, and use it if it is no worse.

    `tell` hears the name of each stage as it begins. Without `write` nothing is stored, nor folded before.
    With too few held-out contacts to judge by, nothing is fitted. Raises `AlreadyFitting`.
    """
    with _alone(engine):
        tell("folding")
        if write:
            _fold(engine, now)
        tell("reading")
        with unit_of_work(engine) as session:
            contacts = gathering.held_out(session, now=now)
            standing, in_use = current_version(session), current_model(session)
            if len(contacts) < FEWEST_CONTACTS:
                return Night(Why.too_few, None, in_use.version, 0, 0, len(contacts), {})
            crowd = gathering.crowd(session, now=now)
            chosen = gathering.chosen(session, now=now)
            before = version_of(session, in_use.version)
        tell("fitting")
        taught = _taught(before.findings if before else {})
        counted = evidence_of(crowd.pasts)
        start = leaning_on(cold_model(), in_use.model, taught, counted)
        model = fit(start, crowd.pasts, crowd.places, crowd.pooled)
        tell("comparing")
        chances = answer_chances(model, contacts)
        comparison = compare(contacts, chances, answer_chances(in_use.model, contacts))
        why = judged(comparison, _days_in_use(before.promoted_at if before else None, now))
        findings = findings_of(
            why,
            in_use.version,
            comparison,
            calibrated(contacts, chances),
            by_channel(chosen.channels, chosen.chances, chosen.decided),
            remembered(taught, counted),
        )
        night = Night(why, None, in_use.version, len(crowd.pasts), crowd.contacts, len(contacts), findings)
        if not write:
            return night
        tell("writing")
        return _written(engine, night, as_json(model), standing, by=by, now=now)


def _written(
    engine: Engine, night: Night, model: Mapping[str, Any], standing: int, *, by: str, now: datetime
) -> Night:
    with unit_of_work(engine) as session:
        hold_promotions(session)
        why, promote = night.why, night.promoted
        if current_version(session) != standing:
            # It was compared with a version that somebody has taken out of use meanwhile.
            why, promote = Why.overtaken, False
        version = keep(
            session,
            model=model,
            buyers=night.buyers,
            contacts=night.contacts,
            findings={**night.findings, "why": why.value},
            promote=promote,
            by=by,
            now=now,
        )
        return Night(
            why,
            version,
            current_version(session),
            night.buyers,
            night.contacts,
            night.held_out,
            {**night.findings, "why": why.value},
        )


def _fold(engine: Engine, now: datetime) -> None:
    """Count what waits to be counted; what somebody works at stays for the next night."""
    for _ in range(_MOST_FOLDS):
        with unit_of_work(engine) as session:
            if fold_waiting(session, now=now, limit=_FOLDED) < _FOLDED:
                return


def _taught(findings: Mapping[str, Any]) -> dict[Regime, int]:
    return {Regime(regime): count for regime, count in findings.get("taught", {}).items()}


def _days_in_use(promoted_at: datetime | None, now: datetime) -> float:
    """How old the promotion is; the cold model has always been there."""
    return TIE_DAYS if promoted_at is None else (now - promoted_at) / timedelta(days=1)


@contextmanager
def _alone(engine: Engine) -> Iterator[None]:
    """A lock of the database's for as long as this lasts, on a connection without a transaction."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if not connection.scalar(select(func.pg_try_advisory_lock(_ONE_FIT))):
            raise AlreadyFitting
        try:
            yield
        finally:
            connection.scalar(select(func.pg_advisory_unlock(_ONE_FIT)))
