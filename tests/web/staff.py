"""Users and their browsers, for the tests of staff's pages."""

import re
from datetime import datetime
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from models.users import User
from models.vocabulary import Role
from tests.conftest import Work
from tests.orders import make_seller
from verification.accounts.users import create_user

PASSWORD = "correct horse"
SAME_SITE = {"Sec-Fetch-Site": "same-origin"}


def make_user(
    work: Work, now: datetime, role: Role = Role.agent, *, disabled_at: datetime | None = None, **changes: Any
) -> User:
    """A user of that role with PASSWORD; a seller's user with a seller of its own."""
    with work() as session:
        seller_id = make_seller(session, now).seller.id if role is Role.seller else None
        named = {"email": f"{role}@takeed.example", "name": role.capitalize(), "seller_id": seller_id}
        user = create_user(session, role=role, password=PASSWORD, now=now, **{**named, **changes})
        user.disabled_at = disabled_at
        return user


class Browser:
    """A browser on our pages: keeps cookies, fills in the forms' tokens, tells that it comes from here."""

    def __init__(self, app: Flask, address: str = "10.0.0.1") -> None:
        self.client: FlaskClient = app.test_client()
        self.address = address

    def get(self, path: str, **headers: str) -> TestResponse:
        return self._open("GET", path, headers)

    def post(
        self, path: str, data: dict[str, Any] | None = None, *, csrf: str | None = None, **headers: str
    ) -> TestResponse:
        """Submit a form with the token of the account page, or the one given."""
        token = self.csrf() if csrf is None else csrf
        return self._open("POST", path, {**SAME_SITE, **headers}, {"csrf": token, **(data or {})})

    def csrf(self, path: str = "/account") -> str:
        """The token in the forms of that page."""
        found = re.search(r'name="csrf" value="(\w+)"', self.get(path).text)
        return found[1] if found else ""

    def sign_in(self, email: str, password: str = PASSWORD, after: str = "") -> TestResponse:
        path = f"/sign-in?next={after}" if after else "/sign-in"
        return self.post(path, {"email": email, "password": password}, csrf=self.csrf(path))

    def _open(
        self, method: str, path: str, headers: dict[str, str], data: dict[str, Any] | None = None
    ) -> TestResponse:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.open(
            path, method=method, headers=named, data=data, environ_base={"REMOTE_ADDR": self.address}
        )
