"""The paper of a mandate: what it says before, during and after, to whom, and what it betrays."""

import logging
import re
import subprocess
import sys
from datetime import timedelta
from typing import Any

import pytest

from config.papers import template
from dispatcher.domain.agents import AgentId
from dispatcher.domain.papers import Kind
from dispatcher.domain.roles import Grant, Role
from dispatcher.domain.users import Email
from tests.office import BASE, Office
from tests.people import MALO
from tests.web.accounts import Browser, enrols, passes, signed_in
from tests.web.printed import printed
from tests.web.test_mandates import NAME, asked_by_link, ines, mandate, prepared

__all__ = ["ines"]  # a fixture

ACROSS = "projet – sans valeur"
FILE = r'attachment; filename="[a-z-]+\.pdf"'


def gives(office: Office, link: str) -> None:
    rose = office.app.test_client()
    rose.post(f"{link}/lu", base_url=BASE)
    assert rose.post(f"{link}/reponse", data={"reponse": "yes"}, base_url=BASE).status_code == 303


def test_before_she_agreed_it_is_a_draft_across_every_page(office: Office, ines: Browser) -> None:
    page, link = asked_by_link(office, ines)
    rose = Browser(office.app)

    for offered, browser in ((page, ines), (link, rose)):
        assert f'href="{offered}/attestation"' in browser.reads(offered)
        paper = printed(browser.opens(f"{offered}/attestation"))

        assert all(ACROSS in each.extract_text() for each in paper.reader.pages)
        assert "Projet de mandat" in paper.text
        assert f"France services d'Orcières demande à agir à la place de {NAME}" in paper.text
        assert "Attestation" not in paper.text


def test_once_given_it_says_who_what_until_when_and_where_to_check(
    office: Office, ines: Browser
) -> None:
    page, link = asked_by_link(office, ines)
    gives(office, link)
    kept, given = template(Kind.GIVEN), mandate(office)

    for path, browser in ((page, ines), (link, Browser(office.app))):
        paper = printed(browser.opens(f"{path}/attestation"))

        assert ACROSS not in paper.text
        assert f"{BASE}/m/{given.reference}" in paper.text
        assert f"Référence : {given.reference}" in paper.text
        assert f"France services d'Orcières peut agir à la place de {NAME}" in paper.text
        assert re.search(
            r"refaire sa carte d’identité, jusqu’au \d\d/\d\d/\d{4} compris", paper.text
        )
        assert re.search(r"Donné le \d\d/\d\d/\d{4} à \d\d:\d\d .*par un lien reçu", paper.text)
        assert f"Modèle attestation/1, SHA-256 : {kept.sha256}" in paper.text
        assert str(paper.reader.root_object["/Lang"]) == "fr-FR"
        assert '<rdf:li xml:lang="x-default">Attestation de mandat</rdf:li>' in paper.told


def test_taken_back_it_says_since_when_and_permits_nothing(office: Office, ines: Browser) -> None:
    page, link = asked_by_link(office, ines)
    gives(office, link)
    office.app.test_client().post(f"{link}/retrait", base_url=BASE)

    paper = printed(ines.opens(f"{page}/attestation"))

    assert "Attestation de révocation de mandat" in paper.text
    assert re.search(r"Révoqué le \d\d/\d\d/\d{4} à \d\d:\d\d", paper.text)
    assert re.search(r"identité, révoqué par la personne le \d\d/\d\d/\d{4} à", paper.text)
    assert "peut agir" not in paper.text
    assert ACROSS not in paper.text


def test_past_its_day_it_is_expired(office: Office, ines: Browser) -> None:
    _, link = asked_by_link(office, ines)
    gives(office, link)
    passes(office, timedelta(days=40))

    paper = printed(Browser(office.app).opens(f"{link}/attestation"))

    assert f"Le mandat donné par {NAME} à France services d'Orcières est expiré" in paper.text
    assert "Attestation de fin de mandat" in paper.text


def test_of_what_was_given_up_there_is_no_paper(office: Office, ines: Browser) -> None:
    page = prepared(ines)
    ines.posts(page, acte="abandonner")

    assert "attestation" not in ines.reads(page)
    assert ines.opens(f"{page}/attestation").status_code == 404


def test_other_houses_other_links_and_whoever_is_not_signed_in_get_no_paper(
    office: Office, ines: Browser
) -> None:
    page, link = asked_by_link(office, ines)
    malo = signed_in(
        office, Email(MALO.email), Grant(Role.AGENT, "gap"), Grant(Role.AUTHORISED, "gap")
    )
    enrols(office, malo)
    duty = office.services.links.to_duty(mandate(office).consents[0].id).rpartition("/")[2]

    assert malo.opens(f"{page}/attestation").status_code == 404
    assert Browser(office.app).opens(f"{page}/attestation").status_code != 200
    for token in ("x", "1" * 29, duty):
        assert Browser(office.app).opens(f"/mandat/{token}/attestation").status_code == 404
    ines.posts(page, acte="demander", voie="word", identite="identity.known")
    assert ines.opens(f"{page}/attestation").status_code == 200
    assert Browser(office.app).opens(f"{link}/attestation").status_code == 404


def test_it_betrays_nobody_where_programs_look_and_is_kept_by_none(
    office: Office, ines: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    page, link = asked_by_link(office, ines)
    for given in (False, True):
        if given:
            gives(office, link)
        answer = ines.opens(f"{page}/attestation")
        paper = printed(answer)

        assert re.fullmatch(FILE, answer.headers["Content-Disposition"])
        assert "no-store" in answer.headers["Cache-Control"]
        assert "39980042" not in paper.text.replace(" ", "")
        for secret in ("Rosemonde", "Canari", "39980042", "39 98 00 42", mandate(office).reference):
            assert secret not in paper.told
            assert secret not in caplog.text
            assert secret.encode() not in answer.get_data()
    assert {"fpdf", "fontTools"}.isdisjoint(each.name.split(".")[0] for each in caplog.records)


def test_the_journal_is_told_of_its_template_and_the_reading_is_noted(
    office: Office, ines: Browser
) -> None:
    page, link = asked_by_link(office, ines)
    with office.services.store.reading() as tx:
        before = len(tx.mandate_deeds.readings(mandate(office).id))

    ines.opens(f"{page}/attestation")
    Browser(office.app).opens(f"{link}/attestation")

    kept = template(Kind.DRAFT)
    with office.services.store.reading() as tx:
        told = [dict(row.facts) for row in tx.journal.rows() if row.kind == "mandate.issued"]
        readings = tx.mandate_deeds.readings(mandate(office).id)
    assert [(each["by"], each.get("agent")) for each in told] == [("agent", "1"), ("link", None)]
    assert {(each["template"], each["sha256"]) for each in told} == {("projet/1", kept.sha256)}
    assert [agent for _, agent in readings[before:]] == [AgentId(1)]


def test_a_reader_of_screens_is_told_headings_paragraphs_and_what_the_code_is(
    office: Office, ines: Browser
) -> None:
    page, _ = asked_by_link(office, ines)
    answer = ines.opens(f"{page}/attestation")

    root: Any = printed(answer).reader.root_object
    [document] = root["/StructTreeRoot"]["/K"]
    parts = [each.get_object() for each in document.get_object()["/K"]]

    assert root["/MarkInfo"]["/Marked"]
    assert [each["/S"] for each in parts][:3] == ["/H1", "/H2", "/P"]
    [figure] = [each for each in parts if each["/S"] == "/Figure"]
    assert f"/m/{mandate(office).reference}" in figure["/Alt"]


def test_strange_letters_and_signs_of_templates_in_a_name_stay_text(
    office: Office, ines: Browser
) -> None:
    page = prepared(ines, nom="# Zoé {house} 漢 \u202eNgọc", precision1="! tout {person} **ici**")

    paper = printed(ines.opens(f"{page}/attestation"))

    assert "# Zoé {house} \N{REPLACEMENT CHARACTER} Ngọc" in paper.text
    assert "! tout {person} **ici**" in paper.text


def test_a_process_that_makes_no_paper_does_not_load_the_library() -> None:
    check = (
        "import sys, dispatcher.web.app, dispatcher.operations.typesetting;"
        "print(sorted({'fpdf', 'PIL', 'fontTools'} & sys.modules.keys()))"
    )

    said = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=True)

    assert said.stdout.strip() == "[]"
