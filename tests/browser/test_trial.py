"""The trial's page in a real browser: read by everybody, stopped in two steps."""

from datetime import timedelta

import pytest

from models.vocabulary import Arm, Channel, Choice, Role
from tests.browser.conftest import NARROW, WIDE
from verification.trial.comparing import compare
from verification.trial.layers import Counted, Spent, Sums
from verification.trial.looking import DayPart, Looked, look_at
from verification.trial.looking import Drawn as DrawnContacts
from verification.trial.trial import Trial
from verification.trial.watching import WINDOWS, judge
from verification.worth.waived import Waived
from web.board import trial_keeping
from web.board.trial_keeping import KEPT


def counted(country, arm, cases, *, decided, calls, messages, complaints, returned):
    """Round numbers as a month brings them; each call and each message stands alone."""
    by_message = int(0.7 * decided * cases)
    both = Sums(cases * (calls + messages), cases * (calls + messages) ** 2 * 1.4)
    dear = Sums(cases * (calls * 0.4 + messages * 0.01), cases * (calls * 0.4) ** 2 * 3)
    return Counted(
        country,
        "noor",
        arm,
        cases,
        Spent(int(decided * cases), both, dear),
        {
            Channel.whatsapp: Spent(
                by_message,
                Sums(cases * messages, cases * messages**2 * 1.3),
                Sums(cases * 0.012, cases * 2e-4),
            ),
            Channel.agent_call: Spent(
                int(decided * cases) - by_message, Sums(cases * calls, cases * calls * 2), dear
            ),
        },
        cost_of_decided=dear.total * 0.7,
        complaints=int(complaints * cases),
        parcels=int(0.6 * decided * cases),
        returned=int(0.6 * decided * cases * returned),
    )


def arms(country, cases, learned, control):
    names = ("decided", "calls", "messages", "complaints", "returned")
    return [
        counted(country, Arm.learned, cases, **dict(zip(names, learned, strict=True))),
        counted(country, Arm.control, cases // 30, **dict(zip(names, control, strict=True))),
    ]


def a_month(now):
    """Saudi Arabia does well, Kuwait worse than the fixed schedule, Bahrain has few orders."""
    cases = [
        *arms("SA", 60_000, (0.83, 0.5, 1.2, 0.0019, 0.11), (0.80, 1.05, 1.0, 0.0032, 0.13)),
        *arms("KW", 36_000, (0.74, 0.55, 1.2, 0.002, 0.15), (0.82, 1.0, 1.0, 0.003, 0.14)),
        *arms("BH", 900, (0.8, 0.5, 1.2, 0.002, 0.1), (0.8, 1.0, 1.0, 0.0, 0.1)),
    ]
    looked: list[Looked] = [
        look_at(DrawnContacts(channel, part, count, 100.0, came, 42.0, 210.0, 3.0, 48.0))
        for channel, part, count, came in (
            (Channel.whatsapp, DayPart.morning, 22, 38.0),
            (Channel.whatsapp, DayPart.evening, 96, 47.0),
            (Channel.agent_call, DayPart.afternoon, 140, 11.0),
        )
    ]
    return Trial(
        now - timedelta(days=28),
        now,
        compare(cases),
        judge(dict.fromkeys(WINDOWS, cases)),
        {Choice.best: 120_400, Choice.random: 1_204, Choice.schedule: 3_100},
        tuple(looked),
        (Waived("noor", "SA", 412, 371, 9, 148.2, 96.4, 81.0),),
    )


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize(("shape", "size"), [("wide", WIDE), ("narrow", NARROW)])
def test_the_trial_is_for_everybody(
    visitor, live, sign_in, axe, picture, language, shape, size, now, monkeypatch
):
    monkeypatch.setattr(trial_keeping, "read_trial", lambda *_, **__: a_month(now))
    live.app.extensions[KEPT].forget()
    page = visitor(language, size)
    sign_in(page, Role.supervisor)
    page.goto("/board/trial")
    page.locator("details").evaluate_all("all => all.forEach(each => each.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    axe(page)
    picture(page, f"board-trial-{language}-{shape}", full=True)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_stopping_takes_two_steps_and_a_reason(visitor, live, sign_in, axe, picture, language):
    live.app.extensions[KEPT].forget()
    page = visitor(language)
    sign_in(page, Role.supervisor)
    page.goto("/board/trial")
    assert not page.locator("[name=why]").is_visible()
    page.locator(".switch summary").click()
    page.locator(".switch .btn-danger").click()
    assert page.url.endswith("/board/trial"), "without a reason nothing is sent"
    page.locator("[name=why]").fill("أسوأ في الكويت منذ الأحد")
    page.locator(".switch .btn-danger").click()
    page.wait_for_url("**said=stopped")
    axe(page)
    picture(page, f"board-trial-stopped-{language}")
    page.goto("/board")
    page.locator("#stopped").wait_for()
    axe(page)
    picture(page, f"board-stopped-{language}")
    page.locator("#stopped").click()
    page.locator(".switch summary").click()
    page.locator(".switch .btn-primary").click()
    page.wait_for_url("**said=resumed")
    page.goto("/board")
    assert page.locator("#stopped").count() == 0
