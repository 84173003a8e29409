from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from models.reasons import Reason
from models.vocabulary import Channel, Choice, MessageClass
from tests.verification.hours.around import IN_RIYADH, NO_PAUSES
from tests.verification.planning import literal
from verification.hours.calendar import COMPUTED
from verification.hours.deciding import closes_at
from verification.hours.where import Where
from verification.planning.case import CaseFacts, Past, Point, Turn, Wish
from verification.planning.permission import Touch, counted, kind_of
from verification.planning.plan import ASKED, PROMISED, Plan, Planned, Stop, plan
from verification.policy.values import Policy, Rung, default_policy, with_overrides

NOON = datetime(2026, 11, 22, 9, tzinfo=UTC)  # a Sunday, 12:00 in Riyadh
WHATSAPP, SMS, IVR, AGENT = Channel.whatsapp, Channel.sms, Channel.ivr, Channel.agent_call
LADDER = [(WHATSAPP, 0), (SMS, 60), (IVR, 60), (AGENT, 60), (AGENT, 120), (AGENT, 120)]
SA = with_overrides(
    default_policy("SA"),
    {"ladder": [Rung(channel=channel, after_minutes=after) for channel, after in LADDER], **NO_PAUSES},
)
MOBILE, FIXED = frozenset({WHATSAPP, SMS, IVR, AGENT}), frozenset({IVR, AGENT})
ONE, TWO = UUID(int=1), UUID(int=2)


def point(id_: UUID = ONE, **known: Any) -> Point:
    return Point(id_, **({"carries": MOBILE} | known))


def past(*made: tuple[Channel, float], of: UUID = ONE, waiting: bool = True) -> tuple[Past, ...]:
    """Contacts made so many hours ago."""
    return tuple(Past(channel, NOON - timedelta(hours=ago), of, open=waiting) for channel, ago in made)


def touched(pasts: Sequence[Past]) -> tuple[Touch, ...]:
    return tuple(Touch(one.channel, one.at) for one in pasts)


def next_of(
    points: Sequence[Point],
    pasts: Sequence[Past] = (),
    *,
    wish: Wish | None = None,
    hours: float = 48,
    policy: Policy = SA,
    now: datetime = NOON,
    where: Where = IN_RIYADH,
) -> Plan:
    decide_by = now + timedelta(hours=hours)
    facts = CaseFacts(where, COMPUTED, decide_by, tuple(points), tuple(pasts), wish)
    return plan(facts, policy, now)


def contacts(planned: Plan) -> list[Channel]:
    assert planned.next
    return [rung.channel for rung in (planned.next, *planned.ladder)]


def test_a_new_case_starts_at_the_foot_of_the_ladder_and_shows_the_rest() -> None:
    planned = next_of([point()])
    assert contacts(planned) == [rung.channel for rung in SA.ladder]
    assert planned.next == Planned(WHATSAPP, ONE, NOON, Reason("first_contact"), 50)
    assert [rung.not_before for rung in planned.ladder[:2]] == [
        NOON + timedelta(hours=1),
        NOON + timedelta(hours=2),
    ]


def test_the_next_rung_keeps_its_distance_to_the_contact_before() -> None:
    planned = next_of([point()], past((WHATSAPP, 0.5)))
    assert planned.next == Planned(
        SMS, ONE, NOON + timedelta(minutes=30), Reason("no_answer_yet", {"tried": "whatsapp"}), 100
    )


def test_after_a_contact_that_never_left_the_next_rung_waits_for_nothing() -> None:
    refused = Past(SMS, NOON, ONE, open=False, left=False)
    planned = next_of([point()], (*past((WHATSAPP, 1), waiting=False), refused))
    assert planned.next == Planned(IVR, ONE, NOON, Reason("could_not_contact", {"tried": "sms"}), 100)
    assert planned.ladder[0].not_before == NOON + timedelta(hours=1)


def test_a_call_that_never_left_has_tried_no_part_of_the_day() -> None:
    policy = with_overrides(SA, {"ladder": [Rung(channel=IVR, after_minutes=0)] * 2})
    here = [Past(IVR, NOON, ONE, open=False, left=left) for left in (True, False)]
    rang, never_rang = (next_of([point()], [each], policy=policy).next for each in here)
    assert rang
    assert never_rang
    assert rang.not_before == NOON + timedelta(hours=1)
    assert never_rang.not_before == NOON


def test_channels_that_do_not_reach_the_phone_or_are_unwanted_are_left_out() -> None:
    known = point(unreachable=frozenset({WHATSAPP}), opted_out=frozenset({SMS}))
    assert contacts(next_of([known]))[0] is IVR


def test_a_landline_gets_calls_only() -> None:
    assert set(contacts(next_of([point(carries=FIXED)]))) == {IVR, AGENT}


def test_when_no_number_exists_an_agent_looks_once_before_the_ladder_goes_on() -> None:
    missing = point(unreachable=frozenset({WHATSAPP, SMS, IVR}), exists=False)
    planned = next_of([missing], past((WHATSAPP, 1), waiting=False))
    assert planned.next == Planned(AGENT, ONE, NOON, Reason("no_such_number"), ASKED, chosen=Choice.owed)
    looked = past((WHATSAPP, 2), (AGENT, 1), waiting=False)
    following = next_of([missing], looked).next
    assert following
    assert following.reason.code == "no_answer_yet"


def test_an_order_never_gets_more_contacts_than_its_cap() -> None:
    policy = with_overrides(SA, {"max_attempts_per_order": 3})
    assert len(contacts(next_of([point()], policy=policy))) == 3
    done = past((WHATSAPP, 9), (SMS, 8), (IVR, 7), waiting=False)
    assert next_of([point(touches=touched(done))], done, policy=policy).stop is Stop.no_response


def test_a_promised_call_comes_first_and_at_its_time() -> None:
    promised = NOON + timedelta(hours=5)
    planned = next_of([point()], past((WHATSAPP, 1)), wish=Wish(Reason("asked_to_call_later"), promised))
    assert planned.next == Planned(
        AGENT, ONE, promised, Reason("asked_to_call_later"), PROMISED, chosen=Choice.owed
    )


def test_a_wish_for_an_agent_is_met_as_soon_as_may_be_whatever_messages_went_before() -> None:
    made = past((WHATSAPP, 0.1))
    planned = next_of([point(touches=touched(made))], made, wish=Wish(Reason("buyer_question")))
    assert planned.next == Planned(AGENT, ONE, NOON, Reason("buyer_question"), ASKED, chosen=Choice.owed)


def test_a_promise_for_the_night_is_kept_in_the_morning_and_says_why() -> None:
    promised = datetime(2026, 11, 22, 22, tzinfo=UTC)
    planned = next_of([point()], wish=Wish(Reason("asked_to_call_later"), promised))
    assert planned.next
    assert planned.next.not_before == datetime(2026, 11, 23, 7, tzinfo=UTC)
    assert planned.next.reason == Reason("asked_to_call_later", {"held_by": ["outside_hours"]})


def test_a_promise_stands_even_past_the_deadline_which_will_decide() -> None:
    promised = NOON + timedelta(hours=5)
    planned = next_of([point()], wish=Wish(Reason("asked_to_call_later"), promised), hours=2)
    assert planned.next
    assert planned.next.not_before == promised


def test_who_wants_no_calls_is_not_called_by_an_agent_either() -> None:
    planned = next_of([point(opted_out=frozenset({AGENT, IVR}))], wish=Wish(Reason("buyer_question")))
    assert contacts(planned) == [WHATSAPP, SMS]


def test_an_order_without_any_number_goes_to_an_agent_once() -> None:
    planned = next_of([])
    assert planned.next == Planned(AGENT, None, NOON, Reason("no_usable_number"), ASKED, chosen=Choice.owed)
    seen = (Past(AGENT, NOON - timedelta(hours=1), None, open=False),)
    assert next_of([], seen).stop is Stop.no_usable_number


def test_after_a_wrong_number_the_next_one_is_tried_at_once_from_the_foot_of_the_ladder() -> None:
    planned = next_of([point(TWO)], past((WHATSAPP, 0.1), waiting=False))
    assert planned.next == Planned(WHATSAPP, TWO, NOON, Reason("next_number"), 100)


def test_when_the_first_number_is_used_up_the_next_one_has_its_turn() -> None:
    made = past((WHATSAPP, 30), (SMS, 28), (IVR, 26), (AGENT, 24), (AGENT, 4), (AGENT, 2), waiting=False)
    planned = next_of([point(touches=touched(made)), point(TWO)], made)
    assert planned.next
    assert (planned.next.channel, planned.next.point_id) == (WHATSAPP, TWO)


def test_a_dead_number_gives_way_even_when_nothing_shut_its_calls() -> None:
    made = past((IVR, 30), (AGENT, 26), (AGENT, 4), (AGENT, 2), waiting=False)
    dead = point(unreachable=frozenset({WHATSAPP, SMS, AGENT}), touches=touched(made))
    planned = next_of([dead, point(TWO)], made)
    assert planned.next
    assert planned.next.point_id == TWO


def test_a_call_is_repeated_in_another_part_of_the_day() -> None:
    made = past((AGENT, 2), waiting=False)  # at 10:00
    agents = with_overrides(SA, {"ladder": [Rung(channel=AGENT, after_minutes=60)] * 3})
    planned = next_of([point(touches=touched(made))], made, policy=agents)
    assert planned.next
    assert planned.next.not_before == NOON + timedelta(hours=1)
    assert planned.next.reason.params["held_by"] == ["other_hours"]
    steady = with_overrides(agents, {"vary_call_hours": False})
    again = next_of([point(touches=touched(made))], made, policy=steady)
    assert again.next
    assert again.next.not_before == NOON


def test_the_part_of_the_day_yields_to_the_deadline() -> None:
    made = past((AGENT, 2), waiting=False)
    agents = with_overrides(SA, {"ladder": [Rung(channel=AGENT, after_minutes=60)] * 3})
    planned = next_of([point(touches=touched(made))], made, policy=agents, hours=0.5)
    assert planned.next
    assert planned.next.not_before == NOON


def test_a_deadline_in_another_century_costs_nothing() -> None:
    made = past((AGENT, 2), (AGENT, 22), (AGENT, 18), waiting=False)
    agents = with_overrides(
        SA, {"ladder": [Rung(channel=AGENT, after_minutes=0)] * 9, "max_calls_per_day": 9}
    )
    assert next_of([point(touches=touched(made))], made, policy=agents, hours=24 * 365 * 500).next


def test_nothing_is_planned_for_after_the_deadline() -> None:
    planned = next_of([point()], hours=1.5)
    assert contacts(planned) == [WHATSAPP, SMS]


USED_UP = past((WHATSAPP, 30), (SMS, 28), (IVR, 26), (AGENT, 24), (AGENT, 4), waiting=False)


def test_while_an_answer_may_still_come_the_case_waits_for_it() -> None:
    made = (*USED_UP, *past((WHATSAPP, 5)), *past((AGENT, 2), waiting=False))
    planned = next_of([point(touches=touched(made))], made)
    assert planned.next == Planned(
        Channel.page, None, NOON + timedelta(hours=1), Reason("waiting_for_answer"), 200, chosen=None
    )


def test_the_wait_ends_with_the_deadline() -> None:
    made = past((WHATSAPP, 5))
    only = with_overrides(SA, {"ladder": [Rung(channel=WHATSAPP, after_minutes=0)]})
    planned = next_of([point(touches=touched(made))], made, policy=only, hours=0.5)
    assert planned.next
    assert planned.next.not_before == NOON + timedelta(minutes=30)


def test_when_nothing_is_left_the_plan_says_why() -> None:
    used_up = (*USED_UP, *past((AGENT, 2), waiting=False))
    assert next_of([point(touches=touched(used_up))], used_up).stop is Stop.no_response
    silenced = point(opted_out=frozenset({WHATSAPP, SMS}), unreachable=FIXED)
    assert next_of([silenced], past((WHATSAPP, 1), waiting=False)).stop is Stop.opted_out
    assert next_of([], past((WHATSAPP, 1), waiting=False)).stop is Stop.no_usable_number


CHANNELS = st.frozensets(st.sampled_from(sorted(MOBILE)))
AGO = st.integers(0, 60 * 24 * 8).map(lambda minutes: timedelta(minutes=minutes))


@st.composite
def cases(draw: st.DrawFn) -> CaseFacts:
    now = NOON + timedelta(minutes=draw(st.integers(0, 7 * 24 * 60)))
    points, pasts = [], []
    for number in range(draw(st.integers(0, 3))):
        carries = draw(st.sampled_from([MOBILE, MOBILE, FIXED]))
        made = draw(st.lists(st.tuples(st.sampled_from(sorted(carries)), AGO, st.booleans()), max_size=5))
        mine = [Past(channel, now - ago, UUID(int=number), waiting) for channel, ago, waiting in made]
        by_others = draw(
            st.lists(st.builds(Touch, st.sampled_from(sorted(carries)), AGO.map(now.__sub__)), max_size=4)
        )
        pasts += mine
        points.append(
            Point(
                UUID(int=number),
                carries,
                draw(CHANNELS),
                draw(CHANNELS),
                tuple(sorted([*touched(mine), *by_others], key=lambda touch: touch.at)),
            )
        )
    at = st.integers(-600, 3000).map(lambda minutes: now + timedelta(minutes=minutes))
    wish = draw(st.none() | st.builds(Wish, st.just(Reason("buyer_question")), st.none() | at))
    past = tuple(sorted(pasts, key=lambda one: one.at))
    return CaseFacts(IN_RIYADH, COMPUTED, draw(at), tuple(points), past, wish)


POLICIES = st.builds(
    lambda country, most, vary: with_overrides(
        default_policy(country), {"max_attempts_per_order": most, "vary_call_hours": vary}
    ),
    st.sampled_from(["SA", "AE", "EG"]),
    st.integers(1, 9),
    st.booleans(),
)


@settings(max_examples=300, deadline=None)
@given(facts=cases(), policy=POLICIES, drift=st.integers(0, 7 * 24 * 60))
def test_whatever_is_known_a_plan_keeps_the_rules(facts: CaseFacts, policy: Policy, drift: int) -> None:
    latest = max((touch.at for point in facts.points for touch in point.touches), default=NOON)
    now = max(latest, NOON + timedelta(minutes=drift))
    planned = plan(facts, policy, now)

    assert (planned.next is None) == (planned.stop is not None)
    if planned.next is None:
        assert planned.ladder == ()
        return
    if planned.next.channel is Channel.page:
        assert now < planned.next.not_before <= facts.decide_by
        # Waiting is for an answer, or for a first contact that the hours do not allow in time.
        if planned.next.reason.code == "no_time_in_sight":
            assert facts.past == ()
            assert any(point.usable for point in facts.points)
        else:
            assert any(one.open for one in facts.past)
        return
    made = [planned.next, *planned.ladder]
    assert len(facts.past) + len(made) <= policy.max_attempts_per_order
    assert all(one.not_before >= now for one in made)
    assert [one.not_before for one in made] == sorted(one.not_before for one in made)
    wished = planned.next.priority <= ASKED
    by_id = {point.id: point for point in facts.points}
    touches = {point.id: list(point.touches) for point in facts.points}
    for one in made:
        if one.point_id is None:
            assert not facts.points
            assert literal.is_open(policy.call_hours, IN_RIYADH.zone, one.not_before)
            continue
        assert one.channel in by_id[one.point_id].usable
        asked = (kind_of(one.channel), MessageClass.service, facts.where, policy, COMPUTED, one.not_before)
        assert closes_at(*asked) > one.not_before
        known = counted(touches[one.point_id], owed=wished)
        assert literal.broken_rules(one.channel, known, policy, IN_RIYADH.zone, one.not_before) == set()
        touches[one.point_id].append(Touch(one.channel, one.not_before))
        assert wished or one.not_before < facts.decide_by


def test_a_contact_that_could_not_be_made_keeps_its_place_while_it_may_be_made() -> None:
    since = NOON - timedelta(hours=1)

    def planned_at(channel: Channel, now: datetime) -> datetime:
        turn = Turn(channel, since)
        facts = CaseFacts(IN_RIYADH, COMPUTED, now + timedelta(days=2), (point(),), turn=turn)
        made = plan(facts, SA, now).next
        assert made
        return made.not_before

    assert planned_at(WHATSAPP, NOON) == since
    assert planned_at(SMS, NOON) == NOON
    # The hours are over meanwhile: the morning has an order of its own.
    assert planned_at(WHATSAPP, NOON + timedelta(hours=14)) > NOON + timedelta(hours=14)


def test_a_phone_that_was_off_is_called_once_more_before_the_ladder_goes_on() -> None:
    off = (Past(WHATSAPP, NOON - timedelta(hours=1), ONE, open=False, switched_off=True),)
    planned = next_of([point()], off)
    assert planned.next
    assert (planned.next.channel, planned.next.not_before) == (WHATSAPP, NOON + timedelta(hours=2))
    assert planned.next.reason.code == "phone_was_off"
    assert contacts(planned) == [WHATSAPP, SMS, IVR, AGENT, AGENT, AGENT]
    # Off again, or by now reached: no third time.
    twice = (*off, Past(WHATSAPP, NOON, ONE, open=False, switched_off=True))
    assert contacts(next_of([point()], twice)) == [SMS, IVR, AGENT, AGENT, AGENT]
