"""The page of what was learned in a real browser."""

from datetime import timedelta

import pytest

from models.vocabulary import Role
from tests.browser.conftest import NARROW, WIDE
from tests.verification.learning.told import a_version
from verification.learning.versions import roll_back


@pytest.fixture
def learned(work, now, live):
    """Nights of all kinds."""
    day = timedelta(days=1)
    with work() as session:
        a_version(session, now - 4 * day)
        roll_back(session, by="operator", now=now - 3 * day)
        a_version(session, now - 2 * day)
        a_version(session, now - day, why="as_good", difference=0.0004)
        a_version(session, now, promote=False, why="worse", difference=0.0031)


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize(("shape", "size"), [("wide", WIDE), ("narrow", NARROW)])
def test_what_was_learned_is_for_everybody(learned, visitor, sign_in, axe, picture, language, shape, size):
    page = visitor(language, size)
    sign_in(page, Role.supervisor)
    page.goto("/board/learning")
    picture(page, f"board-learning-{shape}-{language}", full=True)
    page.locator("details").first.locator("summary").click()
    axe(page)
