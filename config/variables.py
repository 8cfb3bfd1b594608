"""How the text of one variable becomes a value: each function returns it or raises BadSetting."""

import math
import os
import re
from datetime import timedelta
from email.utils import formataddr
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from dispatcher.domain.retention import DEFAULTS, LONGEST, SHORTEST, BadPeriods, Periods

SHORTEST_SECRET = 32
SHORTEST_SUPERVISION_KEY = 16
PLACEHOLDER = "change-me"  # the start of what .env.example offers in place of a secret


class BadSetting(Exception):
    """Why a value cannot stand: the key of a sentence in the catalogue, and what it quotes."""

    def __init__(self, key: str, **details: object) -> None:
        super().__init__(key)
        self.key = key
        self.details = details


def database_url(text: str) -> str:
    """A SQLite file or a PostgreSQL database, under the driver that we carry."""
    scheme, _, rest = text.partition("://")
    if scheme in {"postgres", "postgresql", "postgresql+psycopg"}:
        if not urlsplit(text).path.strip("/"):
            raise BadSetting("settings.database_url.nameless")
        return f"postgresql+psycopg://{rest}"
    if scheme != "sqlite":
        raise BadSetting("settings.database_url.scheme", scheme=scheme[:20])
    if not rest.strip("/") or ":memory:" in rest:
        raise BadSetting("settings.database_url.memory")  # several processes share it
    return text


def redis_url(text: str) -> str:
    """An address that redis-py understands."""
    if _parts(text).scheme not in {"redis", "rediss", "unix"}:
        raise BadSetting("settings.redis_url.scheme")
    return text


def data_dir(text: str) -> Path:
    """A folder we may write in, or may make."""
    folder = Path(text).expanduser().absolute()
    nearest = next(place for place in (folder, *folder.parents) if place.exists())
    if not nearest.is_dir():
        raise BadSetting("settings.data_dir.not_a_folder", path=nearest)
    if not os.access(nearest, os.W_OK | os.X_OK):
        raise BadSetting("settings.data_dir.read_only", path=nearest)
    return folder


def secret_key(text: str) -> str:
    """A secret long enough to derive keys from, and not the one everybody can read."""
    if text.startswith(PLACEHOLDER):
        raise BadSetting("settings.secret_key.placeholder")
    if len(text) < SHORTEST_SECRET:
        raise BadSetting("settings.secret_key.short", length=len(text), least=SHORTEST_SECRET)
    return text


def supervision_key(text: str) -> str:
    """What supervisors give to see the load: too long to be guessed at a few tries a minute."""
    if text.startswith(PLACEHOLDER):
        raise BadSetting("settings.supervision_key.placeholder")
    if len(text) < SHORTEST_SUPERVISION_KEY:
        least = SHORTEST_SUPERVISION_KEY
        raise BadSetting("settings.supervision_key.short", length=len(text), least=least)
    return text


def partner_keys(text: str) -> tuple[tuple[str, str], ...]:
    """``name:key`` of each partner, a comma between them; a name with two keys is changing them."""
    pairs = [each.strip().partition(":") for each in text.split(",") if each.strip()]
    for name, colon, key in pairs:
        if not colon or not re.fullmatch(r"[a-z][a-z0-9-]{0,39}", name):
            raise BadSetting("settings.partner_keys.name")
        if key.startswith(PLACEHOLDER) or not re.fullmatch(r"[!-~]{32,256}", key):
            least = SHORTEST_SECRET
            raise BadSetting("settings.partner_keys.key", name=name, least=least)
    keys = [key for _, _, key in pairs]
    if len(set(keys)) < len(keys):
        raise BadSetting("settings.partner_keys.twice")
    return tuple((name, key) for name, _, key in pairs)


def public_base_url(text: str) -> str:
    """The address the carrier and browsers reach us at; signatures are computed over it."""
    parts = _web_address(text)
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise BadSetting("settings.public_base_url.path")
    return text.rstrip("/")


def issuer(text: str) -> str:
    """The service that vouches for people, exactly as it names itself."""
    parts = _web_address(text)
    if parts.query or parts.fragment:
        raise BadSetting("settings.oidc.query")
    return text


def session(text: str) -> timedelta:
    """A whole number of minutes, from five to a week of them."""
    if not (text.isascii() and text.isdigit() and 5 <= int(text[:9]) <= 7 * 24 * 60):
        raise BadSetting("settings.session", value=text)
    return timedelta(minutes=int(text))


def api_base_url(text: str) -> str:
    """The address of a carrier that speaks Twilio's API."""
    parts = _web_address(text)
    if parts.query or parts.fragment:
        raise BadSetting("settings.twilio_api_base_url.query")
    return text.rstrip("/")


def port(text: str) -> int:
    """A TCP port that a web server can listen on."""
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 65535:
        raise BadSetting("settings.port", value=text)
    return int(text)


def proxies(text: str) -> int:
    """How many proxies stand before us."""
    if not text.isascii() or not text.isdigit() or int(text) > 9:
        raise BadSetting("settings.proxies", value=text)
    return int(text)


def lines_file(text: str) -> Path:
    """A file that exists; what it says is checked by the domain when it is loaded."""
    path = Path(text).expanduser().absolute()
    if not path.is_file() or not os.access(path, os.R_OK):
        raise BadSetting("settings.lines_file", path=path)
    return path


def prompts_dir(text: str) -> Path:
    """A folder that can be read; what is in it is looked at while the service runs."""
    path = Path(text).expanduser().absolute()
    if not path.is_dir() or not os.access(path, os.R_OK | os.X_OK):
        raise BadSetting("settings.prompts_dir", path=path)
    return path


def account_sid(text: str) -> str:
    """Twilio's name for the account: AC and 32 hexadecimal digits."""
    if not re.fullmatch(r"AC[0-9a-f]{32}", text):
        raise BadSetting("settings.twilio_account_sid")
    return text


def auth_token(text: str) -> str:
    """The account's primary token, with which webhooks are signed."""
    if text.startswith(PLACEHOLDER):
        raise BadSetting("settings.twilio_auth_token.placeholder")
    if re.search(r"\s", text):
        raise BadSetting("settings.twilio_auth_token.spaces")
    return text


def sms_sender(text: str) -> str:
    """A number in E.164, or the alphanumeric name that GSM allows: 11 signs, one a letter."""
    alphanumeric = re.fullmatch(r"(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11}", text)
    if not alphanumeric and not re.fullmatch(r"\+[1-9][0-9]{6,14}", text):
        raise BadSetting("settings.sms_sender", value=text)
    return text


def texts_a_day(text: str) -> int:
    """How many texts a day may be sent; none is allowed, no limit is not."""
    if not text.isascii() or not text.isdigit() or len(text) > 7:
        raise BadSetting("settings.texts_a_day", value=text)
    return int(text)


_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*")
"""Somebody@somewhere, in ASCII: not every server knows more."""


def smtp_url(text: str) -> str:
    """A server that takes our mails, with a user and a password in it if it asks for them."""
    try:
        parts = _parts(text)
    except BadSetting as wrong:
        raise BadSetting("settings.smtp_url.unreadable") from wrong
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise BadSetting("settings.smtp_url.scheme")
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise BadSetting("settings.smtp_url.path")  # as after a password with a / or a #
    if bool(parts.username) != bool(parts.password):
        raise BadSetting("settings.smtp_url.half")
    return text


def mail_from(text: str) -> str:
    """Who signs our mails: an address, or a name and an address in angle brackets."""
    name, _, rest = text.rpartition("<")
    address = rest.removesuffix(">") if name else text
    if not _ADDRESS.fullmatch(address) or not text.isprintable() or '"' in text:
        raise BadSetting("settings.mail_from.address", value=text)
    return formataddr((name.strip(), address)) if name else address


def addresses(text: str) -> tuple[str, ...]:
    """Addresses with commas between them; none for the empty text."""
    found = tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))
    for each in found:
        if not _ADDRESS.fullmatch(each):
            raise BadSetting("settings.alerts_to", value=each)
    return found


def minutes(text: str) -> timedelta:
    """A whole number of minutes, from one to four hours of them."""
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= 240):
        raise BadSetting("settings.alert_after", value=text)
    return timedelta(minutes=int(text))


def relay_url(text: str) -> str:
    """The page of a relay service for deaf callers: https, since it is shown to people."""
    parts = _parts(text)
    odd = parts.username is not None or not text.isprintable() or " " in text
    if parts.scheme != "https" or not parts.hostname or odd:
        raise BadSetting("settings.relay_url")
    return text


_PERIODS = {
    "unknown": "settings.retention.unknown",
    "twice": "settings.retention.twice",
    "days": "settings.retention.days",
}


def retention(text: str) -> Periods:
    """How long each class of data about people is kept."""
    try:
        return Periods.parse(text)
    except BadPeriods as wrong:
        classes = ", ".join(DEFAULTS)
        bounds = {"least": SHORTEST, "most": LONGEST, "classes": classes}
        raise BadSetting(_PERIODS[wrong.code], value=wrong.value, **bounds) from wrong


def clock_speed(text: str) -> float:
    """How many of our seconds pass in one second of the wall clock."""
    try:
        speed = float(text)
    except ValueError:
        speed = math.nan
    if not 0 < speed < math.inf:
        raise BadSetting("settings.clock_speed.value", value=text)
    return speed


def on_loopback(url: str) -> bool:
    """Whether an address never leaves this machine."""
    host = (_parts(url).hostname or "").lower()
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _web_address(text: str) -> SplitResult:
    parts = _parts(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username is not None:
        raise BadSetting("settings.url.not_http")
    if parts.scheme == "http" and not on_loopback(text):
        raise BadSetting("settings.url.not_https")
    return parts


def _parts(text: str) -> SplitResult:
    try:
        parts = urlsplit(text)
        _ = parts.port  # a port out of range is only noticed when it is asked for
    except ValueError as wrong:
        raise BadSetting("settings.url.unreadable") from wrong
    return parts
