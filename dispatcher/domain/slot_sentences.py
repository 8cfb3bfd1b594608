"""A slot in one French sentence: « Tous les mardis de 9 h à 12 h, semaines paires ».

Written for whoever reads it on a page or hears it, from the words given.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from dispatcher.domain.occurrences import Pattern
from dispatcher.domain.recurrences import Rule, Weeks
from dispatcher.domain.slots import DAY

Words = Mapping[str, str]
"""The catalogue ``timetables``, with the ``weekday.`` and ``month.`` of what is spoken."""


def write(pattern: Pattern, words: Words, *, since: date) -> str:
    """The sentence that says this. Its first day is left out when it is not after ``since``."""
    return "".join(_pieces(pattern, words, since=since))


def write_span(start: int, end: int, words: Words) -> str:
    """« de 9 h à 12 h 30 », from minutes after midnight."""
    return words["rule.hours"].format(start=clock(start, words), end=clock(end, words))


def clock(minutes: int, words: Words) -> str:
    """A time of day, from minutes after a midnight."""
    hour, minute = divmod(minutes % DAY, 60)
    if hour == minute == 0:
        return words["rule.midnight"]
    return words["rule.full" if minute else "rule.hour"].format(hour=hour, minute=minute)


def write_day(day: date, words: Words) -> str:
    """« mardi 24 novembre 2026 »."""
    weekday = words[f"weekday.{day.weekday()}"]
    return words["rule.day"].format(weekday=weekday, date=_date(day, words))


def _pieces(pattern: Pattern, words: Words, *, since: date) -> Iterator[str]:
    rule = pattern.rule
    yield _days(rule, words)
    yield write_span(*pattern.span, words)
    if rule.every > 1:
        yield words["rule.every"].format(count=rule.every)
    if rule.weeks is not Weeks.ALL:
        yield words["rule.even" if rule.weeks is Weeks.EVEN else "rule.odd"]
    if not rule.once and (rule.every > 1 or rule.first > since):
        yield words["rule.first"].format(day=_date(rule.first, words))
    if rule.until is not None:
        yield words["rule.until"].format(day=_date(rule.until, words))
    for pause in pattern.pauses:
        start, end = (clock(each, words) for each in pause)
        yield words["rule.pause"].format(start=start, end=end)
    if pattern.holidays:
        yield words["rule.holidays"]


def _days(rule: Rule, words: Words) -> str:
    if rule.once:
        return words["rule.once"].format(day=write_day(rule.first, words))
    if rule.nth:
        return _nth(rule, words)
    if rule.days == tuple(range(7)):
        return words["rule.daily"]
    if rule.days == tuple(range(5)):
        return words["rule.working"]
    return words["rule.weekly"].format(days=_weekdays(rule, words, plural=True))


def _nth(rule: Rule, words: Words) -> str:
    many = len(rule.nth) > 1
    named = {1: words["which.first"], -1: words["which.lasts" if many else "which.last"]}
    which = [named.get(nth) or words["which.nth"].format(nth=nth) for nth in rule.nth]
    days = _weekdays(rule, words, plural=many)
    return words["rule.nths" if many else "rule.nth"].format(which=_list(which, words), days=days)


def _weekdays(rule: Rule, words: Words, *, plural: bool) -> str:
    return _list([words[f"weekday.{day}"] + "s" * plural for day in rule.days], words)


def _list(each: Sequence[str], words: Words) -> str:
    return words["rule.and"].join(filter(None, (", ".join(each[:-1]), each[-1])))


def _date(day: date, words: Words) -> str:
    sort = "rule.date_first" if day.day == 1 else "rule.date"
    return words[sort].format(day=day.day, month=words[f"month.{day.month}"], year=day.year)
