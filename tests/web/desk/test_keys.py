import re

import pytest

from verification.accounts.keys import keep_keys
from web.desk.keys import USUAL, KeysRefused, cap, keys_of, read_keys


def test_the_usual_keys_are_one_for_each_action():
    assert len(set(USUAL.values())) == len(USUAL)
    assert keys_of({}).table["Digit1"] == "confirm"


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ("Digit1", "1"),
        ("KeyC", "C"),
        ("Shift+Slash", "?"),
        ("Slash", "/"),
        ("Shift+Digit1", "⇧1"),
        ("F2", "F2"),
    ],
)
def test_a_key_shows_what_stands_on_it(code, shown):
    assert cap(code) == shown


def test_only_what_differs_is_stored():
    assert read_keys({"confirm": "KeyY", "reject": "Digit2", "busy": ""}, on=True) == {"confirm": "KeyY"}
    assert read_keys({}, on=False) == {"off": True}


def test_a_key_may_be_written_as_it_stands_on_the_keyboard():
    typed = {"confirm": "y", "reject": "⇧2", "busy": "4", "sheet": "?"}
    assert read_keys(typed, on=True) == {"confirm": "KeyY", "reject": "Shift+Digit2"}


def test_two_actions_cannot_have_one_key():
    with pytest.raises(KeysRefused) as refused:
        read_keys({"confirm": "Digit2"}, on=True)
    assert set(refused.value.actions) == {"confirm", "reject"}


@pytest.mark.parametrize("code", ["Escape", "Enter", "Tab", "Space", "ControlLeft", "10", "Shift+", "KeyAA"])
def test_some_keys_are_not_to_be_had(code):
    with pytest.raises(KeysRefused):
        read_keys({"confirm": code}, on=True)


def test_swapped_keys_are_fine():
    own = read_keys({"confirm": "Digit2", "reject": "Digit1"}, on=True)
    keys = keys_of(own)
    assert (keys.cap("confirm"), keys.cap("reject")) == ("2", "1")


def test_what_is_stored_and_no_longer_makes_sense_gives_the_usual_keys():
    assert keys_of({"confirm": "Digit2"}).codes == USUAL
    assert keys_of({"unknown": "KeyQ", "confirm": 7}).codes == USUAL


def test_switched_off_no_key_is_shown_or_told(desk, order, work):
    from models.users import User

    with work() as session:
        [user] = session.query(User).all()
        keep_keys(session, user.id, {"off": True})
    order()
    desk.next_called()
    assert "data-keys='{}'" in desk.text
    assert "aria-keyshortcuts" not in desk.text


def test_an_agent_gives_an_action_another_key(desk, order):
    answer = desk.post("/desk/keys", {"on": "1", "confirm": "KeyY"})
    assert answer.status_code == 303
    assert re.search(r'name="confirm" value="Y"', desk.text)
    order()
    desk.next_called()
    assert '"KeyY": "confirm"' in desk.text
    desk.post("/desk/keys", {"reset": "1"})
    assert re.search(r'name="confirm" value="1"', desk.text)


def test_a_clash_is_told_and_what_was_chosen_stays(desk):
    answer = desk.post("/desk/keys", {"on": "1", "confirm": "Digit3"})
    assert answer.status_code == 422
    assert "“Confirm” and “No answer” have the same key." in answer.text
    assert re.findall(r'name="(\w+)" value="3"', answer.text) == ["confirm", "no_answer"]
