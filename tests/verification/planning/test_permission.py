from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from models.vocabulary import Channel
from tests.verification.planning import literal
from verification.planning.permission import Touch, counted, permit
from verification.policy.values import default_policy, with_overrides

ZONE = "Asia/Riyadh"
NOON = datetime(2026, 11, 22, 9, tzinfo=UTC)  # a Sunday, 12:00 in Riyadh
POLICY = default_policy("SA")


def touches(channel: Channel, *hours_ago: float) -> list[Touch]:
    return [Touch(channel, NOON - timedelta(hours=ago)) for ago in hours_ago]


def test_an_open_hour_without_a_past_is_permitted_at_once() -> None:
    permission = permit(Channel.whatsapp, [], POLICY, ZONE, NOON)
    assert permission.at == NOON
    assert permission.reasons == ()


def test_two_contacts_keep_their_distance() -> None:
    permission = permit(Channel.sms, touches(Channel.whatsapp, 0.25), POLICY, ZONE, NOON)
    assert permission.at == NOON + timedelta(minutes=5)
    assert permission.reasons == ("min_gap",)


def test_the_day_of_a_cap_is_the_buyers_day() -> None:
    # Four contacts since 01:00 in Riyadh; one more at 23:30 the evening before does not count.
    today = touches(Channel.whatsapp, 1, 2, 3, 11)
    assert permit(Channel.whatsapp, today[:3], POLICY, ZONE, NOON).at == NOON
    permission = permit(Channel.whatsapp, today, POLICY, ZONE, NOON)
    assert permission.at == datetime(2026, 11, 23, 6, tzinfo=UTC)  # 09:00 the next morning
    assert permission.reasons == ("day_cap", "outside_hours")
    yesterday = [*today[:3], *touches(Channel.whatsapp, 12.5)]
    assert permit(Channel.whatsapp, yesterday, POLICY, ZONE, NOON).at == NOON


def test_calls_have_a_lower_cap_that_does_not_hold_messages() -> None:
    called = touches(Channel.ivr, 1, 1.5, 2)
    assert permit(Channel.agent_call, called, POLICY, ZONE, NOON).at == datetime(2026, 11, 23, 7, tzinfo=UTC)
    assert permit(Channel.sms, called, POLICY, ZONE, NOON).at == NOON


def test_the_week_is_seven_times_24_hours() -> None:
    policy = with_overrides(POLICY, {"max_calls_per_week": 2})
    called = [Touch(Channel.ivr, NOON - timedelta(days=7)), Touch(Channel.ivr, NOON - timedelta(days=2))]
    assert permit(Channel.ivr, called, policy, ZONE, NOON).at == NOON
    assert permit(Channel.ivr, called, policy, ZONE, NOON - timedelta(minutes=1)).at == NOON


def test_hours_that_never_open_permit_nothing() -> None:
    permission = permit(Channel.ivr, [], with_overrides(POLICY, {"call_hours": {}}), ZONE, NOON)
    assert permission.at is None
    assert permission.reasons == ("outside_hours",)


def test_our_own_messages_do_not_hold_up_what_the_buyer_is_owed() -> None:
    mixed = (*touches(Channel.whatsapp, 0.1), *touches(Channel.ivr, 2))
    assert counted(mixed, owed=True) == mixed[1:]
    assert counted(mixed, owed=False) == mixed


@st.composite
def pasts(draw: st.DrawFn) -> list[Touch]:
    ago = st.one_of(st.integers(0, 180), st.integers(0, 11_000)).map(
        lambda minutes: timedelta(minutes=minutes)
    )
    channels = st.sampled_from([Channel.whatsapp, Channel.sms, Channel.ivr, Channel.agent_call])
    made = draw(st.lists(st.tuples(channels, ago), max_size=14))
    return sorted((Touch(channel, NOON - back) for channel, back in made), key=lambda touch: touch.at)


POLICIES = st.fixed_dictionaries(
    {},
    optional={
        "min_gap_minutes": st.integers(0, 1440),
        "max_attempts_per_day": st.integers(1, 4),
        "max_calls_per_day": st.integers(1, 3),
        "max_calls_per_week": st.integers(1, 5),
    },
)


@settings(max_examples=200, deadline=None)
@given(
    made=pasts(),
    overrides=POLICIES,
    country=st.sampled_from(["SA", "AE", "EG"]),
    channel=st.sampled_from([Channel.whatsapp, Channel.ivr]),
    later=st.integers(0, 3000),
    between=st.floats(0, 0.99),
)
def test_what_is_permitted_breaks_no_rule_and_anything_earlier_would(
    made: list[Touch], overrides: dict[str, int], country: str, channel: Channel, later: int, between: float
) -> None:
    policy, zone = with_overrides(default_policy(country), overrides), "Africa/Cairo"
    asked = NOON + timedelta(minutes=later)
    permission = permit(channel, made, policy, zone, asked)
    assert permission.at is not None
    assert permission.at >= asked
    assert bool(permission.reasons) == (permission.at > asked)
    assert literal.broken_rules(channel, made, policy, zone, permission.at) == set()
    if permission.at > asked:
        earlier = asked + (permission.at - asked) * between
        assert literal.broken_rules(channel, made, policy, zone, earlier)
