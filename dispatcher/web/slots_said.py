"""What the pages of slots have in common: how a slot is said, and an address that leads to none."""

from __future__ import annotations

from typing import Final

from flask import Response

from config.words import words
from dispatcher.domain import slot_sentences
from dispatcher.domain.occurrences import Occurrence
from dispatcher.web import guards, strangers

WORDS: Final = {**words("spoken"), **words("timetables")}


def said(each: Occurrence) -> str:
    """« mardi 24 novembre 2026 de 9 h à 12 h »."""
    return slot_sentences.write_day(each.on, WORDS) + slot_sentences.write_span(*each.span, WORDS)


def unknown() -> Response:
    """Nothing is there for whoever has this address, whatever was."""
    line = guards.parts().services.lines[0]
    return strangers.turned_away("slot_unknown.html", line, status=404)


def unread() -> Response:
    """Nothing can be read or changed now."""
    line = guards.parts().services.lines[0]
    return strangers.turned_away("request_refused.html", line, status=503, often=False)
