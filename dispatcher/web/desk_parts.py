"""The desk as it is written: each part of the page alone, so a script replaces what changed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from flask import render_template

from config.words import words
from dispatcher.domain.agents import Need, Pause
from dispatcher.domain.desks import Duty, Owed
from dispatcher.domain.schedule import local
from dispatcher.domain.wrap_ups import EXTENSION
from dispatcher.operations.desk import Card, Desk
from dispatcher.operations.overview import Doing
from dispatcher.web import guards, stages

WORDS: Final = words("desk")
DONE: Final = {
    "disponible": WORDS["poste.done.on"],
    "pause": WORDS["poste.done.paused"],
    "hors-ligne": WORDS["poste.done.off"],
    "passe": WORDS["poste.done.passed"],
    "raccroche": WORDS["poste.done.hung_up"],
    "prolonge": WORDS["poste.done.extended"],
    "fini": WORDS["poste.done.finished"],
    "trop-tard": WORDS["poste.done.too_late"],
    "attente": WORDS["poste.done.held"],
    "reprise": WORDS["poste.done.together"],
    "appel": WORDS["poste.done.asked"],
    "confie": WORDS["poste.done.handed_over"],
    "trois": WORDS["poste.done.joined"],
}
"""What the page says was done, by how its address says it."""
STATES: Final = {
    Doing.FREE: WORDS["poste.state.free"],
    Doing.WRAP_UP: WORDS["poste.state.wrap_up"],
    Doing.OFFERED: WORDS["poste.state.offered"],
    Doing.TALKING: WORDS["poste.state.talking"],
    Doing.ON_THE_LINE: WORDS["poste.state.on_the_line"],
    Doing.PAUSED: WORDS["poste.state.paused"],
    Doing.ASIDE: WORDS["poste.state.aside"],
    Doing.OFF: WORDS["poste.state.off"],
}
REASONS: Final = {
    Pause.BREAK: WORDS["poste.pause.break"],
    Pause.VISITOR: WORDS["poste.pause.visitor"],
    Pause.MEETING: WORDS["poste.pause.meeting"],
    Pause.MEAL: WORDS["poste.pause.meal"],
}
"""What somebody may choose; the first is what a pause without a reason is."""
PAUSED: Final = REASONS | {
    Pause.MISSED: WORDS["poste.pause.missed"],
    Pause.DAY_OVER: WORDS["poste.pause.day_over"],
}
NEEDS: Final = {
    Need.PROCEDURES: WORDS["poste.need.procedures"],
    Need.MEDIATION: WORDS["poste.need.mediation"],
    Need.EITHER: WORDS["poste.need.either"],
}
_DAYS: Final = {
    0: WORDS["poste.day.today"],
    1: WORDS["poste.day.yesterday"],
    -1: WORDS["poste.day.tomorrow"],
}
PARTS: Final = ("card", "state", "callbacks", "today")


def shown(now: Desk) -> dict[str, Any]:
    """What the templates are given."""
    return {
        "desk": now,
        "state": STATES[now.doing],
        "reason": PAUSED[now.agent.pause] if now.agent.pause and now.doing is Doing.PAUSED else "",
        "reasons": REASONS,
        "there": lambda at: local(at, now.agent.timezone),
        "milliseconds": milliseconds,
        "left": None if now.until is None else clock(now.until - now.at),
        "extension": round(EXTENSION.total_seconds() / 60),
        "slot": _slot(now.slot, now),
        "card": None if now.card is None else _card(now.card, now),
        "callbacks": [_owed(each, now) for each in now.callbacks],
        "talked_for": how_long(now.day.talked_for),
        **({} if now.passing is None else stages.shown(now.passing)),
    }


def told(now: Desk) -> dict[str, Any]:
    """What the page's script is told: the moment as data, and every part as it is written."""
    given = shown(now)
    card = now.card
    return {
        "state": now.doing,
        "until": None if now.until is None else milliseconds(now.until),
        "offer": None
        if card is None
        else {
            "id": card.offer,
            "commune": card.commune,
            "need": NEEDS[card.need],
            "talking": card.talking,
            "callback": card.rung_back,
            "said": given["card"]["said"],
        },
        "notes": now.writes_of,
        "parts": {name: render_template(f"desk_{name}.html", **given) for name in PARTS},
    }


def milliseconds(at: datetime) -> int:
    """A moment, as a script reads it."""
    return round(at.timestamp() * 1000)


def clock(left: timedelta) -> str:
    """How much is left: minutes and seconds."""
    minutes, seconds = divmod(max(0, int(left.total_seconds())), 60)
    return f"{minutes}:{seconds:02}"


def how_long(time: timedelta) -> str:
    """So much time, in words."""
    minutes = int(time.total_seconds()) // 60
    if minutes < 1:
        return WORDS["poste.time.none"]
    if minutes < 60:
        return WORDS["poste.time.minutes"].format(minutes=minutes)
    return WORDS["poste.time.hours"].format(hours=minutes // 60, minutes=minutes % 60)


def _card(card: Card, now: Desk) -> dict[str, str]:
    place, need = card.commune or WORDS["poste.card.nowhere"], NEEDS[card.need]
    said = "poste.card.said_callback" if card.rung_back else "poste.card.said"
    asked = "poste.card.asked" if card.rung_back else "poste.card.waited"
    return {
        "place": place,
        "need": need,
        "said": WORDS[said].format(place=place, need=need),
        "waited": WORDS[asked].format(time=how_long(now.at - card.since)),
        "earlier": _earlier(card, now),
    }


def _earlier(card: Card, now: Desk) -> str:
    earlier = card.earlier
    if earlier.last_at is None:
        return WORDS["poste.card.first"]
    day = _day(earlier.last_at, now)
    key = "poste.card.once" if earlier.count == 1 else "poste.card.often"
    return WORDS[key].format(count=earlier.count, day=day)


def _day(at: datetime, now: Desk) -> str:
    zone = now.agent.timezone
    days = (local(now.at, zone).date() - local(at, zone).date()).days
    if days in _DAYS:
        return _DAYS[days]
    return WORDS["poste.day.on"].format(date=f"{local(at, zone):%d/%m}")


def _slot(slot: Duty | None, now: Desk) -> str:
    if slot is None:
        return ""
    if slot.end is None:
        day, start = _day(slot.start, now), _hour(slot.start, now)
        begun = slot.start <= now.at
        endless = "poste.slot.now_endless" if begun else "poste.slot.next_endless"
        return WORDS[endless].format(day=day, start=start)
    hours = {"start": _hour(slot.start, now), "end": _hour(slot.end, now)}
    if slot.start <= now.at:
        return WORDS["poste.slot.now"].format(day=_day(slot.end, now), **hours)
    return WORDS["poste.slot.next"].format(day=_day(slot.start, now), **hours)


def _owed(owed: Owed, now: Desk) -> dict[str, str]:
    if owed.booked_at is not None and owed.booked_until is not None:
        hours = {"start": _hour(owed.booked_at, now), "end": _hour(owed.booked_until, now)}
        when = WORDS["poste.callback.between"].format(**hours)
    elif owed.due_at <= now.at:
        when = WORDS["poste.callback.now"]
    else:
        when = WORDS["poste.callback.after"].format(start=_hour(owed.due_at, now))
    commune = guards.parts().services.atlas.commune(owed.commune) if owed.commune else None
    return {
        "when": when,
        "place": commune.name if commune is not None else WORDS["poste.card.nowhere"],
        "need": NEEDS[owed.need],
        "mine": WORDS["poste.callback.mine"] if owed.agent == now.agent.id else "",
    }


def _hour(at: datetime, now: Desk) -> str:
    there = local(at, now.agent.timezone)
    return WORDS["poste.time.clock"].format(hour=there.hour, minute=f"{there.minute:02}")
