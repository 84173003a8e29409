"""What is counted while orders go their whole way, against a count of all that is stored at the end."""

from collections import Counter
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from channels.sandbox import scripted
from models.attempts import Attempt
from models.buyers import BuyerSign
from models.slots import Habits
from models.steps import Step
from models.unit_of_work import unit_of_work
from models.vocabulary import Outcome, SignOfLife
from tests.building import Town, set_policy
from verification.habits.folding import attempt_cell, fold_waiting

PHONES = [f"+96655000000{number}" for number in range(5)]
SCRIPTS = {
    PHONES[0]: [scripted.reads(), scripted.confirms()],
    PHONES[1]: [scripted.says("الرقم غلط")],
    PHONES[2]: [scripted.dead()] * 3,
    PHONES[3]: [scripted.confirms(timedelta(0))],
}


def test_the_counts_are_those_of_all_that_happened(engine: Engine, now: datetime) -> None:
    set_policy(engine, now, {"chooser": "learned"}, country="SA")
    town = Town(engine, now, SCRIPTS)
    for phone in PHONES:
        town.order(phone=phone)
    town.run(timedelta(hours=30))
    with unit_of_work(engine) as session:
        while fold_waiting(session, now=town.clock.at, limit=2):
            pass
        assert counted(session) == happened(session)
        assert {Outcome.answered, Outcome.wrong_number, Outcome.no_answer} & {
            each.outcome for each in session.scalars(select(Attempt))
        }


def counted(session: Session) -> dict[UUID, Counter[int]]:
    rows = session.scalars(select(Habits))
    return {row.buyer_id: Counter({int(cell): times for cell, times in row.cells.items()}) for row in rows}


def happened(session: Session) -> dict[UUID, Counter[int]]:
    found: dict[UUID, Counter[int]] = {}
    for attempt, country in session.execute(
        select(Attempt, Step.country).join(Step, Step.id == Attempt.step_id)
    ):
        cell = attempt_cell(attempt, country)
        if cell is not None:
            found.setdefault(attempt.buyer_id, Counter())[cell] += 1
    for sign in session.scalars(select(BuyerSign)):
        assert sign.counted_as is not None
        found.setdefault(sign.buyer_id, Counter())[sign.counted_as] += 1
    assert SignOfLife.message_read in session.scalars(select(BuyerSign.kind)).all()
    return found
