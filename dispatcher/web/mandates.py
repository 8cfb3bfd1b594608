"""Mandates of a house, for its authorised agents: prepared, asked for, used, ended.

Every reading is noted. To whoever may not hold any, the list says why, and nothing else is there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response as Answer

from dispatcher.domain import mandate_forms as forms
from dispatcher.domain.consents import Answer as Said
from dispatcher.domain.consents import Channel, ConsentId
from dispatcher.domain.holders import Holder, Refusal
from dispatcher.domain.mandates import MOST_GRANTS, MandateId
from dispatcher.domain.numbers import in_pairs
from dispatcher.domain.papers import kind_of
from dispatcher.domain.slot_forms import Problem
from dispatcher.operations import (
    consent_answers,
    consent_calls,
    consent_texts,
    consents,
    holders,
    mandates,
)
from dispatcher.operations.consents import Asking
from dispatcher.operations.mandates import Seen
from dispatcher.web import admission, guards, mandate_sheets, sign_ins
from dispatcher.web.mandate_sheets import DONE, REFUSALS, WORDS

bp = Blueprint("mandates", __name__, url_prefix="/agent/mandats")
bp.register_error_handler(SQLAlchemyError, sign_ins.unread)

Outcome = str | Problem | Refusal
"""What was done, by its name in the address; or what is to be mended; or why it was not done."""


@bp.get("")
def index() -> Answer:
    """Those of their house; or why they may hold none."""
    services = guards.parts().services
    holder = holders.of(admission.signed_in(), services)
    found = holder if isinstance(holder, Refusal) else mandates.listed(holder, services)
    refused = REFUSALS[found] if isinstance(found, Refusal) else ""
    rows = [] if isinstance(found, Refusal) else found
    return Response(
        render_template(
            "mandates.html", refused=refused, rows=rows, sheets=mandate_sheets, at=services.now()
        )
    )


@bp.get("/nouveau")
def draft() -> Answer:
    """The form of a new one."""
    _holder()
    return _drafted({}, {})


@bp.post("")
def prepare() -> Answer:
    """Prepare one."""
    holder, services = _holder(), guards.parts().services
    read = forms.read_draft(request.form, fiction=services.fiction)
    if isinstance(read, tuple):
        return _drafted(request.form, {each.field: WORDS[each.key] for each in read})
    made = mandates.prepare(holder, read.person, read.wanted, read.declared, services)
    if isinstance(made, Refusal):
        return _drafted(request.form, {"protege": REFUSALS[made]})
    return redirect(url_for("mandates.sheet", id=made.id, fait="prepared"), 303)


@bp.get("/<id>")
def sheet(id: str) -> Answer:
    """One of their house's."""
    return _shown(id, news=DONE.get(request.args.get("fait", ""), ""))


@bp.post("/<id>")
def press(id: str) -> Answer:
    """Whatever button was pressed."""
    holder, seen = _holder(), _seen(id)
    deed = _DEEDS.get(request.form.get("acte", ""))
    if deed is None:
        return _shown(id, wrong={"acte": WORDS["typed.choice"]}, status=422)
    done = deed(seen, holder)
    if isinstance(done, Problem):
        return _shown(id, wrong={done.field: WORDS[done.key]}, status=422)
    if isinstance(done, Refusal):
        return _shown(id, wrong={"acte": REFUSALS[done]}, status=409)
    return redirect(url_for("mandates.sheet", id=id, fait=done), 303)


def _ask(seen: Seen, holder: Holder) -> Outcome:
    read = forms.read_asking(request.form)
    if isinstance(read, Problem):
        return read
    asking = Asking(*read, mandate_sheets.scope(seen.mandate.grants))
    services, way = guards.parts().services, consents.ask
    if asking.channel.attested:
        way = consents.attest
    done = way(seen.mandate.id, asking, holder, services)
    if isinstance(done, Refusal):
        return done
    return "given" if asking.channel.attested else "asked"


def _ask_aloud(seen: Seen, holder: Holder) -> Outcome:
    identity = forms.read_identity(request.form)
    if isinstance(identity, Problem):
        return identity
    asking = Asking(Channel.VOICE, identity, mandate_sheets.aloud(seen.mandate.grants))
    refused = consent_calls.ask(seen.mandate.id, asking, holder, guards.parts().services)
    return refused or "asked_aloud"


def _again(seen: Seen, holder: Holder) -> Outcome:
    done = consents.send_again(_last(seen), holder, guards.parts().services)
    return done or "sent_again"


def _code(seen: Seen, holder: Holder) -> Outcome:
    typed = request.form.get("code", "")[:20]
    done = consent_answers.try_code(_last(seen), typed, holder, guards.parts().services)
    if isinstance(done, Refusal):
        return done
    return "given" if done is Said.YES else "wrong_code"


def _no(seen: Seen, holder: Holder) -> Outcome:
    return consent_answers.hear_no(_last(seen), holder, guards.parts().services) or "refused"


def _use(seen: Seen, holder: Holder) -> Outcome:
    read = forms.read_result(request.form)
    if isinstance(read, Problem):
        return read
    done = mandates.use(seen.mandate.id, *read, holder, guards.parts().services)
    return done if isinstance(done, Refusal) else "used"


def _end(seen: Seen, holder: Holder) -> Outcome:
    read = forms.read_end(request.form)
    if isinstance(read, Problem):
        return read
    end, procedure = read
    services = guards.parts().services
    return mandates.end(seen.mandate.id, end, holder, services, procedure=procedure) or "ended"


def _withdraw(seen: Seen, holder: Holder) -> Outcome:
    return mandates.withdraw(seen.mandate.id, holder, guards.parts().services) or "withdrawn"


_DEEDS: Final[Mapping[str, Callable[[Seen, Holder], Outcome]]] = {
    "demander": _ask,
    "appel": _ask_aloud,
    "renvoyer": _again,
    "code": _code,
    "non": _no,
    "utiliser": _use,
    "finir": _end,
    "abandonner": _withdraw,
}


def _holder() -> Holder:
    """Who may hold mandates; to anybody else there is no such page."""
    found = holders.of(admission.signed_in(), guards.parts().services)
    if isinstance(found, Refusal) or found.refusal is not None:
        abort(404)
    return found


def _seen(id: str) -> Seen:
    known = MandateId(id if re.fullmatch(r"[0-9a-f]{24}", id) else "")
    seen = mandates.look(known, _holder(), guards.parts().services)
    if isinstance(seen, Refusal):
        abort(404)
    return seen


def _recap(seen: Seen) -> str:
    """What is said or sent to the person, to be read to them."""
    services = guards.parts().services
    filled = {
        "structure": seen.house,
        "scope": mandate_sheets.scope(seen.mandate.grants),
        "number": in_pairs(services.lines[0].public_number),
    }
    return consent_texts.recap(filled, services)


def _last(seen: Seen) -> ConsentId:
    """The newest request."""
    asked = seen.mandate.consents
    return asked[-1].id if asked else ConsentId("")


def _drafted(form: Mapping[str, str], wrong: Mapping[str, str]) -> Answer:
    document = render_template(
        "mandate_draft.html",
        form=form,
        wrong=wrong,
        rows=range(1, MOST_GRANTS + 1),
        sheets=mandate_sheets,
    )
    return Response(document, status=422 if wrong else 200)


def _shown(
    id: str, *, news: str = "", wrong: Mapping[str, str] | None = None, status: int = 200
) -> Answer:
    seen, services = _seen(id), guards.parts().services
    on_call = consent_calls.conversation(_holder().agent, services) is not None
    last = seen.mandate.consents[-1] if seen.mandate.consents else None
    document = render_template(
        "mandate.html",
        seen=seen,
        rows=mandate_sheets.rows(seen.mandate),
        paper=kind_of(seen.mandate, services.now()),
        last=last,
        unsent=last is not None and consent_texts.unsent(last, services),
        on_call=on_call,
        recap=_recap(seen),
        news=news,
        wrong=wrong or {},
        sheets=mandate_sheets,
        ends=forms.BY_AGENT,
    )
    return Response(document, status=status)
