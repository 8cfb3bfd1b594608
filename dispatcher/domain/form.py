"""The form that asks for a callback: its fields, what may be asked in them now, what is wrong."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from dispatcher.domain.replies import Reply
from dispatcher.domain.schedule import WeeklySlots
from dispatcher.domain.territories import Atlas
from dispatcher.domain.wishes import HALF_HOUR, Part


class Field(StrEnum):
    """A question of the form, in their order; each is the name of its field."""

    NUMBER = "number"
    FIRST_NAME = "first_name"
    POSTAL_CODE = "postal_code"
    COMMUNE = "commune"
    NEED = "need"
    PART = "part"
    NOT_BEFORE = "not_before"
    HALF_HOUR = "half_hour"
    DEADLINE = "deadline"
    CODE = "code"
    REPLY = "reply"
    EMAIL = "email"
    QUESTION = "question"


WRITTEN: Final = frozenset({Field.REPLY, Field.EMAIL, Field.QUESTION})
"""How they want to be answered; without these, by telephone."""
NOT_BEFORE_SIGNS: Final = "([01]?[0-9]|2[0-3]):([0-5][0-9])"
DISCREET: Final = "discreet"
"""The field that is ticked, or not."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one answer: a key of the catalogue ``asking``."""

    field: Field
    key: str


@dataclass(frozen=True, slots=True)
class Bounds:
    """What may be asked now: ``parts`` are those of the day in which people are rung, ``windows``
    the hours of it, ``booking`` whether they choose half-hours; ``ours`` our own numbers,
    ``fiction`` whether numbers kept for fiction may be rung, ``replies`` how somebody may be
    answered.
    """

    atlas: Atlas
    parts: Container[Part]
    windows: WeeklySlots
    booking: bool
    ours: Container[str]
    day: date
    fiction: bool = False
    replies: Container[Reply] = (Reply.TELEPHONE,)


class Wrong(Exception):
    """What is wrong with an answer: a key of the catalogue ``asking``."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


def text(answers: Mapping[str, str], field: Field) -> str:
    """What was written in a field, without the blanks around it."""
    return answers.get(field, "").strip()


def reply_asked(answers: Mapping[str, str]) -> Reply | None:
    """How they want to be answered, by telephone where nothing is said; None: it is none."""
    try:
        return Reply(text(answers, Field.REPLY) or Reply.TELEPHONE)
    except ValueError:
        return None


def chooses(answers: Mapping[str, str], bounds: Bounds) -> bool:
    """Whether they want to choose a half-hour, where that can be done."""
    rung = reply_asked(answers) in {None, Reply.TELEPHONE}
    return bounds.booking and rung and text(answers, Field.PART) == HALF_HOUR
