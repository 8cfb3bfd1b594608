"""What is held about a number, as the person it belongs to reads it: JSON with French keys.

Nobody else's number is in it: of a call from elsewhere on which this number was keyed, only that.
"""

from __future__ import annotations

import base64
from datetime import datetime
from typing import Any

from config.words import words
from dispatcher.cli import phrases
from dispatcher.cli.mandate_sheet import mandate
from dispatcher.domain.agents import AgentId
from dispatcher.domain.regulars import Regular
from dispatcher.domain.stand_ins import StandIn
from dispatcher.domain.users import User
from dispatcher.operations.person import (
    Held,
    HeldAgent,
    HeldCall,
    HeldCallback,
    HeldMessage,
    HeldNote,
)
from dispatcher.store.person import HeldText

WORDS = words("reports")
NOTED = words("dispositions")
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
        "messages_apres_le_bip": [_message(each) for each in held.messages],
        "notes_des_aidants": [_note(each) for each in held.notes],
        "sms": [_text(each) for each in held.texts],
        "plus_de_sms_depuis": moment(held.stopped),
        "agent": None if held.agent is None else _agent(held.agent),
        "maisons": list(held.structures),
        "mandats": [mandate(each) for each in held.mandates],
        "a_cote_du_journal": list(held.evidence),
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
        "numero_de_dossier": held.code,
        "etapes": [{"le": moment(at), "etape": step} for at, step in held.moves],
    }


def _callback(held: HeldCallback) -> dict[str, Any]:
    callback = held.callback
    return {
        "identifiant": callback.id,
        "prenom": callback.first_name or None,
        "demande_le": moment(callback.asked_at),
        "pas_avant": moment(callback.due_at),
        "demi_heure_choisie": moment(callback.booked_at),
        "minute_du_jour_au_plus_tot": callback.not_before,
        "clos_le": moment(callback.closed_at),
        "commune": callback.commune,
        "besoin": phrases.NEEDS[callback.need],
        "etat": callback.state,
        "numero_de_dossier": held.code,
        "autre_service": held.redirected_to,
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


def _message(held: HeldMessage) -> dict[str, Any]:
    sound = held.sound
    return {
        "laisse_le": moment(held.message.created_at),
        "rappel": held.message.callback,
        "son_mp3_en_base64": None if sound is None else base64.b64encode(sound).decode(),
    }


def _note(held: HeldNote) -> dict[str, Any]:
    disposition, writing = held.disposition, held.disposition.writing
    return {
        "appel": disposition.call,
        "rappel": disposition.callback,
        "jour": str(disposition.day),
        "sujet": None if writing.matter is None else NOTED[writing.matter],
        "issue": writing.outcome,
        "autre_service": writing.service or None,
        "note": writing.note or None,
        "ecrit_le": moment(disposition.saved_at),
        "courriels": [_text(each) for each in held.mails],
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
        "plages": [phrases.slot(each.pattern) for each in held.slots],
        "absences": [{"du": str(each.first), "au": str(each.last)} for each in held.absences],
        "remplacements": [_stand_in(each, AgentId(facts["id"])) for each in held.stand_ins],
        "changements_par_autrui": [
            {"quoi": each.done.what, "le": moment(each.at)} for each in held.alterations
        ],
        "de_service_pendant_ses_plages": facts["automatic"],
        "disponible_jusqu_au": moment(facts["on_until"]),
        "en_pause_jusqu_au": moment(facts["paused_until"]),
        "motif_de_pause": facts["pause"],
        "mis_de_cote_le": moment(facts["aside_at"]),
        "motif_de_mise_de_cote": facts["aside"],
        "compte": None if held.account is None else _account(held.account),
        "appels_proposes": [{"le": moment(at), "fin": end} for at, end in held.rung],
    }


def _stand_in(each: StandIn, agent: AgentId) -> dict[str, Any]:
    return {
        "plage": phrases.occurrence(each.occurrence),
        "demande": each.agent == agent,
        "le": moment(each.asked_at),
        "etat": each.state,
    }


def _account(user: User) -> dict[str, Any]:
    return {
        "courriel": user.email,
        "ouvert_le": moment(user.created_at),
        "ferme_le": moment(user.disabled_at),
        "roles": [
            {"role": each.role, "structure": each.structure, "zones": str(each.zones)}
            for each in user.grants
        ],
        "mot_de_passe": user.has_password,
        "code_du_telephone": user.has_code,
    }
