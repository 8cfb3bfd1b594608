"""Settings are read whole, or every reason why not is told at once."""

import os
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from config.env_file import read_env_file
from config.settings import Settings, SettingsError
from config.variables import BadSetting
from dispatcher.domain.retention import Periods

SECRET = "b2f5ff47436671b6e533d8dc3614845d"
TOKEN = "0123456789abcdef0123456789abcdef"


def environment(**changes: str) -> dict[str, str]:
    """A complete environment, but for what a test changes."""
    return {
        "SECRET_KEY": SECRET,
        "PUBLIC_BASE_URL": "https://permanence.example",
        "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
        "TWILIO_AUTH_TOKEN": TOKEN,
        "LINES_FILE": __file__,
        **changes,
    }


def test_four_variables_are_enough(tmp_path: Path) -> None:
    settings = Settings.read(environment(DATA_DIR=str(tmp_path)))

    assert settings.database_url == f"sqlite:///{tmp_path}/permanence.db"
    assert settings.redis_url is None
    assert settings.port == 8000
    assert settings.clock_speed == 1
    assert settings.retention == Periods()


def test_an_operator_with_nothing_set_is_told_of_every_missing_setting() -> None:
    with pytest.raises(SettingsError) as refusal:
        Settings.read({"LINES_FILE": __file__})

    assert [line.split()[0] for line in str(refusal.value).splitlines()[1:]] == [
        "SECRET_KEY",
        "PUBLIC_BASE_URL",
        "TWILIO_ACCOUNT_SID",
        "TWILIO_AUTH_TOKEN",
    ]


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("DATABASE_URL", "mysql://localhost/p", "« mysql »"),
        ("DATABASE_URL", "postgresql://localhost", "le nom de la base manque"),
        ("DATABASE_URL", "sqlite://", "une base en mémoire"),
        ("DATABASE_URL", "sqlite:///:memory:", "une base en mémoire"),
        ("REDIS_URL", "localhost:6379", "redis://"),
        ("REDIS_URL", "redis://localhost:99999", "vérifiez le nom de la machine et le port"),
        ("RETENTION", "number:90", "« number:90 » n'est pas une durée que nous connaissons"),
        ("RETENTION", "numbers:90,numbers:9", "« numbers:9 » donne une deuxième durée"),
        ("RETENTION", "numbers:1", "un nombre de jours entre 2 et 1095"),
        ("DATA_DIR", __file__, "n'est pas un dossier"),
        ("SECRET_KEY", "trop-court", "10 caractères"),
        ("SECRET_KEY", "change-me", "valeur d'exemple"),
        ("SECRET_KEY_PREVIOUS", "trop-court", "au moins 32"),
        ("SUPERVISION_KEY", "quinze-lettres-", "15 caractères"),
        ("SUPERVISION_KEY", "change-me-change-me", "valeur d'exemple"),
        ("PARTNER_KEYS", "k" * 40, "nom:clé"),
        ("PARTNER_KEYS", f"CCAS Gap:{'k' * 32}", "nom:clé"),
        ("PARTNER_KEYS", "ccas:trop-court", "la clé de « ccas »"),
        ("PARTNER_KEYS", f"ccas:change-me{'k' * 32}", "la clé de « ccas »"),
        ("PARTNER_KEYS", f"ccas:{'k' * 32},caf:{'k' * 32}", "deux fois"),
        ("PUBLIC_BASE_URL", "permanence.example", "ce n'est pas une adresse web"),
        ("PUBLIC_BASE_URL", "https://u:p@permanence.example", "sans nom d'utilisateur"),
        ("PUBLIC_BASE_URL", "http://permanence.example", "https://"),
        ("PUBLIC_BASE_URL", "https://permanence.example/voice", "s'arrêter au nom"),
        ("PUBLIC_BASE_URL", "https://permanence.example?a=1", "s'arrêter au nom"),
        ("PORT", "0", "n'est pas un port"),
        ("PORT", "quatre-vingts", "« quatre-vingts »"),
        ("PORT", "²", "n'est pas un port"),
        ("LINES_FILE", "/nowhere/lines.toml", "/nowhere/lines.toml"),
        ("PROMPTS_DIR", "/nowhere/prompts", "/nowhere/prompts"),
        ("PROMPTS_DIR", sys.executable, "n'est pas un dossier"),
        ("TWILIO_ACCOUNT_SID", "AC", "32 caractères"),
        ("PRACTICE", "perhaps", "« perhaps »"),
        ("TWILIO_API_KEY_SID", "AC" + "0" * 32, "l'identifiant d'une clé d'API"),
        ("TWILIO_API_KEY_SID", "SK" + "0" * 32, "donnez les deux, ou aucun"),
        ("TWILIO_AUTH_TOKEN", "deux mots", "une espace"),
        ("TWILIO_AUTH_TOKEN", "change-me", "valeur d'exemple"),
        ("TWILIO_API_BASE_URL", "http://carrier.example", "https://"),
        ("TWILIO_API_BASE_URL", "https://carrier.example/api?a", "« ? »"),
        ("SMS_SENDER", "Médiation", "sans accent"),
        ("SMS_SENDER", "ConseillerNum", "11 caractères"),
        ("SMS_SENDER", "3456", "dont une lettre"),
        ("SMTP_URL", "http://post.example", "smtp://"),
        ("SMTP_URL", "smtp://", "smtp://"),
        ("SMTP_URL", "smtp://post.example:99999", "cette adresse ne se lit pas"),
        ("SMTP_URL", "smtp://u:a/b@post.example", "%xx"),
        ("SMTP_URL", "smtp://u:p@post.example/a", "%2F"),
        ("SMTP_URL", "smtp://u@post.example", "donnez les deux"),
        ("MAIL_FROM", "Permanence", "« Permanence » ne peut pas signer"),
        ("MAIL_FROM", "a@b.example, c@d.example", "ne peut pas signer"),
        ("MAIL_FROM", "médiation@exemple.fr", "ne peut pas signer"),
        ("ALERTS_TO", "chef@exemple.fr, chef", "« chef » n'est pas une adresse"),
        ("ALERTS_TO", "chef@exemple.fr;adjointe@exemple.fr", "des virgules"),
        ("ALERT_AFTER", "0", "entre 1 et 240"),
        ("ALERT_AFTER", "241", "entre 1 et 240"),
        ("ALERT_AFTER", "dix", "« dix »"),
        ("CLOCK_SPEED", "0", "plus grand que zéro"),
        ("CLOCK_SPEED", "nan", "plus grand que zéro"),
        ("CLOCK_SPEED", "vite", "« vite »"),
        ("CLOCK_SPEED", "60", "opérateur simulé"),
        ("DEMO_KEY", "trop-court", "au moins 32"),
        ("DEMO_KEY", SECRET, "opérateur simulé"),
    ],
)
def test_a_wrong_setting_is_named_with_its_remedy(name: str, value: str, said: str) -> None:
    with pytest.raises(SettingsError) as refusal:
        Settings.read(environment(**{name: value}))

    assert f"{name} : " in str(refusal.value)
    assert said in str(refusal.value)
    assert len(str(refusal.value).splitlines()) == 2


def test_a_key_of_the_carriers_needs_its_name_and_with_both_browsers_may_ring() -> None:
    key = {"TWILIO_API_KEY_SECRET": "secret"}
    with pytest.raises(SettingsError, match="TWILIO_API_KEY_SID : TWILIO_API_KEY_SID et"):
        Settings.read(environment(**key))

    settings = Settings.read(environment(**key, TWILIO_API_KEY_SID="SK" + "0" * 32))

    assert settings.twilio_api_key_secret == "secret"
    assert "secret" not in repr(settings)


def test_whoever_sets_a_server_for_mails_says_who_signs_them() -> None:
    with pytest.raises(SettingsError, match="MAIL_FROM : ce réglage manque"):
        Settings.read(environment(SMTP_URL="smtp://post.example"))

    signed = Settings.read(environment(SMTP_URL="smtp://post.example", MAIL_FROM="a@b.example"))

    assert (signed.smtp_url, signed.mail_from) == ("smtp://post.example", "a@b.example")


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("Permanence <permanence@exemple.fr>", "Permanence <permanence@exemple.fr>"),
        ("L'été <p@exemple.fr>", "=?utf-8?b?TCfDqXTDqQ==?= <p@exemple.fr>"),
        ("p@exemple.fr", "p@exemple.fr"),
    ],
)
def test_who_signs_mails_is_an_address_or_a_name_and_an_address(said: str, read: str) -> None:
    assert Settings.read(environment(MAIL_FROM=said)).mail_from == read


def test_supervisors_are_addresses_with_commas_between_them_or_nobody() -> None:
    said = " chef@exemple.fr, adjointe@exemple.fr,chef@exemple.fr, "

    settings = Settings.read(environment(ALERTS_TO=said, ALERT_AFTER="15"))

    assert settings.alerts_to == ("chef@exemple.fr", "adjointe@exemple.fr")
    assert settings.alert_after == timedelta(minutes=15)
    assert Settings.read(environment()).alerts_to == ()


def test_recorded_sentences_are_looked_for_in_a_folder_that_can_be_read(tmp_path: Path) -> None:
    assert Settings.read(environment(PROMPTS_DIR=str(tmp_path))).prompts_dir == tmp_path
    assert Settings.read(environment()).prompts_dir is None


def test_a_folder_of_sentences_that_is_closed_to_us_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda path, _: path != tmp_path)  # root may go anywhere

    with pytest.raises(SettingsError, match="PROMPTS_DIR"):
        Settings.read(environment(PROMPTS_DIR=str(tmp_path)))


@pytest.mark.parametrize("carrier", ["http://127.0.0.1:4010", "http://[::1]:4010"])
def test_the_clock_may_run_fast_with_a_carrier_on_this_machine(carrier: str) -> None:
    settings = Settings.read(environment(CLOCK_SPEED="60", TWILIO_API_BASE_URL=carrier))

    assert settings.clock_speed == 60


def test_the_clock_may_not_run_fast_with_a_carrier_elsewhere() -> None:
    with pytest.raises(SettingsError, match="CLOCK_SPEED"):
        Settings.read(
            environment(CLOCK_SPEED="60", TWILIO_API_BASE_URL="https://127.0.0.1.carrier.example")
        )


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_any_spelling_of_postgresql_gets_the_driver_we_carry(scheme: str) -> None:
    settings = Settings.read(environment(DATABASE_URL=f"{scheme}://u:p@db.example/permanence"))

    assert settings.database_url == "postgresql+psycopg://u:p@db.example/permanence"


@pytest.mark.parametrize("sender", ["+33199001234", "Permanence", "France Serv"])
def test_a_sender_is_a_number_or_a_short_name(sender: str) -> None:
    assert Settings.read(environment(SMS_SENDER=sender)).sms_sender == sender


def test_the_load_is_shown_to_nobody_unless_there_is_a_key_for_it() -> None:
    assert Settings.read(environment()).supervision_key is None
    assert Settings.read(environment(SUPERVISION_KEY="")).supervision_key is None
    assert Settings.read(environment(SUPERVISION_KEY="k" * 16)).supervision_key == "k" * 16


def test_a_partner_may_have_two_keys_while_one_replaces_the_other() -> None:
    both = f"ccas-gap:{'a' * 32}, ccas-gap:{'b' * 32},"

    keys = Settings.read(environment(PARTNER_KEYS=both)).partner_keys

    assert keys == (("ccas-gap", "a" * 32), ("ccas-gap", "b" * 32))
    assert Settings.read(environment()).partner_keys is None


def test_an_empty_variable_counts_as_not_set() -> None:
    settings = Settings.read(environment(REDIS_URL="", PORT=" ", SECRET_KEY_PREVIOUS=""))

    assert (settings.redis_url, settings.port, settings.secret_key_previous) == (None, 8000, None)


def test_the_public_address_ends_without_a_slash() -> None:
    settings = Settings.read(environment(PUBLIC_BASE_URL="https://permanence.example/"))

    assert settings.public_base_url == "https://permanence.example"


def test_settings_written_to_a_log_show_no_secret() -> None:
    settings = Settings.read(
        environment(
            SECRET_KEY_PREVIOUS="p" * 32,
            SUPERVISION_KEY="k" * 16,
            PARTNER_KEYS="ccas:" + "q" * 32,
            DATABASE_URL="postgresql://u:secret-db@db.example/permanence",
            REDIS_URL="redis://:secret-redis@redis.example/0",
            SMTP_URL="smtp://u:secret-mail@post.example",
            MAIL_FROM="p@exemple.fr",
        )
    )

    shown = f"{settings!r} {settings}"

    secrets = ("p" * 32, "k" * 16, "q" * 32, "secret-db", "secret-redis", "secret-mail")
    for secret in (SECRET, TOKEN, *secrets):
        assert secret not in shown


def test_a_refusal_does_not_repeat_a_secret() -> None:
    wrong = {
        "SECRET_KEY": "too-short",
        "SUPERVISION_KEY": "short-too",
        "PARTNER_KEYS": "ccas:short-also",
        "TWILIO_AUTH_TOKEN": "a b c d",
        "SMTP_URL": "smtp://u:swordfish/@post.example",
    }
    with pytest.raises(SettingsError) as refusal:
        Settings.read(environment(**wrong))

    assert "too-short" not in str(refusal.value)
    assert "short-too" not in str(refusal.value)
    assert "short-also" not in str(refusal.value)
    assert "a b c d" not in str(refusal.value)
    assert "swordfish" not in str(refusal.value)


def test_the_env_file_gives_what_the_environment_does_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [f"{name}={value}" for name, value in environment(PORT="9001").items()]
    (tmp_path / ".env").write_text("\n".join([*lines, "SMS_SENDER=Fichier"]), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    for name in environment(SMS_SENDER=""):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PORT", "9002")

    settings = Settings.from_environment()

    assert (settings.port, settings.sms_sender) == (9002, "Fichier")


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("NAME=value", "value"),
        ("export NAME = value", "value"),
        ("NAME=value  # why", "value"),
        ("NAME=a#b", "a#b"),
        ('NAME="a # b"  # why', "a # b"),
        ("NAME='a b'", "a b"),
        ("NAME=", ""),
        ("NAME=# nothing", ""),
        ("NAME=a=b==", "a=b=="),
        ("NAME=ab#", "ab#"),
    ],
)
def test_a_line_of_the_env_file_reads_as_people_write_it(
    tmp_path: Path, line: str, value: str
) -> None:
    path = tmp_path / ".env"
    path.write_text(f"# heading\n\n{line}\n", encoding="utf-8")

    assert read_env_file(path) == {"NAME": value}


def test_a_broken_line_of_the_env_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / ".env"
    path.write_text("PORT=1\nPORT 2\n", encoding="utf-8")

    with pytest.raises(BadSetting) as wrong:
        read_env_file(path)

    assert wrong.value.details == {"line": 2}
