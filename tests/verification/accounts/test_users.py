"""People who sign in."""

from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from models.users import User
from models.vocabulary import Role
from tests.orders import make_seller
from verification.accounts.refusals import AccountRefused
from verification.accounts.users import create_user, user_with_password

PASSWORD = "correct horse"


def _make(session: Session, now: datetime, email: str = "Huda@Takeed.example", **changes: object) -> User:
    fields = {"name": "هدى", "role": Role.agent, "password": PASSWORD, **changes}
    return create_user(session, email=email, now=now, **fields)  # type: ignore[arg-type]


def test_a_user_signs_in_with_the_password_alone(session: Session, now: datetime) -> None:
    user = _make(session, now)
    assert user.password_hash.startswith("$argon2id$")
    assert user_with_password(session, " huda@takeed.EXAMPLE ", PASSWORD) is user
    for email, password in (
        (user.email, "wrong horse"),
        ("nobody@takeed.example", PASSWORD),
        ("nonsense\0", PASSWORD),
        (user.email, PASSWORD + "x" * 2000),
    ):
        assert user_with_password(session, email, password) is None
    user.disabled_at = now
    assert user_with_password(session, user.email, PASSWORD) is None


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"email": "nonsense"}, "email_malformed"),
        ({"email": "a\0@b.c"}, "email_malformed"),
        ({"name": " "}, "name_empty"),
        ({"password": "short"}, "password_too_short"),
        ({"password": "x" * 1001}, "password_too_long"),
        ({"role": Role.seller}, "seller_missing"),
    ],
)
def test_what_makes_no_user_is_refused(
    session: Session, now: datetime, changes: dict[str, object], code: str
) -> None:
    with pytest.raises(AccountRefused, match=code):
        _make(session, now, **changes)  # type: ignore[arg-type]


def test_an_email_is_one_users(session: Session, now: datetime) -> None:
    _make(session, now)
    with pytest.raises(AccountRefused, match="email_taken"):
        _make(session, now, "HUDA@takeed.example")


def test_a_sellers_user_belongs_to_a_seller_and_nobody_else_does(session: Session, now: datetime) -> None:
    seller = make_seller(session, now).seller
    assert _make(session, now, role=Role.seller, seller_id=seller.id).seller_id == seller.id
    with pytest.raises(AccountRefused, match="seller_not_for_role"):
        _make(session, now, "b@takeed.example", seller_id=seller.id)
