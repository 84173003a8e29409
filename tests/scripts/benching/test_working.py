from sqlalchemy import Engine, func, select

from models.steps import Step
from models.unit_of_work import unit_of_work
from models.vocabulary import StepState
from scripts.benching.filling import fill
from scripts.benching.working import NOW, Worker, recorded, take_one


class Nobody:
    """A barrier that holds nobody up."""

    def wait(self) -> None:
        pass


def states(engine: Engine) -> dict[StepState, int]:
    with unit_of_work(engine) as session:
        return dict(session.execute(select(Step.state, func.count()).group_by(Step.state)).all())


def test_the_bare_loop_does_the_same_as_our_own_code(engine: Engine, database_url: str) -> None:
    fill(engine, ready=5, future=3, now=NOW)
    statements = recorded(database_url)
    assert states(engine) == {StepState.done: 2, StepState.ready: 3, StepState.scheduled: 3}

    take_one(engine)
    assert states(engine)[StepState.done] == 3
    worker = Worker({"none": database_url}, statements, Nobody())  # type: ignore[arg-type]
    worker.bare("none")
    worker.bare("none")
    worker.close()

    assert states(engine) == {StepState.done: 5, StepState.scheduled: 3}
    with unit_of_work(engine) as session:
        ended = select(Step.lease_token, Step.end_reason, Step.live).where(Step.state == StepState.done)
        assert set(session.execute(ended).all()) == {(1, "bench", False)}
