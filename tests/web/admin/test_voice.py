"""The page of the voices: what is recorded, what is missing, and taking recordings in."""

import re
from html import unescape
from io import BytesIO

import pytest

from models.base import new_id
from models.vocabulary import Role
from tests.orders import make_seller
from tests.web.staff import Browser, make_user
from verification.voice.clips import MOST_BYTES, add_clip, list_clips
from verification.voice.sentences import RECORDED

WAV = b"RIFF\x24\0\0\0WAVEfmt "


def plain(answer):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


def upload(admin, sound=WAV, name="greeting", language="ckb", **form):
    file = (BytesIO(sound), "noise.wav")
    answer = admin.post("/admin/voice", {"language": language, "name": name, "sound": file, **form})
    # The test client keeps a large form in a file.
    answer.request.environ["wsgi.input"].close()
    return answer


def test_what_is_missing_is_told_with_what_to_say(admin):
    said = plain(admin.get("/admin/voice"))
    assert "Kurdish (Sorani)" in said
    assert f"{len(RECORDED)} recordings are missing" in said
    assert "This is an automated call from the shop where you ordered." in said


def test_a_recording_is_taken_in_heard_and_removed(admin, session):
    answer = upload(admin)
    assert (answer.status_code, answer.location) == (
        303,
        "/admin/voice?language=ckb&seller=&said=added#greeting",
    )
    [clip] = list_clips(session)
    assert f"{len(RECORDED) - 1} recordings are missing" in plain(admin.get(answer.location))
    heard = admin.get(f"/admin/voice/{clip.id}")
    assert (heard.content_type, heard.data) == ("audio/wav", WAV)
    record = plain(admin.get("/admin/audit"))
    assert "Voice: Kurdish (Sorani), greeting" in record
    for said in ("removed", "gone"):
        gone = admin.post(f"/admin/voice/{clip.id}/remove", {"language": "ckb"})
        assert f"said={said}" in gone.location
        assert admin.get(gone.location).status_code == 200
    assert admin.get(f"/admin/voice/{clip.id}").status_code == 404
    assert "Voice, removed: Kurdish (Sorani), greeting" in plain(admin.get("/admin/audit"))


def test_a_complete_language_is_told_as_such(admin, work, now):
    with work() as session:
        for name in RECORDED:
            add_clip(session, WAV, language="ckb", name=name, seller_id=None, actor="operator", now=now)
    assert "Buyers of this language get automated calls." in plain(admin.get("/admin/voice?language=ckb"))


def test_a_sellers_own_recording_stands_beside_the_one_for_all(admin, work, session, now):
    with work() as committed:
        slug = make_seller(committed, now).seller.slug
    upload(admin)
    page = plain(admin.get(f"/admin/voice?language=ckb&seller={slug}"))
    assert "an automated call from Noor Shop" in page
    assert "the one for all sellers" in page
    assert "seller=" + slug in upload(admin, seller=slug).location
    assert {clip.seller for clip in list_clips(session)} == {None, slug}
    assert "the one for all sellers" not in plain(admin.get(f"/admin/voice?language=ckb&seller={slug}"))


@pytest.mark.parametrize(
    ("sound", "rule"),
    [
        (b"", "Choose a file"),
        (b"no sound at all", "neither MP3 nor WAV"),
        (WAV + b"x" * MOST_BYTES, "larger than 2 MB"),
    ],
)
def test_what_is_no_recording_is_told_beside_its_sentence(admin, session, sound, rule):
    answer = upload(admin, sound)
    assert answer.status_code == 422
    assert rule in plain(answer)
    assert 'aria-describedby="trouble-greeting"' in answer.text
    assert list_clips(session) == []


def test_no_file_at_all_is_told_too(admin):
    answer = admin.post("/admin/voice", {"language": "ckb", "name": "greeting"})
    assert answer.status_code == 422


def test_a_file_without_end_is_not_read(admin):
    assert upload(admin, WAV + b"x" * (3 * MOST_BYTES)).status_code == 413


@pytest.mark.parametrize(
    "form",
    [{"name": "hello"}, {"language": "ar"}, {"language": "x\0"}, {"seller": "nobody"}, {"seller": "\0"}],
)
def test_what_no_form_of_ours_sends_is_not_found(admin, form):
    assert upload(admin, **form).status_code == 404


def test_addresses_that_name_nothing(admin):
    for path in ("?language=xx", "?seller=nobody", f"/{new_id()}", "/x"):
        assert admin.get(f"/admin/voice{path}").status_code == 404


def test_only_admins_open_it(app, work, now):
    browser = Browser(app)
    browser.sign_in(make_user(work, now, Role.supervisor).email)
    assert browser.get("/admin/voice").status_code == 403
    assert upload(browser).status_code == 403
