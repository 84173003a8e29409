import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from models.jobs import JobRun
from web.problems import Problem
from web.transaction import in_transaction


def kept(work):
    with work() as session:
        return session.scalar(select(func.count()).select_from(JobRun))


def test_work_that_lost_a_race_is_done_again(app, work, now):
    tries = []

    def race(session):
        tries.append(len(tries))
        session.add_all(JobRun(job=name, ran_at=now) for name in "ab")
        session.flush()
        if len(tries) < 3:
            session.execute(text("INSERT INTO job_runs (job, ran_at) VALUES ('a', now())"))
        return "won"

    with app.app_context():
        assert in_transaction(race) == "won"
    assert tries == [0, 1, 2]
    assert kept(work) == 2


def test_work_that_always_loses_is_an_error_and_leaves_nothing(app, work, now):
    def lose(session):
        session.add(JobRun(job="a", ran_at=now))
        session.flush()
        session.execute(text("INSERT INTO job_runs (job, ran_at) VALUES ('a', now())"))

    with app.app_context(), pytest.raises(IntegrityError):
        in_transaction(lose)
    assert kept(work) == 0


def test_a_problem_undoes_what_was_done_before_it(app, work, now):
    def refuse(session):
        session.add(JobRun(job="a", ran_at=now))
        session.flush()
        raise Problem("order_shipped")

    with app.app_context(), pytest.raises(Problem):
        in_transaction(refuse)
    assert kept(work) == 0
