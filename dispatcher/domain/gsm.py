"""The alphabet of short messages, GSM 7-bit: what a text costs, and how it is spelt to fit.

One letter outside it would turn a whole text into UCS-2, 70 letters a segment instead of 160:
« ê », « î », « ç », « œ » and the curved apostrophe are outside (3GPP TS 23.038).
"""

from __future__ import annotations

import unicodedata
from typing import Final

BASIC: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENSION: Final = frozenset("\f^{}\\[~]|€")
"""Signs that take two places, and never half of one segment and half of the next."""
ONE_SEGMENT: Final = 160
OF_SEVERAL: Final = 153
"""Places of each segment when there are several: seven go to how they are joined."""

_SPELT: Final = {
    "œ": "oe",
    "Œ": "OE",
    "ÿ": "y",
    "’": "'",
    "‘": "'",
    "ʼ": "'",
    "´": "'",
    "`": "'",
    "«": '"',
    "»": '"',
    "“": '"',
    "”": '"',
    "„": '"',
    "‹": "'",
    "›": "'",
    "…": "...",
    "–": "-",
    "—": "-",
    "‑": "-",
    "‐": "-",
    "−": "-",
    "•": "-",
    "·": ".",
    "×": "x",
    "\t": " ",
    "ı": "i",
    "ł": "l",
    "Ł": "L",
    "đ": "d",
    "Đ": "D",
    "ð": "d",
    "þ": "th",
}
_UNKNOWN: Final = "?"


def spelt(text: str) -> str:
    """The same text in the alphabet: what is outside has its nearest spelling, « ê » is « e ».

    What has none is a question mark; invisible signs go. Idempotent.
    """
    return "".join(map(_letter, unicodedata.normalize("NFC", text)))


def segments(text: str) -> int:
    """How many segments a text spelt so is sent and billed as; none for an empty one."""
    widths = [2 if sign in EXTENSION else 1 for sign in text]
    if sum(widths) <= ONE_SEGMENT:
        return 1 if widths else 0
    count, left = 0, 0
    for width in widths:
        if width > left:
            count, left = count + 1, OF_SEVERAL
        left -= width
    return count


def _letter(sign: str) -> str:
    if sign in BASIC or sign in EXTENSION:
        return sign
    if sign in _SPELT:
        return _SPELT[sign]
    if unicodedata.category(sign) in {"Cf", "Mn", "Cc"}:
        return ""
    if unicodedata.category(sign).startswith("Z"):
        return " "
    plain = unicodedata.normalize("NFKD", sign)
    kept = "".join(_SPELT.get(each, each) for each in plain if not unicodedata.combining(each))
    return kept if kept and set(kept) <= BASIC else _UNKNOWN
