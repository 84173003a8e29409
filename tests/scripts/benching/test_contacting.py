from collections import Counter
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine, select

from channels.registry import twilio_channels
from channels.twilio.account import Account
from models.attempts import Attempt
from models.unit_of_work import unit_of_work
from models.vocabulary import AttemptState, Channel
from scripts.benching import contacting
from scripts.benching.filling import fill
from scripts.benching.working import NOW
from scripts.twilio_double.serving import Double

SID, TOKEN = "AC" + "be" * 16, "bench"


@pytest.mark.parametrize("threads", [1, 4])
def test_the_worker_and_the_bare_loop_make_the_same_calls(engine: Engine, threads: int) -> None:
    fill(engine, ready=8, future=0, now=NOW, channel=Channel.ivr)
    contacting.add_caller(engine)
    with Double(SID, TOKEN, clock=lambda: datetime.now(UTC)) as double:
        channels = twilio_channels(Account(SID, TOKEN, "https://takeed.example.com", double.base))
        assert contacting.worker_rate(engine, channels, threads, 5.0) > 0
        ours = {name for name, _ in double.calls[0].form}
        assert len(double.calls) == 8
        assert contacting.bare_rate(channels[Channel.ivr], threads, 0.2) > 0
        assert {name for name, _ in double.calls[-1].form} == ours
        assert double.violations == []
    with unit_of_work(engine) as session:
        assert Counter(session.scalars(select(Attempt.state))) == {AttemptState.sent: 8}
