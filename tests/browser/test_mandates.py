"""A mandate prepared, asked for by link, given and taken back: with the keyboard, wide and narrow."""

import re
from pathlib import Path

import pytest

from dispatcher.domain.roles import Grant, Role
from dispatcher.domain.users import Email
from dispatcher.operations import users
from tests.browser.conftest import Seen
from tests.browser.test_requests import fills, picture
from tests.browser.test_signing_in import Desk, desk, presses
from tests.browser.test_telephones import faults, pictures
from tests.office import BASE
from tests.people import INES
from tests.processes import needs_proc
from tests.web.accounts import code

pytestmark = needs_proc
__all__ = ["desk", "pictures"]


@pytest.fixture
def ines(desk: Desk, seen: Seen) -> Seen:
    """She is authorised by her house, and gave her telephone's code."""
    office, email = desk.office, Email(INES.email)
    office.has(INES)
    link = users.create(email, Grant(Role.AGENT, "orcieres"), office.services)
    assert link is not None
    users.grant(email, Grant(Role.AUTHORISED, "orcieres"), office.services)
    seen.page.goto(link.replace(BASE, desk.home))
    presses(seen, "Entrer")
    presses(seen, "Mettre un code dans mon")
    seen.page.fill("#code", code(office, re.sub(r"\s", "", seen.reads(".key"))))
    presses(seen, "C’est fait")
    return seen


def looks_well(seen: Seen, folder: Path, name: str) -> None:
    assert faults(seen) == [], name
    picture(seen, folder, name)


def test_a_mandate_is_given_by_link_used_and_taken_back(
    desk: Desk, ines: Seen, pictures: Path
) -> None:
    page = ines.page
    page.goto(f"{desk.home}/agent/mandats/nouveau")
    presses(ines, "Préparer")
    page.wait_for_selector("#problems:focus")
    looks_well(ines, pictures, "mandat-a-corriger")
    fills(ines, nom="Rosemonde Canari", numero="06 39 98 00 42", majeur="Space")
    fills(ines, protege__non="Space", demarche1="Papiers", precision1="refaire sa carte")
    fills(ines, duree1="31")
    looks_well(ines, pictures, "mandat-nouveau")
    presses(ines, "Préparer")
    page.wait_for_selector("[role=status]")
    fills(ines, voie="par un lien", identite="personne connue")
    looks_well(ines, pictures, "mandat-prepare")
    presses(ines, "Demander l’accord")
    page.wait_for_selector("[role=status]:text('partie')")
    sheet = page.url.partition("?")[0]

    with desk.office.services.store.reading() as tx:
        [mandate] = tx.mandates.of_structure("orcieres")
    [consent] = mandate.consents
    page.goto(desk.office.services.links.to_consent(consent.id).replace(BASE, desk.home))
    looks_well(ines, pictures, "mandat-recapitulatif")
    presses(ines, "J’ai lu, je continue")
    page.wait_for_selector("h1:text('Êtes-vous d’accord')")
    looks_well(ines, pictures, "mandat-question")
    presses(ines, "Oui, je donne ce mandat")
    page.wait_for_selector("h1:text('Vous avez donné')")
    looks_well(ines, pictures, "mandat-donne")
    given = page.url

    page.goto(sheet)
    fills(ines, demarche="Papiers", resultat="Dossier envoyé")
    presses(ines, "Noter l’acte")
    page.wait_for_selector("[role=status]:text('noté')")
    looks_well(ines, pictures, "mandat-fiche")
    page.goto(f"{desk.home}/agent/mandats")
    looks_well(ines, pictures, "mandats")
    page.goto(given)
    presses(ines, "Retirer le mandat")
    page.wait_for_selector("h1:text('ne sert plus')")
    page.goto(f"{desk.home}/m/{mandate.reference}")
    looks_well(ines, pictures, "mandat-verifie")
    assert ines.reads("h1") == "Ce mandat est révoqué"
