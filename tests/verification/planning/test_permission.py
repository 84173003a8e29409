from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from models.vocabulary import Channel
from tests.verification.hours.around import IN_CAIRO, IN_RIYADH, NO_PAUSES, at
from tests.verification.planning import literal
from verification.hours.calendar import COMPUTED
from verification.planning.permission import Permission, Touch, counted, ended
from verification.planning.permission import permit as asked
from verification.policy.values import Policy, default_policy, with_overrides

NOON = datetime(2026, 11, 22, 9, tzinfo=UTC)  # a Sunday, 12:00 in Riyadh
POLICY = with_overrides(default_policy("SA"), NO_PAUSES)


def permit(channel: Channel, made: Sequence[Touch], policy: Policy, at: datetime) -> Permission:
    return asked(channel, made, policy, IN_RIYADH, at, calendar=COMPUTED)


def touches(channel: Channel, *hours_ago: float) -> list[Touch]:
    return [Touch(channel, NOON - timedelta(hours=ago)) for ago in hours_ago]


def test_an_open_hour_without_a_past_is_permitted_at_once() -> None:
    permission = permit(Channel.whatsapp, [], POLICY, NOON)
    assert permission.at == NOON
    assert permission.reasons == ()


def test_two_contacts_keep_their_distance() -> None:
    permission = permit(Channel.sms, touches(Channel.whatsapp, 0.25), POLICY, NOON)
    assert permission.at == NOON + timedelta(minutes=5)
    assert permission.reasons == ("min_gap",)


def test_while_a_call_goes_on_no_other_is_made_to_the_phone_even_without_a_gap() -> None:
    policy = with_overrides(POLICY, {"min_gap_minutes": 0})
    over = NOON + timedelta(minutes=10)
    rings = [Touch(Channel.ivr, NOON, over)]
    for channel in (Channel.ivr, Channel.agent_call):
        permission = permit(channel, rings, policy, NOON)
        assert (permission.at, permission.reasons) == (over, ("on_the_phone",))
        assert permit(channel, ended(rings), policy, NOON).at == NOON
    assert permit(Channel.whatsapp, rings, policy, NOON).at == NOON


def test_the_day_of_a_cap_is_the_buyers_day() -> None:
    # Four contacts since 01:00 in Riyadh; one more at 23:30 the evening before does not count.
    today = touches(Channel.whatsapp, 1, 2, 3, 11)
    assert permit(Channel.whatsapp, today[:3], POLICY, NOON).at == NOON
    permission = permit(Channel.whatsapp, today, POLICY, NOON)
    assert permission.at == datetime(2026, 11, 23, 6, tzinfo=UTC)  # 09:00 the next morning
    assert permission.reasons == ("day_cap", "outside_hours")
    yesterday = [*today[:3], *touches(Channel.whatsapp, 12.5)]
    assert permit(Channel.whatsapp, yesterday, POLICY, NOON).at == NOON


def test_calls_have_a_lower_cap_that_does_not_hold_messages() -> None:
    called = touches(Channel.ivr, 1, 1.5, 2)
    assert permit(Channel.agent_call, called, POLICY, NOON).at == datetime(2026, 11, 23, 7, tzinfo=UTC)
    assert permit(Channel.sms, called, POLICY, NOON).at == NOON


def test_the_week_is_seven_times_24_hours() -> None:
    policy = with_overrides(POLICY, {"max_calls_per_week": 2})
    called = [Touch(Channel.ivr, NOON - timedelta(days=7)), Touch(Channel.ivr, NOON - timedelta(days=2))]
    assert permit(Channel.ivr, called, policy, NOON).at == NOON
    assert permit(Channel.ivr, called, policy, NOON - timedelta(minutes=1)).at == NOON


def test_hours_that_never_open_permit_nothing() -> None:
    permission = permit(Channel.ivr, [], with_overrides(POLICY, {"call_hours": {}}), NOON)
    assert permission.at is None
    assert permission.reasons == ("outside_hours",)


def test_our_own_messages_do_not_hold_up_what_the_buyer_is_owed() -> None:
    mixed = (*touches(Channel.whatsapp, 0.1), *touches(Channel.ivr, 2))
    assert counted(mixed, owed=True) == mixed[1:]
    assert counted(mixed, owed=False) == mixed


def test_pauses_and_caps_push_a_contact_on_together() -> None:
    policy = default_policy("SA")
    # A call at 14:20 that came to nothing: the gap ends inside the afternoon prayer.
    called = [Touch(Channel.ivr, at("2026-11-22T14:20"))]
    permission = asked(Channel.ivr, called, policy, IN_RIYADH, at("2026-11-22T14:30"), calendar=COMPUTED)
    assert permission.at == at("2026-11-22T15:08")
    assert permission.reasons == ("min_gap", "prayer")


def test_a_message_is_not_held_back_by_a_prayer_past_its_deadline() -> None:
    begins = at("2026-11-22T11:40")
    until = at("2026-11-22T12:00")
    message = (Channel.sms, (), default_policy("SA"), IN_RIYADH, begins)
    assert asked(*message, calendar=COMPUTED).at == at("2026-11-22T12:04")
    assert asked(*message, calendar=COMPUTED, until=until).at == begins


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
    policy, zone = with_overrides(default_policy(country), {**NO_PAUSES, **overrides}), "Africa/Cairo"
    wanted = NOON + timedelta(minutes=later)
    permission = asked(channel, made, policy, IN_CAIRO, wanted, calendar=COMPUTED)
    assert permission.at is not None
    assert permission.at >= wanted
    assert bool(permission.reasons) == (permission.at > wanted)
    assert literal.broken_rules(channel, made, policy, zone, permission.at) == set()
    if permission.at > wanted:
        earlier = wanted + (permission.at - wanted) * between
        assert literal.broken_rules(channel, made, policy, zone, earlier)
