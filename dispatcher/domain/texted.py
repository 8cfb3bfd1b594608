"""RAPPEL: whoever texts it is rung back at the number they wrote from.

A closed list of words, and of what may stand around them: whoever says more than that (a time,
another number, "no") is not understood by a word of theirs. STOP is ``domain/stops.py``'s, and
wins: « STOP RAPPEL » asks for nothing. « Je vous rappelle » promises to ring us.
"""

from __future__ import annotations

from typing import Final

from dispatcher.domain.stops import AROUND, LONGEST, RECALLS, words_in

_RING: Final = frozenset(
    [
        *("rappeler", "rapeler", "rappeller", "rapeller", "rappelez", "rapelez", "rappellez"),
        *("rappele", "rapele", "rappelles", "rapelles", "rappelezmoi", "rapelezmoi"),
        *("recontacter", "recontactez", "callback"),
    ]
)
_THEIRS: Final = frozenset({"rappelle", "rapelle"})
"""« Rappelle-moi », unless it is « je rappelle »."""
_ALSO: Final = frozenset(
    [
        *("etre", "un", "une", "demande", "besoin", "pour", "pouvez", "pourriez", "peux", "tu"),
        *("peut", "on", "nous", "numero", "telephone", "ici", "urgent", "vite", "possible"),
        *("que", "rapidement", "salut", "beaucoup", "avance", "en", "ai", "j", "y", "ok", "et"),
    ]
)


def asks_to_be_rung(text: str) -> bool:
    """Whether this text asks for a callback to whoever wrote it, and for nothing else."""
    if len(text) > LONGEST:
        return False
    said = set(words_in(text))
    asked = said & (_RING | RECALLS | (_THEIRS if "je" not in said else frozenset()))
    return bool(asked) and said <= asked | AROUND | _ALSO
