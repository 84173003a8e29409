from typing import Any

import pytest

from models.countries import SERVED
from models.vocabulary import Channel, DataClass
from verification.policy.values import PolicyRefused, default_policy, with_overrides


@pytest.mark.parametrize("country", [*SERVED, "XX"])
def test_every_country_has_a_policy_that_passes_its_own_rules(country: str) -> None:
    policy = default_policy(country)
    assert with_overrides(policy, policy.model_dump(mode="json")) == policy
    assert set(policy.retention_days) == set(DataClass)


def test_the_emirates_hear_no_sms_and_one_call_a_day() -> None:
    policy = default_policy("AE")
    assert Channel.sms not in {rung.channel for rung in policy.ladder}
    assert (policy.max_calls_per_day, policy.max_calls_per_week) == (1, 2)


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
