"""The part of the account page where an agent names the phone that is rung before a buyer is connected."""

from flask import Blueprint, make_response, redirect, request
from flask.typing import ResponseReturnValue

from models.unit_of_work import Session
from verification.accounts.phones import set_phone
from verification.accounts.refusals import AccountRefused
from web.access import Capability, Visit, page
from web.context import context
from web.signing_in import render_account
from web.translating import gettext


def register(blueprint: Blueprint) -> None:
    """The address of the form."""
    page(blueprint, "POST", "/desk/phone", needs=Capability.work_cases)(take_own_phone)


def take_own_phone(visit: Visit, session: Session) -> ResponseReturnValue:
    """Keep the phone, or with an empty field none; else the form again with what was typed."""
    typed = request.form.get("phone", "").strip()
    try:
        with session.begin_nested():
            set_phone(
                session,
                visit.user.id,
                typed or None,
                zone=context().settings.time_zone,
                actor=visit.user.holder,
                now=visit.now,
            )
    except AccountRefused:
        trouble = gettext("That is no phone that can be rung. Write it with its country: +966 5x xxx xxxx.")
        return make_response(render_account(phone_typed=typed, phone_trouble=trouble), 422)
    return redirect("/account?said=phone#phone", 303)
