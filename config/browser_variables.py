"""How what is set of agents' browsers becomes a value: each returns it or raises BadSetting."""

import re

from config.variables import BadSetting


def api_key_sid(text: str) -> str:
    """Twilio's name for a key of the account: SK and 32 hexadecimal digits."""
    if not re.fullmatch(r"SK[0-9a-f]{32}", text):
        raise BadSetting("settings.twilio_api_key.sid")
    return text


def practice(text: str) -> bool:
    """Whether an agent practises before a page of theirs rings for real."""
    if text not in {"yes", "no"}:
        raise BadSetting("settings.practice", value=text[:20])
    return text == "yes"
