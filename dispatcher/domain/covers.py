"""Stretches of time, and the arithmetic of them: what is left, what touches, what a day is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta

from dispatcher.domain.schedule import Cover, instant
from dispatcher.domain.slots import Span


def less(covers: Iterable[Cover], taken: Sequence[Cover]) -> list[Cover]:
    """What is left of covers without the time taken from them."""
    left = [cover for cover in covers if cover.start < cover.end]
    for gone in taken:
        cut = [
            piece
            for cover in left
            for piece in (
                Cover(cover.start, min(cover.end, gone.start)),
                Cover(max(cover.start, gone.end), cover.end),
            )
        ]
        left = (
            [piece for piece in cut if piece.start < piece.end] if gone.start < gone.end else left
        )
    return left


def joined(covers: Iterable[Cover]) -> Iterator[Cover]:
    """Those that touch as one, in order."""
    found: Cover | None = None
    for cover in sorted(covers, key=lambda each: (each.start, each.end)):
        if found is not None and cover.start > found.end:
            yield found
            found = None
        found = Cover(found.start, max(found.end, cover.end)) if found else cover
    if found is not None:
        yield found


def stretch(day: date, span: Span, zone: str) -> Cover:
    """A span of a local day."""
    return Cover(instant(wall(day, span.start), zone), instant(wall(day, span.end), zone))


def days_of(first: date, last: date, zone: str) -> Cover:
    """Whole local days, both included."""
    end = last + timedelta(days=1)
    return Cover(instant(wall(first, 0), zone), instant(wall(end, 0), zone))


def wall(day: date, minutes: int) -> datetime:
    """What a clock shows so many minutes after the midnight that starts a day; a naive time."""
    return datetime.combine(day, time()) + timedelta(minutes=minutes)
