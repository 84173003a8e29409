"""Having texts approved: handed over once, asked after, whatever the provider answers."""

from dataclasses import dataclass
from datetime import timedelta

import pytest

from channels.protocol import Meaning, Refused, Uncertain
from models.vocabulary import Channel, MessageClass, TemplateState
from verification.alarms import raise_alarm, standing_alarms
from verification.templates.defaults import buttons_in
from verification.templates.keeping import add_version, put_in, retire
from verification.templates.listing import find_template
from verification.templates.submitting import AGAIN_AFTER, refresh, send_waiting

BODY = "من {{store}}: الطلب {{number}} من {{store}} بمبلغ {{total}} ينتظرك."
CONTENT = "HX" + "1" * 32


@dataclass(frozen=True)
class Ruling:
    state: TemplateState | None
    problem: str | None = None


@pytest.fixture
def waiting(work, now):
    """A text that is to be handed over; its id."""

    def waiting(language="ar", body=BODY, buttons=None):
        with work() as session:
            row = add_version(
                session,
                seller_id=None,
                channel=Channel.whatsapp,
                name="first",
                language=language,
                message_class=MessageClass.service,
                body=body,
                buttons=buttons_in("ar") if buttons is None else buttons,
                actor="operator",
                now=now,
            )
            put_in(session, row.id, actor="operator", now=now)
            return row.id

    return waiting


@pytest.fixture
def kept(work):
    def kept(template_id):
        with work() as session:
            return find_template(session, template_id)

    return kept


def refusing(error):
    def refuse(_):
        raise error

    return refuse


def test_a_text_is_handed_over_with_numbered_variables_and_samples(engine, waiting, kept, now):
    template_id, drafts = waiting(), []
    assert send_waiting(engine, lambda draft: drafts.append(draft) or CONTENT, now=now) == 1
    (draft,) = drafts
    assert draft.body == "من {{1}}: الطلب {{2}} من {{1}} بمبلغ {{3}} ينتظرك."
    assert [(each.id, each.title) for each in draft.buttons] == [
        ("confirm:{{4}}", "تأكيد الطلب"),
        ("cancel:{{4}}", "إلغاء الطلب"),
        ("later:{{4}}", "لاحقاً"),
    ]
    assert set(draft.samples) == {"1", "2", "3", "4"}
    assert all(draft.samples.values())
    assert (draft.language, draft.message_class) == ("ar", MessageClass.service)
    assert draft.name == f"takeed_first_ar_{template_id.hex[-12:]}"
    found = kept(template_id)
    assert (found.content_id, found.state, found.is_waiting) == (CONTENT, TemplateState.submitted, False)
    assert send_waiting(engine, refusing(AssertionError()), now=now + timedelta(days=1)) == 0


def test_kurdish_goes_where_whatsapp_has_a_language_for_it(engine, waiting, now):
    waiting("ckb", "سڵاو لە {{store}} ەوە", buttons=())
    drafts = []
    send_waiting(engine, lambda draft: drafts.append(draft) or CONTENT, now=now)
    assert [(each.language, each.buttons, set(each.samples)) for each in drafts] == [("ar", (), {"1"})]


@pytest.mark.parametrize(
    "trouble",
    [Uncertain("timeout"), Refused("20429", Meaning.slow_down), Refused("503", Meaning.provider_down)],
)
def test_what_was_not_answered_is_tried_again_later(engine, waiting, kept, now, trouble):
    template_id = waiting()
    assert send_waiting(engine, refusing(trouble), now=now) == 0
    assert kept(template_id).is_waiting
    assert kept(template_id).problem == trouble.code
    assert send_waiting(engine, refusing(AssertionError()), now=now + timedelta(minutes=1)) == 0
    assert send_waiting(engine, lambda draft: CONTENT, now=now + AGAIN_AFTER) == 1
    assert kept(template_id).problem is None


def test_what_was_refused_is_a_draft_again_with_the_code(engine, waiting, kept, now):
    template_id = waiting()
    assert send_waiting(engine, refusing(Refused("20001", Meaning.our_fault)), now=now) == 0
    assert (kept(template_id).state, kept(template_id).problem) == (TemplateState.draft, "20001")


def test_a_process_that_dies_meanwhile_loses_nothing(engine, waiting, kept, now):
    template_id = waiting()
    with pytest.raises(KeyboardInterrupt):
        send_waiting(engine, refusing(KeyboardInterrupt()), now=now)
    assert kept(template_id).is_waiting
    assert send_waiting(engine, lambda draft: CONTENT, now=now + AGAIN_AFTER) == 1


def test_a_text_taken_out_of_use_meanwhile_stays_out(engine, work, waiting, kept, now):
    template_id = waiting()

    def submit(_):
        with work() as session:
            retire(session, template_id, actor="operator", now=now)
        return CONTENT

    assert send_waiting(engine, submit, now=now) == 0
    assert kept(template_id).state is TemplateState.retired


@pytest.mark.parametrize(
    ("ruling", "state", "problem", "changed"),
    [
        (Ruling(TemplateState.approved), "approved", None, 1),
        (Ruling(TemplateState.rejected, "TAG_CONTENT_MISMATCH"), "rejected", "TAG_CONTENT_MISMATCH", 1),
        (Ruling(TemplateState.submitted), "submitted", None, 0),
        (Ruling(TemplateState.draft), "submitted", None, 0),
        (Ruling(None, "frozen"), "submitted", "frozen", 0),
    ],
)
def test_what_became_of_a_text(engine, waiting, kept, now, ruling, state, problem, changed):
    template_id = waiting()
    send_waiting(engine, lambda draft: CONTENT, now=now)
    later = now + timedelta(minutes=10)
    assert refresh(engine, {CONTENT: ruling}.__getitem__, now=later) == changed
    found = kept(template_id)
    assert (found.state, found.problem) == (state, problem)
    if changed:
        assert found.state_at == later


def test_an_approved_text_can_be_paused_and_come_back(engine, waiting, kept, now):
    template_id = waiting()
    send_waiting(engine, lambda draft: CONTENT, now=now)
    for state in (TemplateState.approved, TemplateState.paused, TemplateState.approved):
        assert refresh(engine, lambda content_id, state=state: Ruling(state), now=now) == 1
        assert kept(template_id).state is state


@pytest.mark.parametrize("trouble", [Uncertain("timeout"), Refused("20003", Meaning.our_fault)])
def test_a_provider_that_says_nothing_changes_nothing(engine, waiting, kept, now, trouble):
    template_id = waiting()
    send_waiting(engine, lambda draft: CONTENT, now=now)
    assert refresh(engine, refusing(trouble), now=now) == 0
    assert kept(template_id).state is TemplateState.submitted


def test_a_text_that_is_approved_ends_the_alarms_about_its_channel(engine, waiting, work, now):
    with work() as session:
        for channel in ("whatsapp", "sms"):
            raise_alarm(session, "no_template", f"{channel}:SA", {"channel": channel}, now=now)
    waiting()
    send_waiting(engine, lambda _: CONTENT, now=now)
    with work() as session:
        assert len(standing_alarms(session)) == 2
    refresh(engine, lambda _: Ruling(TemplateState.approved), now=now)
    with work() as session:
        assert [alarm.subject for alarm in standing_alarms(session)] == ["sms:SA"]
        sms = add_version(
            session,
            seller_id=None,
            channel=Channel.sms,
            name="first",
            language="ar",
            message_class=MessageClass.service,
            body="{{store}}: {{number}} {{link}}",
            buttons=(),
            actor="operator",
            now=now,
        )
        put_in(session, sms.id, actor="operator", now=now)
        assert standing_alarms(session) == []
