"""Timetables for tests, as the directory's grammar writes them."""

from dispatcher.domain.schedule import WeeklySlots
from dispatcher.domain.timetables import Timetable


def weekly(text: str = "", zone: str = "Europe/Paris") -> Timetable:
    return Timetable.of_week(WeeklySlots.parse(text), zone)
