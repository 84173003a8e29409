import re
from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import Engine
from werkzeug.test import TestResponse

from models.sellers import Store
from models.unit_of_work import unit_of_work
from models.vocabulary import Role
from tests.building import a_store, set_policy
from tests.conftest import Work
from tests.orders import draft, received
from tests.web.conftest import Clock
from tests.web.staff import Browser, make_user
from verification.contact.promoting import promote

AT_ONCE = {"ladder": [{"channel": "agent_call", "after_minutes": 0}] * 3, "vary_call_hours": False}


class Desk:
    """One agent at one browser, who presses the buttons of the page last seen."""

    def __init__(self, browser: Browser, engine: Engine, clock: Clock) -> None:
        self.browser = browser
        self.engine = engine
        self.clock = clock
        self.text = ""

    def look(self) -> str:
        """The page as it stands."""
        answer = self.browser.get("/desk")
        assert answer.status_code == 200
        self.text = answer.text
        return self.text

    def marked(self, name: str) -> str | None:
        """A mark of the page: `step`, `token`, `version`."""
        found = re.search(rf'data-{name}="([^"]*)"', self.text)
        return found[1] if found else None

    @property
    def step(self) -> UUID | None:
        marked = self.marked("step")
        return UUID(marked) if marked else None

    def post(self, path: str, data: dict[str, Any] | None = None, **headers: str) -> TestResponse:
        """Press a button and see the page that it leads to."""
        answer = self.browser.post(path, data, **headers)
        if answer.status_code == 303:
            self.text = self.browser.get(answer.location).text
        else:
            self.text = answer.text
        return answer

    def next(self) -> UUID | None:
        with unit_of_work(self.engine) as session:
            promote(session, now=self.clock())
        assert self.post("/desk/next").status_code == 303
        return self.step

    def act(self, what: str, data: dict[str, Any] | None = None, **headers: str) -> TestResponse:
        """Submit a form of the case on the page."""
        form = {"token": self.marked("token"), **(data or {})}
        return self.post(f"/desk/cases/{self.step}/{what}", form, **headers)

    def call(self) -> None:
        assert self.act("call").status_code == 303

    def next_called(self) -> UUID:
        step = self.next()
        assert step is not None
        self.call()
        return step

    def outcome(self, value: str, **more: Any) -> TestResponse:
        return self.act("outcome", {"outcome": value, **more})


Sit = Callable[..., Desk]


@pytest.fixture
def sit(app: Flask, engine: Engine, work: Work, clock: Clock) -> Sit:
    """`sit("huda")` is an agent at a desk of their own."""

    def down(name: str = "huda", role: Role = Role.agent) -> Desk:
        email = f"{name}@takeed.example"
        make_user(work, clock(), role, email=email, name=name.capitalize())
        browser = Browser(app)
        assert browser.sign_in(email).status_code == 303
        return Desk(browser, engine, clock)

    return down


@pytest.fixture
def desk(sit: Sit) -> Desk:
    return sit()


@pytest.fixture
def store(engine: Engine, now: datetime) -> UUID:
    """A Saudi store whose orders agents call at once."""
    store_id = a_store(engine, now)
    set_policy(engine, now, AT_ONCE, store_id=store_id)
    return store_id


@pytest.fixture
def order(engine: Engine, store: UUID, clock: Clock) -> Callable[..., UUID]:
    """`order(phone=…)` is an order that waits for an agent; each has a phone of its own."""
    numbers = iter(range(100))

    def place(phone: str | None = None, **patch: Any) -> UUID:
        number = next(numbers)
        buyer = {"phone": phone or f"05512345{number:02d}"}
        wanted = draft(f"t-{number}", buyer=buyer, number=f"#{2000 + number}", **patch)
        with unit_of_work(engine) as session:
            return received(session, session.get_one(Store, store), wanted, clock()).id

    return place
