"""STOP: whoever writes it is never texted again, until they write START.

The carrier's own words are among them (Twilio: STOP, STOPALL, UNSUBSCRIBE, CANCEL, END, QUIT), and
how French people spell theirs. « OUI » and « NON » answer other questions, and are none of them.
"""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum
from typing import Final


class Wish(StrEnum):
    """What somebody who writes to us wants of our texts."""

    STOP = "stop"
    START = "start"


_STOP: Final = frozenset(
    [
        *("stop", "stopp", "stops", "stopall", "stopsms", "unsubscribe", "optout"),
        *("arret", "arrets", "arreter", "arretez", "arrete"),
        *("desabonner", "desabonnez", "desabonnement", "desinscrire", "desinscription"),
    ]
)
_STOP_ALONE: Final = frozenset({"end", "cancel", "quit", "opt out", "stop all"})
_START: Final = frozenset({"start", "unstop", "reprendre", "reprenez", "reprise"})
RECALLS: Final = frozenset({"rappel", "rappels", "rapel", "rapels", "rappell"})
"""What somebody wants to be rung by (``domain/texted.py``), or to get no more of."""
AROUND: Final = frozenset(
    [
        *RECALLS,
        *("sms", "texto", "textos", "message", "messages", "envoyer", "recevoir", "je", "veux"),
        *("svp", "stp", "merci", "s", "il", "vous", "te", "plait", "bonjour", "bonsoir", "a"),
        *("madame", "monsieur", "aux", "au", "les", "des", "de", "du", "d", "l", "m", "me", "moi"),
        *("mes", "ces", "cet", "ce", "tout", "tous", "toute", "voudrais"),
    ]
)
"""Words that may stand around one of the others and change nothing of what it asks."""
LONGEST: Final = 160


def wish(text: str) -> Wish | None:
    """What this text asks, whatever its case, accents and punctuation; None: something else.

    Where both are asked, it is STOP.
    """
    said = words_in(text[:LONGEST])
    if " ".join(said) in _STOP_ALONE:
        return Wish.STOP
    asked = [word for word in said if word not in AROUND and not word.isdigit()]
    if not asked or not set(asked) <= _STOP | _START:
        return None
    return Wish.STOP if set(asked) & _STOP else Wish.START


def words_in(text: str) -> list[str]:
    """The words of a text, without their case, accents and punctuation."""
    apart = unicodedata.normalize("NFKD", text)
    seen = "".join(sign for sign in apart if unicodedata.category(sign) not in {"Mn", "Cf"})
    return re.findall(r"[a-z0-9]+", seen.casefold())
