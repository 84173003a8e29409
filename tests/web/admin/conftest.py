import pytest

from models.vocabulary import Role
from tests.web.staff import Browser, make_user


@pytest.fixture
def admin(app, work, now):
    """An admin's browser."""
    browser = Browser(app)
    browser.sign_in(make_user(work, now, Role.admin, name="Noura <b>").email)
    return browser
