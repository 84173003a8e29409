"""The desk's keys: what each does, which key it has, and how an agent gives it another.

Keys are named by `event.code`, the place on the keyboard, so that they work in every layout; `Shift+` may
stand before. An agent's own table names only what differs from the usual one, `off` switches all of them off
(WCAG 2.1.4).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from string import ascii_uppercase
from types import MappingProxyType
from typing import Any

from web.translating import lazy

OFF = "off"

USUAL: Mapping[str, str] = MappingProxyType(
    {
        "call": "KeyC",
        "hang_up": "KeyH",
        "confirm": "Digit1",
        "confirm_soft": "Shift+Digit1",
        "reject": "Digit2",
        "no_answer": "Digit3",
        "busy": "Digit4",
        "wrong_number": "Digit5",
        "call_back": "Digit6",
        "fix": "Digit7",
        "delivery_day": "Digit8",
        "supervisor": "Digit9",
        "voicemail": "Digit0",
        "unreachable": "KeyU",
        "stop": "KeyX",
        "next": "KeyN",
        "undo": "KeyZ",
        "break": "KeyB",
        "give_back": "KeyG",
        "find": "Slash",
        "sheet": "Shift+Slash",
    }
)
"""The usual keys, in the order in which the sheet lists them."""

NAMES: Mapping[str, Any] = MappingProxyType(
    {
        "call": lazy("Call the buyer"),
        "hang_up": lazy("Hang up"),
        "confirm": lazy("Confirm"),
        "confirm_soft": lazy("Confirm, with a “God willing”"),
        "reject": lazy("Reject, then the reason's digit"),
        "no_answer": lazy("No answer"),
        "busy": lazy("Busy"),
        "wrong_number": lazy("Wrong number"),
        "call_back": lazy("Promise a call-back, then the time's digit"),
        "fix": lazy("Fix address, phone or quantities"),
        "delivery_day": lazy("Confirm for a delivery day, then its digit"),
        "supervisor": lazy("Hand to a supervisor"),
        "voicemail": lazy("Voicemail"),
        "unreachable": lazy("Line out of service"),
        "stop": lazy("Stop contacting, then 1"),
        "next": lazy("Next case"),
        "undo": lazy("Undo the last outcome"),
        "break": lazy("Break, or break after this case"),
        "give_back": lazy("Give the case back"),
        "find": lazy("Find an order"),
        "sheet": lazy("Show or hide the keys"),
    }
)
"""What each action is called on the sheet and on the account page."""

_CAPS = {
    "Minus": "-",
    "Equal": "=",
    "BracketLeft": "[",
    "BracketRight": "]",
    "Semicolon": ";",
    "Quote": "'",
    "Backquote": "`",
    "Backslash": "\\",
    "Comma": ",",
    "Period": ".",
    "Slash": "/",
    "Shift+Slash": "?",
}


@dataclass(frozen=True)
class Keys:
    """An agent's keys: a code for each action, and whether they work at all."""

    codes: Mapping[str, str]
    on: bool = True

    @property
    def table(self) -> dict[str, str]:
        """The action of each key, empty when the keys are off."""
        return {code: action for action, code in self.codes.items()} if self.on else {}

    def cap(self, action: str) -> str:
        """What stands on the key, empty when the keys are off."""
        return cap(self.codes[action]) if self.on else ""

    def aria(self, action: str) -> str:
        """The key as `aria-keyshortcuts` writes it, empty when the keys are off."""
        if not self.on:
            return ""
        shift, _, code = self.codes[action].rpartition("+")
        return f"Shift+{cap(code)}" if shift else cap(code)


class KeysRefused(Exception):
    """Two actions want one key, or a key is none that the desk can take; `actions` name them."""

    def __init__(self, *actions: str) -> None:
        super().__init__(", ".join(actions))
        self.actions = actions


def keys_of(own: Mapping[str, Any]) -> Keys:
    """An agent's keys from what is stored; what no longer makes sense falls back to the usual key."""
    codes = {**USUAL, **{name: code for name, code in own.items() if name in USUAL and _is_code(code)}}
    if len(set(codes.values())) < len(codes):
        codes = dict(USUAL)
    return Keys(codes, on=not own.get(OFF))


def read_keys(typed: Mapping[str, str], *, on: bool) -> dict[str, Any]:
    """What to store for a form of keys by action, each as its cap or its code; blank is the usual key.

    Raises `KeysRefused`.
    """
    codes = codes_of(typed)
    if wrong := [name for name, code in codes.items() if not _is_code(code)]:
        raise KeysRefused(*wrong)
    taken: dict[str, str] = {}
    for name, code in codes.items():
        if code in taken:
            raise KeysRefused(taken[code], name)
        taken[code] = name
    own: dict[str, Any] = {name: code for name, code in codes.items() if code != USUAL[name]}
    return own if on else {**own, OFF: True}


def codes_of(typed: Mapping[str, str]) -> dict[str, str]:
    """The code of each action's key in a form; what is no key stays as it was typed."""
    said = {name: typed.get(name, "").strip() or usual for name, usual in USUAL.items()}
    return {name: _CODES.get(text.upper(), text) for name, text in said.items()}


def cap(code: str) -> str:
    """What stands on the key: `Digit1` is 1, `Shift+Slash` is ?, `Shift+KeyA` is ⇧A."""
    if code in _CAPS:
        return _CAPS[code]
    shift, _, plain = code.rpartition("+")
    return ("⇧" if shift else "") + _CAPS.get(plain, plain.removeprefix("Digit").removeprefix("Key"))


def _is_code(code: object) -> bool:
    return isinstance(code, str) and code in CAPS


_PLAIN = (
    *(f"Key{letter}" for letter in ascii_uppercase),
    *(f"Digit{digit}" for digit in range(10)),
    *(f"F{number}" for number in range(2, 13)),
    *(code for code in _CAPS if "+" not in code),
)
CAPS: Mapping[str, str] = MappingProxyType(
    {code: cap(code) for plain in _PLAIN for code in (plain, f"Shift+{plain}")}
)
"""What stands on every key that the desk can take, by its code."""
_CODES = {shown: code for code, shown in CAPS.items()}
