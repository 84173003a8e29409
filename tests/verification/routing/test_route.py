from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from models.vocabulary import SenderKind
from verification.routing.route import Candidate, Routed, route

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
MINE, THEIRS = UUID(int=1), UUID(int=2)
SECOND = timedelta(seconds=1)


def a_sender(number: int, **more: object) -> Candidate:
    return Candidate(UUID(int=1000 + number), SenderKind.whatsapp, f"+96650000{number:04}", **more)  # type: ignore[arg-type]


def routed(*senders: Candidate, key: str = "a", country: str = "SA", **more: object) -> Routed:
    values = {"kind": SenderKind.whatsapp, "seller_id": MINE, "country": country, "key": key, "now": NOON}
    return route(senders, **(values | more))  # type: ignore[arg-type]


some_senders = st.lists(
    st.builds(
        a_sender,
        st.integers(0, 999),
        seller_id=st.sampled_from((None, MINE, THEIRS)),
        country=st.sampled_from((None, "SA", "AE")),
        weight=st.sampled_from((0, 1, 50, 100)),
        standing=st.sampled_from((5, 100)),
        per_second=st.sampled_from((Decimal(1), Decimal(10))),
        next_slot_at=st.sampled_from((None, NOON, NOON + SECOND, NOON + 5 * SECOND)),
        resting_until=st.sampled_from((None, NOON, NOON + 3 * SECOND)),
    ),
    max_size=8,
    unique_by=lambda one: one.id,
)


@given(some_senders, st.text(max_size=5))
def test_whoever_is_chosen_may_be_used_and_nobody_nearer_could(senders: list[Candidate], key: str) -> None:
    found = routed(*senders, key=key)
    assert [one for one, _ in found.considered] == [one.id for one in senders]
    codes = dict(found.considered)
    assert all(codes.values())
    serving = [one for one in senders if one.serves(MINE, "SA") and one.share]
    usable = [one for one in serving if one.usable_at(NOON) == NOON]
    if found.sender is None:
        assert usable == []
        assert (found.until is None) == (serving == [])
        if found.until is not None:
            assert routed(*senders, key=key, now=found.until).sender is not None
            assert routed(*senders, key=key, now=found.until - timedelta(microseconds=1)).sender is None
    else:
        assert found.sender in usable
        nearness = [(one.seller_id is None, one.country is None) for one in usable]
        assert (found.sender.seller_id is None, found.sender.country is None) == min(nearness)
        assert Counter(codes.values())["chosen"] == 1


@given(some_senders, st.text(max_size=5))
def test_losing_another_sender_moves_nobody(senders: list[Candidate], key: str) -> None:
    chosen = routed(*senders, key=key).sender
    for lost in senders:
        if chosen is not None and lost != chosen:
            kept = [one for one in senders if one != lost]
            assert routed(*kept, key=key).sender == chosen


def test_buyers_are_shared_out_by_weight_and_standing() -> None:
    senders = (a_sender(1, weight=100), a_sender(2, weight=50), a_sender(3, weight=100, standing=50))
    found = Counter(routed(*senders, key=str(number)).sender for number in range(4000))
    assert 1850 < found[senders[0]] < 2150
    assert 850 < found[senders[1]] < 1150
    assert 850 < found[senders[2]] < 1150


def test_the_nearest_that_may_be_used_is_taken() -> None:
    everybody, country = a_sender(1), a_sender(2, country="SA")
    seller, both = a_sender(3, seller_id=MINE), a_sender(4, seller_id=MINE, country="SA")
    for nearest, others in ((both, (seller, country)), (seller, (country,)), (country, ())):
        found = routed(everybody, *others, nearest)
        assert found.sender == nearest
        assert dict(found.considered)[everybody.id] == "wider"
        tired = replace(nearest, resting_until=NOON + SECOND)
        assert routed(everybody, tired).sender == everybody


def test_the_sender_that_the_buyer_wrote_to_comes_first_while_it_may_be_used() -> None:
    near, written_to = a_sender(1, seller_id=MINE), a_sender(2)
    found = routed(near, written_to, prefer=written_to.id)
    assert found.sender == written_to
    assert dict(found.considered) == {near.id: "outweighed", written_to.id: "preferred"}
    gone = replace(written_to, weight=0)
    assert routed(near, gone, prefer=gone.id).sender == near


def test_a_sender_that_was_refused_there_comes_last() -> None:
    one, other = a_sender(1, seller_id=MINE), a_sender(2)
    found = routed(one, other, avoid=frozenset({one.id}))
    assert found.sender == other
    assert dict(found.considered)[one.id] == "refused_here"
    assert routed(one, avoid=frozenset({one.id})).sender == one


def test_it_says_why_each_of_the_others_was_not_taken() -> None:
    found = routed(
        a_sender(1),
        a_sender(2, seller_id=THEIRS),
        a_sender(3, country="AE"),
        a_sender(4, weight=0),
        a_sender(5, resting_until=NOON + SECOND),
        a_sender(6, next_slot_at=NOON + SECOND),
        replace(a_sender(7), kind=SenderKind.sms),
    )
    assert [code for _, code in found.considered] == [
        "chosen",
        "other_seller",
        "other_country",
        "switched_off",
        "resting",
        "no_slot",
        "other_kind",
    ]


def test_without_any_sender_there_is_nothing_to_wait_for() -> None:
    assert routed(a_sender(1, country="AE"), a_sender(2, weight=0)) == Routed(
        None, None, ((UUID(int=1001), "other_country"), (UUID(int=1002), "switched_off"))
    )
