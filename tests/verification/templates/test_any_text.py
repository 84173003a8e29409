"""Whatever sellers, stores and admins write: texts are judged, filled and counted without a mishap."""

import time
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.protocol import Button, ContactOrder
from models.vocabulary import Channel, MessageClass
from verification.policy.values import default_policy
from verification.templates.filling import LONGEST, VARIABLES, fill, named_in, numbers_of, values_of
from verification.templates.linting import lint
from verification.templates.segments import segments

braces = st.sampled_from(
    ["{{", "}}", "{", "}", " ", "\n", *VARIABLES, "1", "https://", "bit.ly/", "٠٥٥١٢٣٤٥٦٧"]
)
bodies = st.lists(braces | st.text(max_size=5), max_size=20).map("".join)
names = st.text(max_size=300)


@given(bodies, st.sampled_from(["SA", "AE", "KW"]), st.sampled_from([Channel.whatsapp, Channel.sms]), names)
def test_any_text_is_judged(body, country, channel, title):
    for problem in lint(
        body,
        channel=channel,
        message_class=MessageClass.service,
        country=country,
        policy=default_policy(country),
        buttons=[Button("confirm", title)],
    ):
        assert problem.code


@given(names, names, st.lists(names, max_size=3), st.sampled_from(["ar", "en", "ckb", "ur"]))
def test_any_value_is_one_short_line_without_variables(store_name, number, items, language):
    order = ContactOrder(uuid4(), number, "199.00", "SAR", tuple(items))
    values = values_of([order, order], store_name=store_name, language=language, link=None)
    for name, value in values.items():
        assert 0 < len(value) <= LONGEST[name]
        assert value == " ".join(value.split())
        assert not named_in(value)


@given(bodies)
def test_numbered_variables_come_back_as_they_were(body):
    numbers = numbers_of(body, has_buttons=True)
    assert list(numbers.values()) == [str(number) for number in range(1, len(numbers) + 1)]
    numbered = fill(body, {name: f"{{{{{number}}}}}" for name, number in numbers.items()})
    assert set(named_in(numbered)) == {numbers[name] for name in named_in(body)}


@given(st.text(max_size=500))
def test_parts_hold_the_whole_text(text):
    found = segments(text)
    alone, each = (160, 153) if found.encoding == "gsm7" else (70, 67)
    if found.units <= alone:
        assert found.parts == 1
    else:
        # A letter of two places may leave one place of each part empty.
        assert -(-found.units // each) <= found.parts <= -(-found.units // (each - 1))


@pytest.mark.parametrize(
    "body", ["{{" * 800, "{{" + " " * 1598, "}}" * 800, "a." * 800, "0 " * 800, "{{store" * 200]
)
def test_no_text_takes_long(body):
    begun = time.perf_counter()
    for channel in (Channel.whatsapp, Channel.sms):
        lint(
            body,
            channel=channel,
            message_class=MessageClass.service,
            country="AE",
            policy=default_policy("AE"),
        )
    assert time.perf_counter() - begun < 3
