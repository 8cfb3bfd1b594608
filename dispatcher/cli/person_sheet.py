"""What is held about a number, as the person it belongs to reads it: JSON with French keys.

Nobody else's number is in it: of a call from elsewhere on which this number was keyed, only that.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from config.words import words
from dispatcher.cli import phrases
from dispatcher.domain.regulars import Regular
from dispatcher.operations.person import Held, HeldAgent, HeldCall, HeldCallback
from dispatcher.store.person import HeldText

WORDS = words("reports")
moment = phrases.moment_in_json


def sheet(held: Held) -> dict[str, Any]:
    """Everything, whether there is some or not: an empty list says that nothing is held."""
    return {
        "numero": held.number,
        "etabli_le": moment(held.at),
        "appels": [_call(each) for each in held.calls],
        "rappels": [_callback(each) for each in held.callbacks],
        "habitue": [_regular(each) for each in held.regulars],
        "commune_retenue": _known(held.known),
        "notes_pendant_une_panne": [{"le": moment(each.at)} for each in held.spooled],
        "sms": [_text(each) for each in held.texts],
        "plus_de_sms_depuis": moment(held.stopped),
        "agent": None if held.agent is None else _agent(held.agent),
        "maisons": list(held.structures),
    }


def _call(held: HeldCall) -> dict[str, Any]:
    call = held.call
    return {
        "identifiant": call.sid,
        "ligne": call.line,
        "votre_numero": WORDS["person.keyed" if held.keyed else "person.called"],
        "debut": moment(call.started_at),
        "fin": moment(call.ended_at),
        "code_postal": call.postal_code,
        "commune": call.commune,
        "maison": call.house,
        "besoin": None if call.need is None else phrases.NEEDS[call.need],
        "issue": call.outcome,
        "etapes": [{"le": moment(at), "etape": step} for at, step in held.moves],
    }


def _callback(held: HeldCallback) -> dict[str, Any]:
    callback = held.callback
    return {
        "identifiant": callback.id,
        "prenom": callback.first_name or None,
        "demande_le": moment(callback.asked_at),
        "pas_avant": moment(callback.due_at),
        "clos_le": moment(callback.closed_at),
        "commune": callback.commune,
        "besoin": phrases.NEEDS[callback.need],
        "etat": callback.state,
        "reponse_par": callback.reply,
        "question": None if held.inquiry is None else held.inquiry.question,
        "adresse": None if held.inquiry is None else held.inquiry.address,
        "courriels": [_text(each) for each in held.mails],
        "etapes": [{"le": moment(at), "etape": state} for at, state in held.moves],
    }


def _regular(regular: Regular) -> dict[str, Any]:
    return {
        "identifiant": regular.id,
        "prenom": regular.first_name,
        "commune": regular.commune,
        "besoin": phrases.NEEDS[regular.need],
        "pour": phrases.PURPOSES[regular.purpose],
        "tous_les_jours": regular.every_days,
        "jusqu_au": moment(regular.until),
        "accord_le": moment(regular.consented_at),
        "accord": phrases.CONSENTS[regular.consent],
        "redemande_le": moment(regular.asked_again_at),
        "arrete_le": moment(regular.stopped_at),
    }


def _text(held: HeldText) -> dict[str, Any]:
    return {
        "demande_le": moment(held.created_at),
        "envoye_le": moment(held.sent_at),
        "etat": held.state,
        "texte": held.body,
    }


def _known(known: tuple[str, datetime] | None) -> dict[str, Any] | None:
    return None if known is None else {"commune": known[0], "jusqu_au": moment(known[1])}


def _agent(held: HeldAgent) -> dict[str, Any]:
    facts = held.facts
    return {
        "nom": facts["name"],
        "courriel": facts["email"],
        "structure": facts["structure"],
        "competences": facts["skills"],
        "zones": facts["zones"],
        "statut": facts["status"],
        "langues": facts["languages"],
        "plages": facts["slots"],
        "de_service_pendant_ses_plages": facts["automatic"],
        "disponible_jusqu_au": moment(facts["on_until"]),
        "en_pause_jusqu_au": moment(facts["paused_until"]),
        "motif_de_pause": facts["pause"],
        "mis_de_cote_le": moment(facts["aside_at"]),
        "motif_de_mise_de_cote": facts["aside"],
        "appels_proposes": [{"le": moment(at), "fin": end} for at, end in held.rung],
    }
