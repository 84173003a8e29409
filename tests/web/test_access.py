"""Every address of ours × everybody who may come: exactly what the registration says."""

import re
from collections.abc import Iterator
from datetime import timedelta
from functools import partial

import pytest

from models.base import new_id
from models.secrecy import digest, new_token
from models.users import User, UserSession
from models.vocabulary import Role
from tests.web.conftest import new_app
from tests.web.staff import SAME_SITE, make_user
from verification.accounts.sessions import IDLE, LONGEST
from web.access import OF_ROLE, Access, Capability, access_of, csrf_of

ADDRESSES = list(access_of(new_app("postgresql+psycopg://nowhere/none")))
PAGES = [(path, method, needs) for path, method, needs in ADDRESSES if isinstance(needs, Capability)]
FORMS = [(path, needs) for path, method, needs in PAGES if method == "POST"]
OTHERS = [(path, method, access) for path, method, access in ADDRESSES if isinstance(access, Access)]
STAFF = (Role.agent, Role.supervisor, Role.admin)


def address(path: str) -> str:
    """The address with something in place of its parts, which stands for nothing."""
    path = path.replace("<path:filename>", "icon.svg")
    return re.sub(r"<(?:(\w+):)?\w+>", lambda part: str(new_id()) if part[1] != "int" else "1", path)


class Visitor:
    """A browser with a session of its own for every request, so that no answer depends on the one before."""

    def __init__(self, app, work, now, user: User | None = None, *, age=timedelta(0), idle=timedelta(0)):
        self.app, self.work, self.user = app, work, user
        self.created_at, self.seen_at = now - age, now - idle

    def __call__(self, method, path, *, csrf=None, headers=SAME_SITE, **form):
        client, token = self.app.test_client(), new_token()
        if self.user is not None:
            self.begin(token)
            client.set_cookie("takeed", token)
        with self.app.app_context():
            data = {"csrf": csrf_of(token) if csrf is None else csrf, **form} if method == "POST" else None
        return client.open(address(path), method=method, headers=headers, data=data, buffered=True)

    def begin(self, token):
        with self.work() as session:
            session.add(
                UserSession(
                    token_hash=digest(token),
                    user_id=self.user.id,
                    created_at=self.created_at,
                    seen_at=self.seen_at,
                    expires_at=self.created_at + LONGEST,
                )
            )


def is_to_sign_in(answer) -> bool:
    return answer.status_code == 303 and answer.location.startswith("/sign-in")


def is_refused(answer) -> bool:
    return answer.status_code in (401, 403)


@pytest.fixture
def visit(app, work, now):
    return partial(Visitor, app, work, now)


def test_every_address_says_who_may_open_it():
    assert [(path, method) for path, method, access in ADDRESSES if access is None] == []
    assert {path for path, _, _ in PAGES} >= {"/account", "/sign-out"}


@pytest.mark.parametrize("role", Role)
def test_each_role_opens_what_its_capabilities_open(visit, work, now, role):
    browser = visit(make_user(work, now, role))
    for path, method, needs in PAGES:
        answer = browser(method, path)
        assert answer.status_code < 500, (path, method)
        if needs in OF_ROLE[role]:
            assert not is_refused(answer), (path, method, answer.text)
            assert path == "/sign-out" or not is_to_sign_in(answer), (path, method)
        else:
            assert answer.status_code == 403, (path, method)
        assert answer.headers["Cache-Control"] == "no-store"


def strangers(visit, work, now) -> Iterator[tuple[str, Visitor]]:
    """Those to whom no page opens, whatever their role would allow."""
    admin = make_user(work, now, Role.admin)
    yield "nobody", visit()
    yield "too long", visit(admin, age=LONGEST)
    yield "idle", visit(admin, idle=IDLE)
    yield "disabled", visit(make_user(work, now, Role.admin, email="gone@takeed.example", disabled_at=now))


def test_whoever_is_not_signed_in_is_led_to_the_door(visit, work, now):
    for name, browser in strangers(visit, work, now):
        for path, method, _ in PAGES:
            assert is_to_sign_in(browser(method, path)), (name, path, method)
            told = browser(method, path, headers={**SAME_SITE, "HX-Request": "true"})
            assert told.status_code == 401, (name, path, method)
            assert told.headers["HX-Redirect"].startswith("/sign-in")
            assert told.text == ""


def test_the_rooms_are_open_to_those_who_work_there(visit, work, now):
    # Written out, since the table of the code would agree with itself.
    rooms = {
        "/desk": set(STAFF),
        "/board": {Role.supervisor, Role.admin},
        "/admin": {Role.admin},
        "/account": set(Role),
    }
    browsers = {role: visit(make_user(work, now, role)) for role in Role}
    for path, method, _ in PAGES:
        room = next((room for room in rooms if path.startswith(room)), None)
        if room is None or path.endswith("/reveal"):
            continue
        let_in = {role for role, browser in browsers.items() if not is_refused(browser(method, path))}
        assert let_in == rooms[room], (path, method)


def test_what_a_supervisor_may_do_an_agent_may_not():
    more = {
        Capability.reveal_phones,
        Capability.see_board,
        Capability.take_over,
        Capability.stop_choosing,
    }
    assert OF_ROLE[Role.supervisor] - OF_ROLE[Role.agent] == more
    assert OF_ROLE[Role.admin] >= OF_ROLE[Role.supervisor]
    assert OF_ROLE[Role.seller] == {Capability.own_account}
    assert set(OF_ROLE) == set(Role)


@pytest.mark.parametrize("site", ["cross-site", "same-site", "nonsense"])
def test_no_form_is_taken_from_another_site(visit, work, now, site):
    browser = visit(make_user(work, now, Role.admin))
    for path, _ in FORMS:
        answer = browser("POST", path, headers={"Sec-Fetch-Site": site})
        assert answer.status_code == 403, path
        assert "HX-Refresh" not in answer.headers
        assert browser("POST", path, headers={"Origin": "https://evil.example"}).status_code == 403, path


def test_no_form_is_taken_without_the_token_of_its_own_session(visit, work, now, app):
    browser = visit(make_user(work, now, Role.admin))
    with app.app_context():
        others = csrf_of(new_token())
    for path, _ in FORMS:
        for csrf in ("", "wrong", "é\ud800", others):
            answer = browser("POST", path, csrf=csrf.encode("utf-8", "surrogatepass"))
            assert answer.status_code == 403, path
            assert answer.headers["HX-Refresh"] == "true"


def test_a_form_from_our_own_page_is_taken_however_the_browser_says_so(visit, work, now):
    browser = visit(make_user(work, now))
    for headers in (
        SAME_SITE,
        {"Sec-Fetch-Site": "none"},
        {"Origin": "null"},
        {"Origin": "http://localhost"},
        {},
    ):
        assert browser("POST", "/account", headers=headers).status_code == 303


def test_the_token_may_come_in_a_header(app, work, now):
    user, token = make_user(work, now), new_token()
    Visitor(app, work, now, user).begin(token)
    client = app.test_client()
    client.set_cookie("takeed", token)
    with app.app_context():
        headers = {**SAME_SITE, "X-Csrf-Token": csrf_of(token)}
    assert client.post("/account", headers=headers).status_code == 303
    assert client.post("/account", headers={**SAME_SITE, "X-Csrf-Token": "x"}).status_code == 403


def test_pages_know_their_methods_alone(visit, work, now):
    browser = visit(make_user(work, now, Role.admin))
    methods = {path: {method for at, method, _ in ADDRESSES if at == path} for path, _, _ in PAGES}
    for path, known in methods.items():
        asked = browser("OPTIONS", path)
        assert (asked.status_code, asked.text) == (200, "")
        assert set(asked.allow) == known | {"OPTIONS"} | ({"HEAD"} if "GET" in known else set())
        for method in {"PUT", "PATCH", "DELETE", "GET", "POST"} - known:
            assert browser(method, path).status_code == 405, (path, method)
        if "GET" in known:
            head = browser("HEAD", path)
            assert head.text == ""
            assert head.status_code == browser("GET", path).status_code
            assert is_to_sign_in(visit()("HEAD", path))


def test_the_other_addresses_open_to_what_they_say_and_to_no_session(visit, work, now):
    for browser in (visit(), visit(make_user(work, now, Role.admin))):
        for path, method, access in OTHERS:
            answer = browser(method, path, csrf="")
            assert answer.status_code < 500, (path, method)
            if access is Access.api_key:
                assert answer.status_code == 401, (path, method)
            elif access in (Access.link, Access.provider):
                assert answer.status_code == 404, (path, method)
            elif (path, method) == ("/sign-in", "POST"):
                assert answer.status_code == 403
            elif (path, method) != ("/sign-in", "GET"):
                assert answer.status_code == 200, (path, method)


def test_an_address_that_is_none_is_none_for_everybody(visit, work, now):
    for browser in (visit(), visit(make_user(work, now, Role.admin))):
        assert browser("GET", "/nothing/here").status_code == 404
