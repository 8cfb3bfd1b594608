"""An agent's slots, on pages that need no script: posted, changed, cancelled; absences.

The same pages are there twice: for the agent, and for whoever runs their house and fills them for
them (``TEAM``). What these do is noted as theirs.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Final

from flask import (
    Blueprint,
    Response,
    abort,
    g,
    jsonify,
    redirect,
    render_template,
    request,
    url_for,
)
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response as Answer

from dispatcher.domain import slot_forms
from dispatcher.domain.agents import Agent, AgentId
from dispatcher.domain.occurrences import Change, Slot, SlotId
from dispatcher.domain.removals import Changed, Ended, Removal, cancelled, edited
from dispatcher.domain.slot_forms import Bounds, Problem
from dispatcher.domain.timetables import Absence
from dispatcher.operations import calendars, coverage, timetables
from dispatcher.operations.timetables import Posted, Refused
from dispatcher.web import admission, agendas, guards, sign_ins
from dispatcher.web.agendas import Shown, Typed

bp = Blueprint("planning", __name__, url_prefix="/agent/planning")
bp.register_error_handler(SQLAlchemyError, sign_ins.unread)

CONFLICT: Final = Problem("version", "plages.wrong.slot.conflict")
MOST_DAYS: Final = 62
"""Of events at a time."""
TEAM: Final = "team_planning"
OF_A_TEAM: Final = "/equipe/<structure>/aidants/<int(max=2147483647):aidant>/planning"
"""Whoever may is let in by the house (``doors.py``); whose planning it is has to be of that one."""


@bp.before_request
def find_agent() -> Answer | None:
    """Whose slots these are: of the agent that the address names, who is of that house; else of
    who is signed in, who may be no agent of the directory.
    """
    named = request.view_args or {}
    g.whose = {each: named.pop(each) for each in ("structure", "aidant") if each in named}
    services, own = guards.parts().services, admission.signed_in().user.agent
    id = AgentId(g.whose["aidant"]) if g.whose else own
    g.agent = timetables.look(id, services) if id is not None else None
    if g.whose and (g.agent is None or g.agent.structure != g.whose["structure"]):
        abort(404)
    g.by = None if id == own else admission.signed_in().user.id
    if g.agent is not None:
        return None
    if named:
        abort(404)  # of nobody's slots there is none
    return Response(render_template("planning_nobody.html"))


@bp.url_defaults
def keep_whose(endpoint: str, values: dict[str, object]) -> None:
    """Links between these pages stay with the agent whom the address names."""
    if endpoint.rpartition(".")[0] == request.blueprint:
        values.update(g.get("whose", {}))


@bp.context_processor
def for_whom() -> dict[str, str]:
    """Whose planning somebody else fills; nobody's, when it is one's own."""
    house = g.get("whose", {}).get("structure", "")
    return {"whom": g.agent.name if g.get("by") else "", "house": house}


@bp.get("")
def page() -> Answer:
    """This week and the next, and every form."""
    agent, asked = _agent(), request.args
    news = agendas.DONE.get(asked.get("fait", ""), "")
    return agendas.page(
        agent,
        Shown(
            agendas.monday(asked.get("semaine", ""), agent),
            news=agendas.WORDS[news] if news else "",
            warning=agendas.warned(asked.get("avec", ""), agent),
        ),
    )


@bp.get("/evenements")
def events() -> Answer:
    """What the calendar draws of some days."""
    first, last = (
        slot_forms.read_day(request.args.get(name, "")[:10]) for name in ("start", "end")
    )
    if first is None or last is None or not 0 <= (last - first).days <= MOST_DAYS:
        return Response(status=400)
    return jsonify(agendas.events(_agent(), first, last))


@bp.post("")
def post() -> Answer:
    """A new slot. Sent twice, it is one."""
    agent, form, today = _agent(), _form(), agendas.today(_agent())
    found = slot_forms.read(form, Bounds(today, today, agent.timezone))
    if isinstance(found, tuple):
        return _again("slot", form, found)
    once = form.get("once", "")
    id = SlotId(once) if re.fullmatch("[0-9a-f]{16}", once) else None
    posted = timetables.post(agent.id, found, guards.parts().services, id=id, by=g.by)
    return _done("pose", posted)


@bp.get("/creneaux/<slot>")
def slot(slot: str) -> Answer:
    """One slot, to be changed or stopped."""
    return agendas.slot_page(_agent(), _slot(slot))


@bp.post("/creneaux/<slot>")
def edit(slot: str) -> Answer:
    """A slot is another one from now on."""
    agent, form, kept = _agent(), _form(), _slot(slot)
    bounds = Bounds(agendas.today(agent), kept.pattern.rule.first, kept.pattern.zone)
    found = slot_forms.read(form, bounds)
    if isinstance(found, tuple):
        return agendas.slot_page(agent, kept, Typed("slot", form, found))
    if (unsure := _unsure(edited(kept, found), kept)) is not None:
        return unsure
    done = timetables.edit(agent.id, _read(kept), found, guards.parts().services, by=g.by)
    return _conflict(slot, form, done) if isinstance(done, Refused) else _done("change", done)


@bp.post("/creneaux/<slot>/fin")
def stop(slot: str) -> Answer:
    """A slot is no more."""
    kept = _slot(slot)
    if (unsure := _unsure(Ended(kept), kept)) is not None:
        return unsure
    refused = timetables.cancel(_agent().id, _read(kept), guards.parts().services, by=g.by)
    return _conflict(slot, {}, refused) if refused is not None else _done("arrete")


@bp.get("/creneaux/<slot>/<day>")
def day(slot: str, day: str) -> Answer:
    """One day of a slot, to be moved, to have other hours, or to be cancelled."""
    kept = _slot(slot)
    return agendas.day_page(_agent(), kept, _day(kept, day))


@bp.post("/creneaux/<slot>/<day>")
def move(slot: str, day: str) -> Answer:
    """One day of a slot stands elsewhere, at other hours, or again where it did."""
    agent, form, kept = _agent(), _form(), _slot(slot)
    on = _day(kept, day)
    found = slot_forms.read_move(form, agendas.today(agent))
    if isinstance(found, tuple):
        return agendas.day_page(agent, kept, on, Typed("day", form, found))
    if (unsure := _unsure(Changed(kept, Change(on, found)), kept)) is not None:
        return unsure
    refused = timetables.move(agent.id, _read(kept), on, found, guards.parts().services, by=g.by)
    return _conflict(slot, form, refused, on) if refused is not None else _done("deplace")


@bp.post("/creneaux/<slot>/<day>/annulation")
def cancel(slot: str, day: str) -> Answer:
    """A slot does not stand on one day."""
    kept = _slot(slot)
    on = _day(kept, day)
    if (unsure := _unsure(cancelled(kept, on), kept)) is not None:
        return unsure
    refused = timetables.cancel(_agent().id, _read(kept), guards.parts().services, day=on, by=g.by)
    return _conflict(slot, None, refused, on) if refused is not None else _done("annule")


@bp.post("/absences")
def absent() -> Answer:
    """They are away."""
    agent, form = _agent(), _form()
    found = slot_forms.read_absence(form, agendas.today(agent))
    if isinstance(found, tuple):
        return _again("absence", form, found)
    if (unsure := _unsure(found)) is not None:
        return unsure
    timetables.absent(agent.id, found, guards.parts().services, by=g.by)
    return _done("absent")


@bp.post("/absences/fin")
def back() -> Answer:
    """They are not away then."""
    days = [slot_forms.read_day(_form().get(name, "")) for name in ("away_first", "away_last")]
    if days[0] is None or days[1] is None:
        return _again("", {}, ())
    away = Absence(days[0], days[1])
    timetables.back(_agent().id, away, guards.parts().services, by=g.by)
    return _done("revenu")


@bp.post("/adresse")
def open_calendar() -> Answer:
    """A new address of their calendar, shown this once."""
    link = calendars.open(_agent().id, guards.parts().services)
    return agendas.page(_agent(), Shown(_monday(), link=link))


@bp.post("/adresse/fin")
def close_calendar() -> Answer:
    """No address shows it any more."""
    calendars.close(_agent().id, guards.parts().services)
    return _done("ferme")


def _unsure(removal: Removal | None, slot: Slot | None = None) -> Answer | None:
    """Where nobody else would be, to be read and agreed to; None when somebody is, or they did, or
    the ``slot`` is another one than they read.
    """
    form = _form()
    if removal is None or form.get("sure") or (slot is not None and _read(slot) != slot):
        return None
    found = coverage.left_open(_agent().id, removal, guards.parts().services)
    return agendas.sure_page(_agent(), found, form) if found else None


def _agent() -> Agent:
    found: Agent = g.agent
    return found


def _slot(id: str) -> Slot:
    """One of theirs; somebody else's is an address that nobody made."""
    found = _agent().slots.slot(SlotId(id))
    if found is None:
        abort(404)
    return found


def _day(slot: Slot, text: str) -> date:
    day = slot_forms.read_day(text)
    if day is None or not slot.pattern.rule.gives(day):
        abort(404)
    return day


def _read(slot: Slot) -> Slot:
    """The slot as whoever sends this form read it."""
    text = _form().get("version", "")
    return replace(slot, version=int(text) if re.fullmatch("[0-9]{1,9}", text) else 0)


def _form() -> Mapping[str, str]:
    return request.form.to_dict()


def _monday() -> date:
    return agendas.monday(request.form.get("semaine", ""), _agent())


def _again(form: str, answers: Mapping[str, str], problems: tuple[Problem, ...]) -> Answer:
    """The page with what is to be mended, and all that was typed."""
    shown = Shown(_monday(), typed=Typed(form, answers, problems))
    return agendas.page(_agent(), shown, status=422)


def _conflict(
    slot: str, answers: Mapping[str, str] | None, why: Refused, day: date | None = None
) -> Answer:
    """Somebody was quicker: what is there now, and what was typed."""
    agent = timetables.look(_agent().id, guards.parts().services)
    kept = agent.slots.slot(SlotId(slot)) if agent is not None else None
    if agent is None or kept is None or why is Refused.UNKNOWN:
        abort(404)
    form = slot_forms.write(kept.pattern) if not answers or "rhythm" not in answers else answers
    if day is None or not kept.pattern.rule.gives(day):
        return agendas.slot_page(agent, kept, Typed("slot", form, (CONFLICT,)))
    if not answers:
        start, end = map(slot_forms.write_time, kept.pattern.span)
        answers = {"to": slot_forms.write_day(day), "start": start, "end": end}
    return agendas.day_page(agent, kept, day, Typed("day", answers, (CONFLICT,)))


def _done(what: str, posted: Posted | Refused | None = None) -> Answer:
    """Back to the week that was looked at, which says so."""
    overlaps = posted.overlaps if isinstance(posted, Posted) else ()
    avec = agendas.warning(overlaps) or None
    week = _monday().isoformat()
    return redirect(url_for(".page", semaine=week, fait=what, avec=avec), 303)
