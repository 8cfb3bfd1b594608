"""What the operator decides: the only reader of the environment."""

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, Self

from config import browser_variables, journal_fields, variables
from config.env_file import read_env_file
from config.variables import BadSetting
from config.words import words
from dispatcher.domain.retention import Periods

ENV_FILE = Path(".env")
SHIPPED_LINES = Path(__file__).parent / "data" / "lines.toml"


class SettingsError(Exception):
    """What the operator has to mend before anything can start, said in their words."""


@dataclass(frozen=True, slots=True)
class Variable:
    """One line of ``.env``: how its text becomes a value, and the text that stands for none."""

    name: str
    parse: Callable[[str], object]
    required: bool = False
    default: str | None = None


VARIABLES = (
    Variable("DATABASE_URL", variables.database_url),
    Variable("REDIS_URL", variables.redis_url),
    Variable("DATA_DIR", variables.data_dir, default="var"),
    Variable("SECRET_KEY", variables.secret_key, required=True),
    Variable("SECRET_KEY_PREVIOUS", variables.secret_key),
    Variable("SUPERVISION_KEY", variables.supervision_key),
    Variable("PARTNER_KEYS", variables.partner_keys),
    Variable("OIDC_ISSUER", variables.issuer),
    Variable("OIDC_CLIENT_ID", str),
    Variable("OIDC_CLIENT_SECRET", str),
    Variable("SESSION_IDLE", variables.session, default="120"),
    Variable("SESSION_LIFE", variables.session, default="720"),
    Variable("PUBLIC_BASE_URL", variables.public_base_url, required=True),
    Variable("PORT", variables.port, default="8000"),
    Variable("EVENTS_URL", variables.events_url),
    Variable("PROXIES", variables.proxies, default="1"),
    Variable("LINES_FILE", variables.lines_file, default=str(SHIPPED_LINES)),
    Variable("PROMPTS_DIR", variables.prompts_dir),
    Variable("TWILIO_ACCOUNT_SID", variables.account_sid, required=True),
    Variable("TWILIO_AUTH_TOKEN", variables.auth_token, required=True),
    Variable("TWILIO_API_KEY_SID", browser_variables.api_key_sid),
    Variable("TWILIO_API_KEY_SECRET", str),
    Variable("PRACTICE", browser_variables.practice, default="yes"),
    Variable("TWILIO_API_BASE_URL", variables.api_base_url),
    Variable("SMS_SENDER", variables.sms_sender),
    Variable("TEXTS_PER_NUMBER", variables.texts_a_day, default="5"),
    Variable("TEXTS_PER_DAY", variables.texts_a_day, default="500"),
    Variable("SMTP_URL", variables.smtp_url),
    Variable("MAIL_FROM", variables.mail_from),
    Variable("ALERTS_TO", variables.addresses, default=""),
    Variable("ALERT_AFTER", variables.minutes, default="10"),
    Variable("RELAY_URL", variables.relay_url),
    Variable("RETENTION", variables.retention, default=str(Periods())),
    Variable("JOURNAL_SIGNING_KEY", journal_fields.signing_key),
    Variable("JOURNAL_HEADS_TO", journal_fields.heads_to, default=""),
    Variable("CLOCK_SPEED", variables.clock_speed, default="1"),
    Variable("DEMO_KEY", variables.secret_key),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Every setting, checked. Its ``repr`` shows no secret, nor an address that may hold one."""

    database_url: str = field(repr=False)
    redis_url: str | None = field(repr=False)  # None: the embedded Redis of config/redis_server.py
    data_dir: Path
    secret_key: str = field(repr=False)
    secret_key_previous: str | None = field(repr=False)
    supervision_key: str | None = field(repr=False)  # None: there is no page of the load
    partner_keys: tuple[tuple[str, str], ...] | None = field(repr=False)  # None: no such door
    oidc_issuer: str | None  # None: no other service vouches for people
    oidc_client_id: str | None
    oidc_client_secret: str | None = field(repr=False)
    session_idle: timedelta  # since the last page
    session_life: timedelta  # since the beginning
    public_base_url: str  # without a slash at its end
    port: int  # of the web server; the next one is the stream server's
    events_url: str | None  # None: on this machine the next port, elsewhere desks ask again
    proxies: int  # how many, each of which tells us whom it saw
    lines_file: Path
    prompts_dir: Path | None  # None: every sentence is spoken by the voice
    twilio_account_sid: str
    twilio_auth_token: str = field(repr=False)
    twilio_api_key_sid: str | None  # None: nobody is rung in a browser
    twilio_api_key_secret: str | None = field(repr=False)
    practice: bool  # agents practise before a page of theirs rings for real
    twilio_api_base_url: str | None  # None: Twilio's own
    sms_sender: str | None
    texts_per_number: int  # a day, to one number
    texts_per_day: int  # of the whole deployment
    smtp_url: str | None = field(repr=False)  # None: mails are written to files
    mail_from: str | None
    alerts_to: tuple[str, ...]  # supervisors' addresses
    alert_after: timedelta  # how long somebody may wait before supervisors are told
    relay_url: str | None  # None: deaf callers are offered no relay service
    retention: Periods  # for how many days each class of data about people is kept
    journal_signing_key: str | None = field(repr=False)  # None: the journal's heads are not signed
    journal_heads_to: tuple[str, ...] = field(repr=False)  # where signed heads are sent
    clock_speed: float  # our seconds in one second of the wall clock
    demo_key: str | None = field(repr=False)  # None: no door tells the story of a call

    @classmethod
    def read(cls, environ: Mapping[str, str]) -> Self:
        """Check everything; raise one SettingsError that names every variable that is wrong.

        A variable that is empty counts as not set.
        """
        problems: list[str] = []
        values: dict[str, Any] = {}
        for variable in VARIABLES:
            try:
                values[variable.name.lower()] = _value_of(variable, environ)
            except BadSetting as wrong:
                problems.append(_sentence(variable.name, wrong))
        problems += _problems_together(values)
        if problems:
            raise SettingsError("\n".join([words("operator")["settings.heading"], *problems]))
        if values["database_url"] is None:
            values["database_url"] = f"sqlite:///{values['data_dir'] / 'permanence.db'}"
        return cls(**values)

    @classmethod
    def from_environment(cls) -> Self:
        """Read the process's environment, which wins over ``.env`` in the working directory."""
        try:
            return cls.read({**read_env_file(ENV_FILE), **os.environ})
        except BadSetting as wrong:
            raise SettingsError(_sentence(str(ENV_FILE), wrong)) from wrong


def clock_speed() -> float | None:
    """The CLOCK_SPEED of our environment alone; None when it is not set, or 1.

    For what has a clock of its own and may run as fast as it can. Raises SettingsError.
    """
    asked = next(each for each in VARIABLES if each.name == "CLOCK_SPEED")
    try:
        speed = _value_of(asked, {**read_env_file(ENV_FILE), **os.environ})
    except BadSetting as wrong:
        raise SettingsError(_sentence(asked.name, wrong)) from wrong
    assert isinstance(speed, float)
    return None if speed == 1 else speed


def passed_on(*names: str) -> dict[str, str]:
    """What a process that we start is told of our own environment, and nothing else of it."""
    return {name: os.environ[name] for name in names if name in os.environ}


def _value_of(variable: Variable, environ: Mapping[str, str]) -> object:
    text = environ.get(variable.name, "").strip() or variable.default
    if text is not None:
        return variable.parse(text)
    if variable.required:
        raise BadSetting("settings.missing")
    return None


def _problems_together(values: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong of settings that are right one by one."""
    if values.get("clock_speed", 1) != 1 and not _is_simulated(values):
        yield _sentence("CLOCK_SPEED", BadSetting("settings.clock_speed.carrier"))
    if values.get("demo_key") is not None and not _is_simulated(values):
        yield _sentence("DEMO_KEY", BadSetting("settings.demo_key.carrier"))
    if values.get("smtp_url") is not None and values.get("mail_from", "") is None:
        yield _sentence("MAIL_FROM", BadSetting("settings.mail_from.missing"))
    if values.get("journal_heads_to") and values.get("journal_signing_key", "") is None:
        yield _sentence("JOURNAL_SIGNING_KEY", BadSetting("settings.journal.no_key"))
    oidc = [values.get(name) for name in ("oidc_issuer", "oidc_client_id", "oidc_client_secret")]
    if any(oidc) and not all(oidc):
        yield _sentence("OIDC_ISSUER", BadSetting("settings.oidc.part"))
    key = [values.get(name, "") for name in ("twilio_api_key_sid", "twilio_api_key_secret")]
    if None in key and any(key):
        yield _sentence("TWILIO_API_KEY_SID", BadSetting("settings.twilio_api_key.part"))


def _is_simulated(values: Mapping[str, Any]) -> bool:
    """Whether the carrier is one of this machine, that dials no real people."""
    carrier = values.get("twilio_api_base_url")
    return carrier is not None and variables.on_loopback(carrier)


def _sentence(name: str, wrong: BadSetting) -> str:
    return f"  {name} : {words('operator')[wrong.key].format_map(wrong.details)}"
