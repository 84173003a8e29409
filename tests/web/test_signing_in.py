"""Signing in and out, and what keeps others from doing it for us."""

import json
import re
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from models.users import User, UserSession
from models.vocabulary import AgentState, Role
from tests.web.staff import PASSWORD, Browser, make_user
from verification.accounts.users import create_user
from verification.desk.shifts import current, enter

EMAIL = "agent@takeed.example"


@pytest.fixture
def agent(app, work, now):
    return make_user(work, now)


@pytest.fixture
def browser(app):
    return Browser(app)


@pytest.mark.parametrize(
    ("role", "first"),
    [(Role.agent, "/desk"), (Role.supervisor, "/board"), (Role.admin, "/board"), (Role.seller, "/")],
)
def test_work_begins_where_the_role_works(browser, work, now, role, first):
    user = make_user(work, now, role)
    assert browser.sign_in(user.email).location == first
    again = browser.get("/sign-in")
    assert (again.status_code, again.location) == (303, first)
    assert browser.get("/sign-in?next=/account").location == "/account"


def test_one_comes_back_to_the_page_one_asked_for(browser, agent):
    asked = browser.get("/account?tab=keys")
    assert (asked.status_code, asked.location) == (303, "/sign-in?next=/account%3Ftab%3Dkeys")
    led = browser.post(
        asked.location, {"email": EMAIL, "password": PASSWORD}, csrf=browser.csrf(asked.location)
    )
    assert led.location == "/account?tab=keys"
    assert browser.get("/account").status_code == 200


@pytest.mark.parametrize(
    "after", ["https://evil.example/", "//evil.example", "/%5Cevil.example", "/%09/evil.example"]
)
def test_nobody_is_led_to_another_site(browser, agent, after):
    assert browser.sign_in(EMAIL, after=after).location == "/desk"
    assert browser.get(f"/sign-in?next={after}").location == "/desk"


def test_every_failure_is_the_same_sentence_and_keeps_the_email(browser, agent, work):
    with work() as session:
        make_disabled(session)
    pages = {}
    for email in (EMAIL, "nobody@takeed.example", "gone@takeed.example"):
        failed = browser.sign_in(email, PASSWORD if "gone" in email else "wrong")
        assert failed.status_code == 422
        assert f'value="{email}"' in failed.text
        assert "wrong" not in re.sub("<style.*", "", failed.text)
        pages[email] = failed.text.replace(email, "")
    assert len(set(pages.values())) == 1
    assert re.search('role="alert"[^>]*>The email or the password is not right', failed.text)
    assert browser.get("/account").status_code == 303


def make_disabled(session):
    at = datetime(2026, 11, 1, tzinfo=UTC)
    user = create_user(
        session, email="gone@takeed.example", name="G", role=Role.agent, password=PASSWORD, now=at
    )
    user.disabled_at = at


def test_who_guesses_is_told_to_wait_and_colleagues_are_not(app, agent, clock):
    guesser, colleague, elsewhere = Browser(app), Browser(app), Browser(app, "10.0.0.2")
    assert colleague.sign_in(EMAIL).status_code == 303
    for _ in range(5):
        guesser.sign_in(EMAIL, "wrong")
    told = guesser.sign_in(EMAIL)
    assert (told.status_code, told.headers["Retry-After"]) == (429, "2")
    assert "Too many tries. Wait 2 sec, then try again." in told.text
    assert f'value="{EMAIL}"' in told.text
    # Another address, and at the guesser's own address the browser on which the agent has worked before.
    assert elsewhere.sign_in(EMAIL).status_code == 303
    assert colleague.post("/sign-out").status_code == 303
    assert colleague.sign_in(EMAIL).status_code == 303
    clock.forward(seconds=2)
    assert guesser.sign_in(EMAIL).status_code == 303


def test_a_known_browser_may_not_guess_for_ever_either(browser, agent):
    browser.sign_in(EMAIL)
    browser.post("/sign-out")
    assert [browser.sign_in(EMAIL, "wrong").status_code for _ in range(6)] == [422] * 5 + [429]


@pytest.mark.parametrize(
    ("proxies", "first", "second", "status"),
    [
        (0, {}, {}, 429),
        (0, {"X-Forwarded-For": "192.0.2.1"}, {"X-Forwarded-For": "192.0.2.2"}, 429),
        (1, {"X-Forwarded-For": "192.0.2.1"}, {"X-Forwarded-For": "192.0.2.2"}, 303),
        (1, {"X-Forwarded-For": "192.0.2.1"}, {"X-Forwarded-For": "192.0.2.9, 192.0.2.1"}, 429),
        (1, {"X-Forwarded-For": "2001:db8::1"}, {"X-Forwarded-For": "2001:db8::2:1"}, 429),
        (1, {"X-Forwarded-For": "2001:db8::1"}, {"X-Forwarded-For": "2001:db8:0:1::1"}, 303),
    ],
)
def test_where_one_comes_from_is_told_by_our_own_proxies(make_app, work, now, proxies, first, second, status):
    make_user(work, now)
    app = make_app(proxies=proxies)
    guesser, agent = Browser(app), Browser(app)
    for _ in range(5):
        guesser.post(
            "/sign-in", {"email": EMAIL, "password": "x"}, csrf=guesser.csrf("/sign-in"), **headers(first)
        )
    tried = agent.post(
        "/sign-in", {"email": EMAIL, "password": PASSWORD}, csrf=agent.csrf("/sign-in"), **headers(second)
    )
    assert tried.status_code == status


def headers(named: dict[str, str]) -> dict[str, str]:
    return {name.replace("-", "_"): value for name, value in named.items()}


def test_a_form_of_another_site_signs_nobody_in(app, agent):
    own, other = Browser(app), Browser(app)
    data = {"email": EMAIL, "password": PASSWORD}
    token = own.csrf("/sign-in")
    assert own.post("/sign-in", data, csrf=token, Sec_Fetch_Site="cross-site").status_code == 403
    late = own.post("/sign-in", data, csrf="")
    assert late.status_code == 403
    assert "open for too long" in late.text
    assert own.post("/sign-in", data, csrf=other.csrf("/sign-in")).status_code == 403
    assert other.client.post("/sign-in", data={**data, "csrf": token}).status_code == 403
    assert own.post("/sign-in", data, csrf=token).status_code == 303


def test_the_page_works_in_both_languages(browser):
    english, arabic = browser.get("/sign-in"), browser.get("/sign-in?lang=ar&next=/account")
    assert '<html lang="en" dir="ltr">' in english.text
    assert re.search(r'<input[^>]*id="email"[^>]*autofocus', english.text)
    assert '<html lang="ar" dir="rtl">' in arabic.text
    assert "تسجيل الدخول" in arabic.text
    assert "next=/account" in arabic.text
    failed = browser.post(
        "/sign-in?lang=ar", {"email": "a@b.example", "password": "x"}, csrf=browser.csrf("/sign-in")
    )
    assert "البريد الإلكتروني أو كلمة المرور غير صحيحة" in failed.text


def test_nothing_of_it_is_kept_by_the_browser(browser, agent):
    browser.sign_in(EMAIL)
    for path in ("/sign-in", "/account"):
        assert browser.get(path).headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("public_url", "name"), [("https://takeed.example", "__Host-takeed"), ("http://10.0.0.9:8000", "takeed")]
)
def test_the_cookie_is_kept_from_scripts_and_other_sites(make_app, work, now, public_url, name):
    make_user(work, now)
    app = make_app(public_url=public_url)
    browser = Browser(app)
    browser.client.environ_base["wsgi.url_scheme"] = public_url.split(":")[0]
    led = browser.sign_in(EMAIL)
    [cookie] = [each for each in led.headers.getlist("Set-Cookie") if each.startswith(f"{name}=")]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Path=/" in cookie
    assert "Domain" not in cookie
    assert "Expires" not in cookie
    assert ("Secure" in cookie) == public_url.startswith("https")


def test_a_session_given_to_somebody_is_not_taken_over(browser, agent, session):
    browser.sign_in(EMAIL)
    first = browser.client.get_cookie("takeed").value
    browser.post("/sign-out")
    browser.client.set_cookie("takeed", first)
    browser.sign_in(EMAIL)
    assert browser.client.get_cookie("takeed").value != first


def test_signing_in_anew_ends_the_session_before(browser, agent, session):
    browser.sign_in(EMAIL)
    former = browser.client.get_cookie("takeed").value
    token = browser.csrf("/account")
    browser.client.delete_cookie("takeed")
    sign_in_form = browser.csrf("/sign-in")
    browser.client.set_cookie("takeed", former)
    browser.post("/sign-in", {"email": EMAIL, "password": PASSWORD}, csrf=sign_in_form)
    assert len(session.scalars(select(UserSession)).all()) == 1
    assert browser.csrf("/account") != token


def test_signing_out_ends_this_session_or_all(app, agent):
    here, there, third = Browser(app), Browser(app), Browser(app)
    for each in (here, there, third):
        each.sign_in(EMAIL)
    led = here.post("/sign-out")
    assert (led.status_code, led.location) == (303, "/sign-in")
    assert here.get("/account").status_code == 303
    assert there.get("/account").status_code == 200
    there.post("/sign-out", {"everywhere": "1"})
    assert third.get("/account").status_code == 303


def test_who_signs_out_goes_home(browser, agent, work, session, now):
    browser.sign_in(EMAIL)
    with work() as at_work:
        enter(at_work, agent.id, AgentState.waiting, now=now)
    browser.post("/sign-out")
    assert current(session, agent.id, now) is None


def test_a_session_idles_out_and_the_work_of_the_page_itself_does_not_count(browser, agent, clock):
    browser.sign_in(EMAIL)
    clock.forward(minutes=59)
    assert browser.get("/account").status_code == 200
    clock.forward(minutes=60)
    assert browser.get("/account").status_code == 303
    browser.sign_in(EMAIL)
    for _ in range(13):
        clock.forward(minutes=55)
        last = browser.get("/account").status_code
    assert last == 200
    clock.forward(minutes=5)
    assert browser.get("/account").status_code == 303


def test_the_account_page_sets_the_language(browser, agent, session):
    browser.sign_in(EMAIL)
    page = browser.get("/account", Accept_Language="ar")
    assert '<html lang="en"' in page.text
    assert "Agent" in page.text
    assert EMAIL in page.text
    led = browser.post("/account", {"language": "ar", "next": "/account?x=1"})
    assert led.location == "/account?x=1"
    assert '<html lang="ar" dir="rtl">' in browser.get("/account").text
    assert browser.post("/account", {"language": "xx", "next": "//evil.example"}).location == "/account"
    assert session.scalars(select(User.language)).one() == "ar"


def test_htmx_is_told_to_go_to_the_sign_in_page(browser, agent, clock):
    browser.sign_in(EMAIL)
    csrf = browser.csrf()
    clock.forward(hours=13)
    told = browser.post(
        "/account", csrf=csrf, HX_Request="true", HX_Current_URL="http://localhost/desk?x=1#y"
    )
    assert told.status_code == 401
    assert told.headers["HX-Redirect"] == "/sign-in?next=/desk"
    foreign = browser.get("/account", HX_Request="true", HX_Current_URL="//evil.example//evil.example")
    assert foreign.headers["HX-Redirect"] == "/sign-in"
    plain = browser.post("/account", csrf=csrf)
    assert (plain.status_code, plain.location) == (303, "/sign-in")


def test_the_log_tells_the_user_by_id_alone(browser, agent, capsys):
    browser.sign_in(EMAIL, "wrong password")
    browser.sign_in(EMAIL)
    browser.post("/account", csrf="x")
    said = capsys.readouterr().err
    events = [json.loads(line) for line in said.splitlines()]
    assert {"sign_in_failed", "signed_in", "access_denied"} <= {each["event"] for each in events}
    [signed_in] = [each for each in events if each["event"] == "signed_in"]
    [denied] = [each for each in events if each["event"] == "access_denied"]
    assert signed_in["user_id"] == denied["user_id"] == str(agent.id)
    assert denied["why"] == "form"
    for secret in (EMAIL, "10.0.0.1", PASSWORD, "wrong password", browser.client.get_cookie("takeed").value):
        assert secret not in said


@pytest.mark.parametrize("email", ["", "\0", "a\0b@c.example", "ü" * 400, "\ud800"])
def test_nonsense_is_a_failure_like_any_other(browser, email):
    data = {"email": email.encode("utf-8", "surrogatepass"), "password": "\0" * 3}
    assert browser.post("/sign-in", data, csrf=browser.csrf("/sign-in")).status_code == 422
    browser.client.set_cookie("takeed", "\x7f nonsense")
    assert browser.get("/account").status_code == 303
