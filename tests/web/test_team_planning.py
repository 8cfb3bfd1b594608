"""Whoever runs a house fills the planning of an agent of it: the same pages, and said whose."""

import re
from dataclasses import replace
from datetime import date

import pytest

from dispatcher.domain.agents import AgentId
from dispatcher.domain.occurrences import Pattern
from dispatcher.domain.recurrences import Rule
from dispatcher.domain.roles import Grant, Role
from dispatcher.domain.slots import Span
from dispatcher.domain.timetables import Absence
from dispatcher.domain.users import Email
from dispatcher.operations import alterations, timetables
from tests.office import Office
from tests.people import INES, MALO
from tests.web.accounts import CARLA, Browser, signed_in
from tests.web.test_planning import TUESDAYS, has, kept, text

PAGE = "/equipe/orcieres/aidants/1/planning"
TUESDAY = Rule(date(2026, 12, 1), (1,))


@pytest.fixture
def carla(office: Office) -> Browser:
    """She runs the house of Ines, who has no slots."""
    office.has(replace(INES, slots=""), replace(MALO, slots=""))
    return signed_in(office, CARLA, Grant(Role.MANAGER, "orcieres"))


def done(office: Office) -> list[tuple[str, str | None]]:
    return [(e.made.done.what, e.by) for e in alterations.of(AgentId(1), office.services)]


def test_she_finds_it_from_her_account_and_reads_whose_it_is(carla: Browser) -> None:
    houses, house = carla.reads("/equipe"), carla.reads("/equipe/orcieres")

    assert 'href="/equipe"' in carla.reads()
    assert re.findall(r'href="/equipe/(\w+)"', houses) == ["orcieres"]
    assert f'href="{PAGE}">Le planning d’Ines<' in house
    assert "Malo" not in house
    assert "Vous remplissez le planning d’Ines." in text(carla.reads(PAGE))


def test_every_form_and_link_of_it_stays_with_that_agent(office: Office, carla: Browser) -> None:
    slot = has(office, TUESDAY)
    pages = [PAGE, f"{PAGE}/creneaux/{slot.id}", f"{PAGE}/creneaux/{slot.id}/2026-12-01"]

    found = [re.findall(r'(?:href|action|data-\w+)="([^"#]*)', carla.reads(at)) for at in pages]

    assert all("Vous remplissez le planning d’Ines." in text(carla.reads(at)) for at in pages)
    assert not [each for page in found for each in page if "agent/planning" in each]
    assert not [each for page in found for each in page if "adresse" in each]


def test_what_she_does_is_done_for_the_agent_and_noted_as_hers(
    office: Office, carla: Browser
) -> None:
    answer = carla.posts(PAGE, **TUESDAYS)
    [slot] = kept(office)
    at = f"{PAGE}/creneaux/{slot.id}"
    carla.posts(at, **TUESDAYS | {"start": "10h"}, version="1", sure="1")
    carla.posts(f"{at}/2026-12-01", to="2/12/2026", start="9h", end="12h", version="2", sure="1")
    carla.posts(f"{at}/2026-12-08/annulation", version="3", sure="1")
    carla.posts(PAGE + "/absences", away_first="30/11/2026", away_last="2/12/2026", sure="1")
    carla.posts(PAGE + "/absences/fin", away_first="2026-11-30", away_last="2026-12-02")
    carla.posts(at + "/fin", version="4", sure="1")

    assert answer.headers["Location"].startswith(PAGE)
    assert kept(office) == ()
    assert {by for _, by in done(office)} == {CARLA}
    assert sorted(what for what, _ in done(office)) == sorted(
        ["posted", "edited", "moved", "cancelled", "away", "back", "stopped"]
    )


def test_the_agent_reads_on_their_own_page_what_was_changed_and_by_whom(
    office: Office, carla: Browser
) -> None:
    ines = signed_in(office, Email(INES.email), Grant(Role.AGENT, "orcieres"))
    carla.posts(PAGE, **TUESDAYS)

    page = text(ines.reads("/agent/planning"))

    assert f"par {CARLA} : plage posée, de 9 h à 12 h 30." in page
    assert "Vous remplissez" not in page


def test_whoever_runs_the_house_and_answers_in_it_changes_their_own_unnoted(
    office: Office, carla: Browser
) -> None:
    ines = signed_in(office, Email(INES.email), Grant(Role.MANAGER, "orcieres"))

    ines.posts(PAGE, **TUESDAYS)

    assert len(kept(office)) == 1
    assert done(office) == []
    assert "Vous remplissez" not in text(ines.reads(PAGE))


def test_an_agent_of_another_house_is_not_there_and_keeps_their_slots(
    office: Office, carla: Browser
) -> None:
    posted = timetables.post(AgentId(2), Pattern(TUESDAY, Span(540, 720)), office.services)
    assert isinstance(posted, timetables.Posted)
    slot, day = posted.slot, Absence(date(2026, 12, 1), date(2026, 12, 1))

    assert carla.opens(f"/equipe/orcieres/aidants/{2**70}/planning").status_code == 404
    for house in ("orcieres", "gap"):
        at = f"/equipe/{house}/aidants/2/planning"
        tried = [
            carla.opens(at),
            carla.posts(at, **TUESDAYS),
            carla.posts(f"{at}/creneaux/{slot.id}/fin", version="1", sure="1"),
            carla.posts(f"{PAGE}/creneaux/{slot.id}/fin", version="1", sure="1"),
            carla.posts(at + "/absences", away_first="1/12/2026", sure="1"),
        ]
        assert {answer.status_code for answer in tried} == {404}

    malo = timetables.look(AgentId(2), office.services)
    assert malo is not None
    assert malo.slots.slots == (slot,)
    assert day not in malo.slots.absences
