"""Who serves what, when, as it is written on a page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Any, Final

from config.words import words
from dispatcher.domain import slot_sentences
from dispatcher.domain.agents import Need
from dispatcher.domain.slots import DAY, Span
from dispatcher.operations import coverage
from dispatcher.operations.coverage import AHEAD
from dispatcher.operations.services import Services

WORDS: Final = words("reports")
SLOTS: Final = {**words("spoken"), **words("timetables")}
NEEDS: Final = {need: WORDS[f"need.{need}"] for need in Need}


def shown(services: Services) -> dict[str, Any]:
    """What the page is filled with: a part for each territory, narrower ones last."""
    rows = sorted(coverage.ahead(services), key=lambda row: (-row.territory.level, row.territory))
    parts = [
        (services.atlas.name(territory), [_need(row) for row in those])
        for territory, those in groupby(rows, key=lambda row: row.territory)
    ]
    return {"parts": parts, "days": AHEAD.days}


def _need(row: coverage.Row) -> dict[str, Any]:
    return {
        "need": NEEDS[row.need],
        "percent": round(row.share * 100),
        "alone": _said(row.alone),
    }


def _said(days: Mapping[date, Sequence[Span]]) -> list[str]:
    """« Mardi 1er décembre 2026 : de 9 h à 10 h 30, de 14 h à 18 h »."""
    return [
        WORDS["covering.day"].format(
            day=slot_sentences.write_day(day, SLOTS).capitalize(),
            hours=WORDS["covering.all_day"]
            if list(spans) == [Span(0, DAY)]
            else ", ".join(slot_sentences.write_span(*each, SLOTS).strip() for each in spans),
        )
        for day, spans in days.items()
    ]
