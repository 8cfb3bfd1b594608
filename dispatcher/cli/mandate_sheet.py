"""A mandate as its person reads it in what is held about their number."""

from __future__ import annotations

from typing import Any

from dispatcher.cli import phrases
from dispatcher.operations.mandates_held import HeldMandate

moment = phrases.moment_in_json


def mandate(held: HeldMandate) -> dict[str, Any]:
    """What it lets do, how it was agreed to, what was done by it, and who looked."""
    found = held.mandate
    return {
        "reference": found.reference,
        "nom": None if found.person is None else found.person.name,
        "structure": found.structure,
        "prepare_le": moment(found.prepared_at),
        "donne_le": moment(found.consented_at),
        "refuse_le": moment(found.refused_at),
        "abandonne_le": moment(found.withdrawn_at),
        "demarches": [
            {
                "sujet": each.procedure,
                "precision": each.precision,
                "jusqu_a": moment(each.until),
                "fini_le": moment(each.ended_at),
                "fin": each.end,
            }
            for each in found.grants
        ],
        "demandes": [
            {"le": moment(each.asked_at), "par": each.channel, "reponse": each.answer}
            for each in found.consents
        ],
        "dit": list(held.said),
        "actes": [
            {"le": moment(each.at), "sujet": each.procedure, "resultat": each.result}
            for each in held.deeds
        ],
        "consulte": [{"le": moment(at), "aidant": agent} for at, agent in held.readings],
    }
