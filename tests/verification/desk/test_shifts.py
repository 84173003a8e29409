from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, delete, select

from models.shifts import AgentInterval
from models.unit_of_work import unit_of_work
from models.vocabulary import AgentState
from tests.verification.desk.staff import somebody
from verification.desk import shifts

START = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
ACTS = st.lists(
    st.tuples(
        st.sampled_from([*AgentState, "stay", "watch", "home"]), st.integers(min_value=0, max_value=400)
    ),
    min_size=1,
    max_size=12,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=ACTS)
def test_the_intervals_of_a_shift_partition_it(engine: Engine, acts: list[tuple[Any, int]]) -> None:
    with unit_of_work(engine) as session:
        session.execute(delete(AgentInterval))
    user, at, heard = somebody(engine, START).id, START, None
    for act, pause in acts:
        at += timedelta(seconds=pause)
        if act == "watch":
            shifts.end_silent(engine, at)
            continue
        with unit_of_work(engine) as session:
            before = shifts.current(session, user, at)
            assert (before is not None) == (heard is not None and at < heard + shifts.STAYS), act
            if act == "home":
                shifts.end_shift(session, user, now=at)
                heard = None
            elif act == "stay":
                # A word is only written down when it is worth it, never half a minute late.
                until = shifts.stay(session, user, now=at).expires_at
                assert at + shifts.STAYS - timedelta(seconds=30) <= until <= at + shifts.STAYS
                heard = until - shifts.STAYS
            else:
                assert shifts.enter(session, user, act, now=at).state is act
                heard = at
    with unit_of_work(engine) as session:
        found = session.scalars(
            select(AgentInterval).order_by(AgentInterval.began_at, AgentInterval.id)
        ).all()
    for one, following in pairwise(found):
        assert one.ended_at is not None
        assert one.began_at <= one.ended_at <= following.began_at
        # Between two there is a gap only where nothing was heard, or the agent had gone home.
        assert one.ended_at == following.began_at or one.ended_at <= one.expires_at
    assert sum(one.ended_at is None for one in found) <= 1


def test_silence_ends_a_shift_when_the_last_word_ran_out(engine: Engine, now: datetime) -> None:
    user = somebody(engine, now).id
    with unit_of_work(engine) as session:
        shifts.enter(session, user, AgentState.call, now=now)
    assert shifts.end_silent(engine, now + timedelta(seconds=149)) == 0
    assert shifts.end_silent(engine, now + timedelta(hours=1)) == 1
    with unit_of_work(engine) as session:
        [interval] = session.scalars(select(AgentInterval))
    assert interval.ended_at == now + shifts.STAYS
