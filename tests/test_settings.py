import multiprocessing
import stat
from pathlib import Path

import pytest

from settings import Settings, SettingsError


def read(tmp_path: Path, **environ: str) -> Settings:
    return Settings.from_env({"TAKEED_DATA": str(tmp_path)} | environ)


def test_defaults_need_no_environment(tmp_path: Path) -> None:
    settings = read(tmp_path)
    assert settings.data == tmp_path
    assert settings.database_url is None
    assert settings.public_url == "http://127.0.0.1:8000"
    assert settings.api_rate == 50
    assert settings.proxies == 0
    assert settings.time_zone == "Asia/Riyadh"
    assert settings.sandbox
    assert not settings.webhook_allow_private
    assert settings.world.name == "gulf-weekday.json"
    assert settings.contact_threads == 4
    assert settings.twilio_webhook_keys == ()


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_spelling_of_a_postgresql_address_is_taken(tmp_path: Path, scheme: str) -> None:
    settings = read(tmp_path, DATABASE_URL=f"{scheme}://u:p@db/takeed")
    assert settings.database_url == "postgresql+psycopg://u:p@db/takeed"


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("DATABASE_URL", "mysql://hidden-password@db"),
        ("TAKEED_PUBLIC_URL", "takeed.example"),
        ("TAKEED_PUBLIC_URL", "https://takeed.example/hidden-password?x=1"),
        ("TWILIO_API_BASE", "http://127.0.0.1:99999/hidden-password"),
        ("TWILIO_API_BASE", "http://127.0.0.1:0/hidden-password"),
        ("TWILIO_API_BASE", "http://[::1/hidden-password"),
        ("TWILIO_API_BASE", "http://hidden password/"),
        ("TAKEED_SECRET_KEY", "hidden-password"),
        ("TAKEED_WEBHOOK_ALLOW_PRIVATE", "hidden-password"),
        ("TAKEED_API_RATE", "-1"),
        ("TAKEED_API_RATE", "٥٠"),
        ("TAKEED_PROXIES", "yes"),
        ("TAKEED_TIME_ZONE", "Riyadh"),
        ("TAKEED_TIME_ZONE", "../hidden-password"),
        ("TAKEED_TIME_ZONE", "Asia"),
        ("TAKEED_CONTACT_THREADS", "0"),
        ("TAKEED_CONTACT_THREADS", "101"),
        ("TWILIO_WEBHOOK_KEYS", "hidden-password"),
        ("TWILIO_WEBHOOK_KEYS", ":hidden-password"),
        ("TWILIO_WEBHOOK_KEYS", "id:"),
        ("TWILIO_WEBHOOK_KEYS", "id:hidden-password,id:other"),
        ("TWILIO_WEBHOOK_KEYS", "id:hidden-password,,"),
    ],
)
def test_a_bad_value_names_its_variable_and_keeps_the_value_to_itself(
    tmp_path: Path, variable: str, value: str
) -> None:
    with pytest.raises(SettingsError, match=f"^{variable} must") as caught:
        read(tmp_path, **{variable: value})
    assert "hidden-password" not in str(caught.value)


def test_half_of_the_provider_credentials_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="^TWILIO_AUTH_TOKEN is missing"):
        read(tmp_path, TWILIO_ACCOUNT_SID="AC1")
    assert not read(tmp_path, TWILIO_ACCOUNT_SID="AC1", TWILIO_AUTH_TOKEN="t").sandbox


def test_shared_keys_are_pairs_of_an_id_and_a_secret(tmp_path: Path) -> None:
    settings = read(tmp_path, TWILIO_WEBHOOK_KEYS="one:secret:with:colons, two:other")
    assert settings.twilio_webhook_keys == (("one", "secret:with:colons"), ("two", "other"))


def test_secrets_stay_out_of_the_printed_form(tmp_path: Path) -> None:
    settings = read(
        tmp_path,
        DATABASE_URL="postgres://u:hunter2@db/t",
        TWILIO_ACCOUNT_SID="AC1",
        TWILIO_AUTH_TOKEN="tok2",
        TWILIO_WEBHOOK_KEYS="id:key3",
    )
    assert not any(secret in repr(settings) for secret in ("hunter2", "tok2", "key3", settings.secret_key))


def _key(folder: str) -> str:
    return Settings.from_env({"TAKEED_DATA": folder}).secret_key


def test_processes_that_start_together_share_one_kept_key(tmp_path: Path) -> None:
    with multiprocessing.get_context("spawn").Pool(4) as pool:
        keys = set(pool.map(_key, [str(tmp_path / "var")] * 8))
    path = tmp_path / "var" / "secret_key"
    assert keys == {path.read_text()}
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [each.name for each in (tmp_path / "var").iterdir()] == ["secret_key"]


def test_a_data_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SettingsError, match="^TAKEED_DATA"):
        Settings.from_env({"TAKEED_DATA": str(tmp_path / "file" / "var")})
