"""How the settings of the journal become values: each function returns one or raises BadSetting."""

import re
from base64 import b64decode
from binascii import Error
from urllib.parse import SplitResult, urlsplit

from config.variables import BadSetting

KEY_BYTES = 32
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&*+=_~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")


def signing_key(text: str) -> str:
    """The Ed25519 key that signs heads of the journal: 32 bytes in base64."""
    try:
        found = b64decode(text, validate=True)
    except (Error, ValueError) as wrong:
        raise BadSetting("settings.journal.key") from wrong
    if len(found) != KEY_BYTES:
        raise BadSetting("settings.journal.key")
    return text


def heads_to(text: str) -> tuple[str, ...]:
    """Where signed heads are sent: folders, e-mail addresses and web addresses."""
    found = tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))
    for place, each in enumerate(found, start=1):
        if not _leads_outside(each):
            raise BadSetting("settings.journal.to", place=place)  # an address may be a secret
    return found


def _leads_outside(address: str) -> bool:
    try:
        parts = urlsplit(address)
        _ = parts.port  # a port out of range is only noticed when it is asked for
    except ValueError:
        return False
    match parts.scheme:
        case "file":
            return parts.path.startswith("/") and not parts.netloc
        case "mailto":
            return _ADDRESS.fullmatch(parts.path) is not None and not parts.query
        case "https":
            return _is_plain(parts)
    return False


def _is_plain(parts: SplitResult) -> bool:
    return bool(parts.hostname) and parts.username is None and not parts.fragment
