"""Reminders of a callback planned for later: when they are due, and when they are of no use."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from dispatcher.domain.callbacks import Callback, CallbackId, State
from dispatcher.domain.texts import Kind, Text

DAY_BEFORE: Final = timedelta(hours=24)
SHORTLY: Final = timedelta(minutes=30)
NEWS: Final = timedelta(hours=2)
"""Whoever asked less than this before needs no reminder (rules.md C8)."""
KINDS: Final = frozenset({Kind.CALLBACK_TOMORROW, Kind.CALLBACK_SOON})


@dataclass(frozen=True, slots=True)
class Reminder:
    """A text to come. After ``expires_at`` it would say something untrue."""

    kind: Kind
    due_at: datetime
    expires_at: datetime


def reminders(callback: Callback, *, at: datetime) -> Iterator[Reminder]:
    """Those of a callback as it is planned at ``at``; none for one that is to come at once."""
    due_at = callback.due_at
    if due_at - at >= DAY_BEFORE + NEWS:
        day_before = due_at - DAY_BEFORE
        yield Reminder(Kind.CALLBACK_TOMORROW, day_before, day_before + NEWS)
    if due_at - at >= NEWS:
        yield Reminder(Kind.CALLBACK_SOON, due_at - SHORTLY, due_at)


def matter(callback: Callback) -> str:
    """What a reminder is about: this callback at this moment, so that another plan is another."""
    return f"{callback.id}.{callback.due_at.timestamp():.0f}"


def callback_in(text: Text) -> CallbackId | None:
    """The callback that a reminder is about; None for any other text."""
    return CallbackId(text.about.partition(".")[0]) if text.kind in KINDS else None


def is_moot(text: Text, callback: Callback | None) -> bool:
    """Whether a reminder is about something that is over, or planned otherwise by now."""
    return callback is None or callback.state is not State.WAITING or text.about != matter(callback)
