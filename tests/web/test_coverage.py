"""Who serves what, when: told to supervisors by territory and need, gaps in sentences."""

import html
import re
from dataclasses import replace

from dispatcher.domain.roles import Grant, Role
from dispatcher.domain.schedule import OpeningHours, WeeklySlots
from dispatcher.domain.users import Email
from dispatcher.domain.zones import Zones
from tests.office import Office
from tests.people import GUY, INES, MALO, YANN, ZOE
from tests.web.accounts import Browser, signed_in
from tests.web.supervisors import KEY, PAGE, supervisor

ADDRESS = PAGE + "/couverture"
PROCEDURES, MEDIATION = "Démarche administrative", "Appareil ou internet"
WEEK = OpeningHours(WeeklySlots.parse("mon-fri 09:00-12:00 14:00-17:00"), "Europe/Paris")


def page(office: Office, path: str = "") -> str:
    """The page while the line is open on weekdays, mornings and afternoons."""
    [line] = office.services.lines
    services = replace(office.services, lines=(replace(line, hours=WEEK),))
    office.parts = replace(office.parts, services=services)
    somebody = supervisor(office)
    somebody.gives(KEY)
    answer = somebody.opens(ADDRESS + path)
    assert answer.status_code == 200
    return html.unescape(answer.get_data(as_text=True))


def titles(document: str) -> list[str]:
    """The territories that are told of, in order."""
    return re.findall("<h2>(.*?)</h2>", document)


def coordinates(office: Office, zones: str) -> Browser:
    """Somebody signs in who coordinates these zones."""
    email = Email(f"{zones.partition(':')[2] or zones}@exemple.test")
    return signed_in(office, email, Grant(Role.COORDINATOR, zones=Zones.parse(zones)))


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


def test_days_in_a_row_without_anybody_are_told_together(office: Office) -> None:
    whole = "de 9 h à 12 h, de 14 h à 17 h"
    office.has(replace(INES, slots="mon 09:00-12:00 14:00-17:00; tue 09:00-12:00"))

    assert said(page(office))["Hautes-Alpes", PROCEDURES] == [
        "Mardi 24 novembre 2026 : de 14 h à 17 h.",
        f"Du mercredi 25 novembre 2026 au vendredi 27 novembre 2026 : {whole}.",
        "Mardi 1er décembre 2026 : de 14 h à 17 h.",
        "Du mercredi 2 décembre 2026 au vendredi 4 décembre 2026 : de 9 h à 12 h, de 14 h à 17 h.",
    ]


def test_it_names_nobody(office: Office) -> None:
    office.has(replace(INES, slots="mon-fri 09:00-12:00"))

    document = page(office)

    together = "Du mardi 24 novembre 2026 au vendredi 27 novembre 2026 : de 14 h à 17 h."
    assert together in document
    assert INES.name not in document


def test_with_nobody_in_the_directory_the_page_says_so(office: Office) -> None:
    assert "Aucun aidant n’est connu encore." in page(office)


def test_a_departement_is_told_of_whole_and_behind_it_epci_by_epci(office: Office) -> None:
    office.has(INES, MALO, GUY, YANN)

    whole, inside = page(office), page(office, "/05")

    assert titles(whole) == ["Hautes-Alpes", "Finistère"]
    assert "Hautes-Alpes, par intercommunalité (3)" in whole
    assert 'href="/supervision/couverture/05"' in whole
    assert titles(inside)[0] == "Hautes-Alpes"
    assert len(titles(inside)) == 4
    assert "Brest" not in inside


def test_whoever_coordinates_sees_their_own_zones_and_no_others(office: Office) -> None:
    office.has(INES, MALO, YANN)
    alps, all_of_france = coordinates(office, "departement:05"), coordinates(office, "france")
    one, none = coordinates(office, "epci:200067825"), coordinates(office, "departement:75")

    assert titles(alps.reads(ADDRESS)) == ["Hautes-Alpes"]
    assert alps.opens(ADDRESS + "/29").status_code == 404
    assert titles(all_of_france.reads(ADDRESS)) == ["Hautes-Alpes", "Finistère"]
    [gap] = titles(one.reads(ADDRESS))
    assert gap in titles(alps.reads(ADDRESS + "/05"))
    assert titles(one.reads(ADDRESS + "/05")) == [gap]
    assert titles(none.reads(ADDRESS)) == []
    assert "Aucun aidant" in none.reads(ADDRESS)


def test_what_is_excluded_from_somebodys_zones_is_not_there(office: Office) -> None:
    office.has(INES, MALO)
    both = coordinates(office, "departement:05 -epci:200067825")

    assert len(titles(both.reads(ADDRESS + "/05"))) == 2


def test_a_departement_of_which_nothing_is_known_is_no_address(office: Office) -> None:
    office.has(INES)
    france = coordinates(office, "france")

    for code in ("29", "99", "x", "200067825"):
        assert france.opens(f"{ADDRESS}/{code}").status_code == 404
