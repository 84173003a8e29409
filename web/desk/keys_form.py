"""The part of the account page where an agent gives the desk's actions other keys."""

from flask import Blueprint, make_response, redirect, request
from flask.typing import ResponseReturnValue

from models.unit_of_work import Session
from verification.accounts.keys import keep_keys
from web.access import Capability, Visit, page
from web.desk.keys import NAMES, USUAL, Keys, KeysRefused, codes_of, read_keys
from web.signing_in import render_account
from web.translating import gettext


def register(blueprint: Blueprint) -> None:
    """The address of the form."""
    page(blueprint, "POST", "/desk/keys", needs=Capability.work_cases)(take_keys)


def take_keys(visit: Visit, session: Session) -> ResponseReturnValue:
    """Keep the keys, or show the form again with what stands in the way."""
    form = request.form
    typed = {} if form.get("reset") else {name: form.get(name, "") for name in USUAL}
    is_on = bool(form.get("reset")) or form.get("on") == "1"
    try:
        keep_keys(session, visit.user.id, read_keys(typed, on=is_on))
    except KeysRefused as refused:
        shown = Keys(codes_of(typed), is_on)
        told = render_account(keys=shown, keys_trouble=_trouble(refused))
        return make_response(told, 422)
    return redirect("/account?said=keys#keys", 303)


def _trouble(refused: KeysRefused) -> str:
    names = [str(NAMES[action]) for action in refused.actions]
    if len(names) == 1:
        return gettext("“%(action)s” cannot have that key.", action=names[0])
    return gettext("“%(one)s” and “%(other)s” have the same key.", one=names[0], other=names[1])
