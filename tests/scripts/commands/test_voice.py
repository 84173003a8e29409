"""`flask voice` keeps recordings."""

import pytest

from verification.voice.sentences import RECORDED

WAV = b"RIFF\x24\0\0\0WAVEfmt "


@pytest.fixture
def recordings(tmp_path):
    folder = tmp_path / "sorani"
    folder.mkdir()
    for name in RECORDED:
        (folder / f"{name}.wav").write_bytes(WAV)
    return folder


def test_a_folder_of_recordings_gives_a_language_its_voice(run, recordings):
    files = sorted(str(each) for each in recordings.iterdir())
    assert len(run("voice", "list", "--language", "ckb", "--json").json["missing"]) == len(RECORDED)
    added = run("voice", "add", "ckb", *files, "--json").json["added"]
    assert len(added) == len(RECORDED)
    listed = run("voice", "list", "--language", "ckb", "--json").json
    assert listed["missing"] == []
    assert [each["name"] for each in listed["clips"]] == list(RECORDED)
    assert run("voice", "remove", added[0]["id"]).out.startswith("Removed: ckb ")
    assert "Error: there is no recording with this id" in run("voice", "remove", added[0]["id"]).err


def test_one_bad_file_keeps_all_out(run, recordings):
    (recordings / "hello.wav").write_bytes(WAV)
    refused = run("voice", "add", "ckb", str(recordings / "keys.wav"), str(recordings / "hello.wav"))
    assert refused.code == 1
    assert "hello.wav is named after no sentence" in refused.err
    assert run("voice", "list").out == "nothing is recorded\n"


def test_a_sellers_own_recording(run, recordings):
    seller = run("seller", "create", "Noor", "--country", "IQ", "--json").json
    run("voice", "add", "ckb", str(recordings / "greeting.wav"), "--seller", seller["slug"])
    [clip] = run("voice", "list", "--json").json["clips"]
    assert (clip["seller"], clip["name"], clip["content_type"]) == (seller["slug"], "greeting", "audio/wav")
    text = run("voice", "list", "--language", "ckb").out
    assert "missing for all sellers: greeting  (Hello." in text


def test_what_nobody_can_mean_is_refused(run, recordings):
    assert run("voice", "add", "ar", str(recordings / "keys.wav")).code == 2
    assert run("voice", "add", "ckb", str(recordings / "none.wav")).code == 2
    assert run("voice", "add", "ckb", str(recordings / "keys.wav"), "--seller", "nobody").code == 1
    (recordings / "point.wav").write_bytes(b"words")
    assert "point.wav is neither MP3 nor WAV" in run("voice", "add", "ckb", str(recordings / "point.wav")).err
