"""Who serves what, when: told to supervisors by territory and need, gaps in sentences."""

import html
import re
from dataclasses import replace

from dispatcher.domain.schedule import OpeningHours, WeeklySlots
from tests.office import Office
from tests.people import INES, YANN, ZOE
from tests.web.supervisors import KEY, PAGE, supervisor

ADDRESS = PAGE + "/couverture"
PROCEDURES, MEDIATION = "démarche administrative", "appareil ou internet"
WEEK = OpeningHours(WeeklySlots.parse("mon-fri 09:00-12:00 14:00-17:00"), "Europe/Paris")


def page(office: Office) -> str:
    """The page while the line is open on weekdays, mornings and afternoons."""
    [line] = office.services.lines
    services = replace(office.services, lines=(replace(line, hours=WEEK),))
    office.parts = replace(office.parts, services=services)
    somebody = supervisor(office)
    somebody.gives(KEY)
    answer = somebody.opens(ADDRESS)
    assert answer.status_code == 200
    return html.unescape(answer.get_data(as_text=True))


def said(document: str) -> dict[tuple[str, str], list[str]]:
    """When nobody is there, by territory and need."""
    found: dict[tuple[str, str], list[str]] = {}
    for part in document.split("<h2>")[1:]:
        for each in part.split("<h3>")[1:]:
            names = part.split("</h2>")[0], each.split("</h3>")[0]
            found[names] = re.findall("<li>(.*?)</li>", each)
    return found


def test_nobody_sees_it_without_the_key(office: Office) -> None:
    assert supervisor(office).opens(ADDRESS).status_code == 403


def test_gaps_are_named_in_sentences_by_territory_and_need(office: Office) -> None:
    office.has(
        replace(INES, slots="mon-fri 09:00-12:00; wed 14:00-16:30"),
        replace(ZOE, slots="thu 14:00-17:00"),
        replace(YANN, slots="mon-fri 08:00-18:00"),
    )

    found = said(page(office))

    procedures = found["Hautes-Alpes", PROCEDURES]
    assert procedures[:2] == [
        "Mardi 24 novembre 2026 : de 14 h à 17 h.",
        "Mercredi 25 novembre 2026 : de 16 h 30 à 17 h.",
    ]
    assert procedures[2].startswith("Vendredi 27 novembre 2026")
    mediation = found["Hautes-Alpes", MEDIATION]
    assert mediation[2] == "Jeudi 26 novembre 2026 : de 14 h à 17 h."
    assert not [each for each in mediation if "Samedi" in each], "the line is closed then"
    assert found["Finistère", PROCEDURES] == found["Finistère", MEDIATION] == []


def test_it_names_nobody(office: Office) -> None:
    office.has(replace(INES, slots="mon-fri 09:00-12:00"))

    document = page(office)

    assert "Mardi 24 novembre 2026 : de 14 h à 17 h." in document
    assert INES.name not in document


def test_with_nobody_in_the_directory_the_page_says_so(office: Office) -> None:
    assert "Aucun aidant n’est connu encore." in page(office)
