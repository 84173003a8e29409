"""Facts in words out of counts."""

from datetime import UTC, datetime
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from models.vocabulary import Channel, Regime, SignOfLife
from verification.habits.telling import Fact, Heard, heard
from verification.slots.cells import WIDTH, contact_cell, meant_by, order_cell, sign_cell
from verification.slots.counts import Past

SUNDAY = datetime(2026, 10, 4, tzinfo=UTC)


def past(*contacts: tuple[int, int, int], reads: dict[int, int] | None = None, **kind: object) -> Past:
    """Calls by hour: (hour, answered, missed); messages read by hour."""
    found = Past()
    regime, channel = kind.get("regime", Regime.normal), kind.get("channel", Channel.agent_call)
    for hour, answered, missed in contacts:
        at = SUNDAY.replace(hour=hour)
        for reached, times in ((True, answered), (False, missed)):
            if times:
                found.add(contact_cell(channel, at, "SA", regime, reached=reached), times)
    for hour, times in (reads or {}).items():
        found.add(sign_cell(SignOfLife.message_read, SUNDAY.replace(hour=hour), "SA"), times)
    return found


def test_answers_after_an_hour_when_clearly_so() -> None:
    told = heard(past((10, 0, 2), (16, 0, 2), (20, 2, 1), (21, 1, 0), reads={21: 2}))
    assert told == (
        Heard(Fact.answers_after, 20, 3),
        Heard(Fact.answers_at, 20, 2),
        Heard(Fact.answers_at, 21, 1),
        Heard(Fact.reads_at, 21, 2),
    )


def test_little_says_nothing_of_an_hour() -> None:
    for little in (
        past((10, 0, 2), (20, 3, 0)),
        past((10, 0, 3), (20, 2, 0)),
        past((10, 2, 3), (20, 3, 0)),
        past((10, 0, 5), (20, 3, 4)),
    ):
        assert Fact.answers_after not in {each.kind for each in heard(little)}


def test_three_unanswered_calls_are_told_and_messages_are_no_calls() -> None:
    assert heard(past((11, 0, 2), (17, 0, 1))) == (Heard(Fact.never_answered, None, 3),)
    assert heard(past((11, 0, 2))) == ()
    assert heard(past((11, 0, 9), channel=Channel.whatsapp)) == ()


def test_another_regimes_contacts_are_not_this_ones() -> None:
    ramadan = past((22, 3, 0), (11, 0, 3), regime=Regime.ramadan, reads={21: 2})
    assert heard(ramadan) == (Heard(Fact.reads_at, 21, 2),)
    assert Fact.reads_at not in {each.kind for each in heard(ramadan, regime=Regime.ramadan)}
    assert heard(ramadan, regime=Regime.ramadan)[0] == Heard(Fact.answers_after, 22, 3)


def test_nothing_known_nothing_told() -> None:
    orders = Past({order_cell(SUNDAY.replace(hour=21)): 4})
    assert heard(Past()) == heard(orders) == ()


@given(st.dictionaries(st.integers(0, WIDTH - 1), st.integers(1, 5), max_size=30), st.randoms())
def test_facts_hold_of_any_counts_however_they_are_sorted(cells: dict[int, int], random: Random) -> None:
    told = heard(Past(cells))
    assert len(told) <= 7
    assert all(each.times > 0 and (each.hour is None or 0 <= each.hour < 24) for each in told)
    shuffled = list(cells.items())
    random.shuffle(shuffled)
    assert heard(Past(dict(shuffled))) == told


@given(
    st.sampled_from([Channel.whatsapp, Channel.sms, Channel.ivr, Channel.agent_call]),
    st.integers(0, 167),
    st.sampled_from(["SA", "AE"]),
    st.sampled_from(Regime),
    st.booleans(),
)
def test_a_cell_reads_back_as_what_was_counted(
    channel: Channel, of_week: int, country: str, regime: Regime, reached: bool
) -> None:
    at = datetime(2026, 10, 5 + of_week // 24, of_week % 24, tzinfo=UTC)
    meant = meant_by(contact_cell(channel, at, country, regime, reached=reached))
    rest = at.weekday() in ({5, 6} if country == "AE" else {4, 5})
    assert (meant.channel, meant.hour, meant.rest) == (channel, at.hour, rest)
    assert (meant.regime, meant.reached, meant.sign) == (regime, reached, None)


@given(st.sampled_from(SignOfLife), st.integers(0, 167))
def test_a_signs_cell_reads_back_too(kind: SignOfLife, of_week: int) -> None:
    at = datetime(2026, 10, 5 + of_week // 24, of_week % 24, tzinfo=UTC)
    meant = meant_by(sign_cell(kind, at, "SA"))
    assert (meant.sign, meant.hour, meant.channel) == (kind, at.hour, None)
