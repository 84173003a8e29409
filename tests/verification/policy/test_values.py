from typing import Any

import pytest

from models.countries import SERVED
from models.vocabulary import Channel, ContactKind, DataClass, MessageClass
from verification.policy.countries import source_of
from verification.policy.values import Policy, PolicyRefused, default_policy, with_overrides


@pytest.mark.parametrize("country", [*SERVED, "XX"])
def test_every_country_has_a_policy_that_passes_its_own_rules(country: str) -> None:
    policy = default_policy(country)
    assert with_overrides(policy, policy.model_dump(mode="json")) == policy
    assert set(policy.retention_days) == set(DataClass)


def test_the_emirates_hear_no_sms_and_one_call_a_day() -> None:
    policy = default_policy("AE")
    assert Channel.sms not in {rung.channel for rung in policy.ladder}
    assert (policy.max_calls_per_day, policy.max_calls_per_week) == (1, 2)


def test_promotion_keeps_the_hours_of_the_law() -> None:
    assert default_policy("AE").promotion_hours == {"daily": ("09:00-18:00",)}
    assert default_policy("EG").promotion_hours["fri"] == default_policy("EG").promotion_hours["sat"] == ()
    assert default_policy("BH").ramadan_message_hours is None


def test_sources_are_told_for_values_that_exist_and_differ_from_our_own_choice() -> None:
    told = {(country, name) for country in SERVED for name in Policy.model_fields if source_of(country, name)}
    assert {("AE", "call_hours"), ("SA", "message_hours"), ("QA", "promotion_holidays")} <= told
    assert ("KW", "call_hours") not in told


@pytest.mark.parametrize("purpose", MessageClass)
@pytest.mark.parametrize("kind", ContactKind)
def test_what_binds_a_contact_can_be_kept_by(kind: ContactKind, purpose: MessageClass) -> None:
    policy = default_policy("AE")
    again = with_overrides(policy, {"deadline_hours": 24})
    assert hash(policy.binding(kind, purpose)) == hash(again.binding(kind, purpose))
    assert policy.binding(kind, purpose) == again.binding(kind, purpose)


def test_no_overrides_leave_the_policy_as_it_is() -> None:
    assert with_overrides(default_policy("SA"), {}) is default_policy("SA")


def test_an_override_replaces_its_value_and_nothing_else() -> None:
    changed = with_overrides(default_policy("SA"), {"deadline_hours": 24})
    assert changed.deadline_hours == 24
    assert changed.model_copy(update={"deadline_hours": 48}) == default_policy("SA")


@pytest.mark.parametrize(
    ("name", "value", "field"),
    [
        ("deadline_hours", 0, "deadline_hours"),
        ("deadline_hours", "soon", "deadline_hours"),
        ("answer_wait_minutes", 10**12, "answer_wait_minutes"),
        ("nonsense", 1, "nonsense"),
        ("call_hours", {"daily": ["10-20"]}, "call_hours.daily.0"),
        ("call_hours", {"daily": ["22:00-02:00"]}, "call_hours.daily.0"),
        ("call_hours", {"daily": ["10:00-10:00"]}, "call_hours.daily.0"),
        ("message_hours", {"someday": ["10:00-20:00"]}, "message_hours.someday"),
        ("ladder", [{"channel": "pigeon", "after_minutes": 0}], "ladder.0.channel"),
        ("ladder", [{"channel": "sms", "after_minutes": -1}], "ladder.0.after_minutes"),
        ("retention_days", {"address": 30}, "retention_days"),
        ("suspicious_value", "a lot", "suspicious_value"),
        ("freight_out_cost", 5, "freight_out_cost"),
        ("freight_out_cost", "2,50", "freight_out_cost"),
        ("sms_cost", "-0.01", "sms_cost"),
        ("complaint_price", "٢٠", "complaint_price"),
        ("decision_value", "2.00\n", "decision_value"),
        ("chooser", "dice", "chooser"),
        ("waive_low_risk", "yes", "waive_low_risk"),
        ("prayer_pause_calls", "sometimes", "prayer_pause_calls"),
        ("friday_prayer", "lunar", "friday_prayer"),
        ("friday_prayer", "13:45-12:15", "friday_prayer"),
        ("ramadan_calls_from", "24:00", "ramadan_calls_from"),
        ("ramadan_message_hours", {"daily": ["23:00-01:00"]}, "ramadan_message_hours.daily.0"),
        ("eid_days_shut", 5, "eid_days_shut"),
    ],
)
def test_a_refusal_names_the_value(name: str, value: Any, field: str) -> None:
    with pytest.raises(PolicyRefused) as refused:
        with_overrides(default_policy("SA"), {name: value})
    assert refused.value.name.startswith(field)
    assert refused.value.detail


def test_a_policy_cannot_be_changed_in_place() -> None:
    with pytest.raises(ValueError, match="frozen"):
        default_policy("SA").deadline_hours = 1  # type: ignore[misc]
