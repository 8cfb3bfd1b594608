"""What leaves a place to nobody is said on a page first, and done when somebody is sure."""

import html
from datetime import UTC, date, datetime

import pytest

from dispatcher.domain.agents import AgentId
from dispatcher.domain.recurrences import Rule
from dispatcher.operations import timetables
from tests.office import Office
from tests.people import NOE, ZOE
from tests.web.accounts import Browser
from tests.web.test_planning import PAGE, TUESDAYS, at, has, ines

__all__ = ["ines"]


@pytest.mark.parametrize(
    ("where", "form"),
    [
        ("2026-12-01/annulation", {}),
        ("fin", {}),
        ("2026-12-01", {"to": "1/12/2026", "start": "14h", "end": "17h"}),
        ("", {"rhythm": "weekly", "day_1": "1", "start": "14h", "end": "17h"}),
        ("absences", {"away_first": "1/12/2026"}),
    ],
)
def test_where_nobody_else_would_be_is_said_first_and_done_when_they_are_sure(
    office: Office, ines: Browser, where: str, form: dict[str, str]
) -> None:
    slot = has(office, Rule(date(2026, 12, 1), (1,)))
    path = PAGE + "/absences" if where == "absences" else f"{at(slot)}/{where}".rstrip("/")

    asked = ines.posts(path, version="1", **form)
    before = timetables.look(AgentId(1), office.services)
    done = ines.posts(path, version="1", sure="1", **form)
    after = timetables.look(AgentId(1), office.services)

    page = html.unescape(asked.get_data(as_text=True))
    assert asked.status_code == 200
    assert "Mardi 1er décembre 2026 de 9 h à 12 h : " in page
    assert "Hautes-Alpes (démarches administratives, appareils et internet)." in page
    assert page.count("Mardi 1er décembre") == 1, "all of a moment in one sentence"
    assert 'name="version" value="1"' in page
    assert done.status_code == 303
    assert before is not None
    assert after is not None
    moment = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
    assert (before.slots.covers(moment), after.slots.covers(moment)) == (True, False)


def test_a_pause_or_more_hours_ask_nothing(office: Office, ines: Browser) -> None:
    slot = has(office, Rule(date(2026, 12, 1), (1,)))
    pause = {"pause_1_start": "10h", "pause_1_end": "10h15"}

    paused = ines.posts(at(slot), **TUESDAYS | {"end": "12h"}, **pause, version="1")
    longer = ines.posts(at(slot), **TUESDAYS | {"end": "13h"}, **pause, version="2")

    assert [answer.status_code for answer in (paused, longer)] == [303, 303]


def test_where_somebody_else_is_it_is_done_at_once(office: Office, ines: Browser) -> None:
    slot = has(office, Rule(date(2026, 12, 1), (1,)))
    office.has(ZOE, NOE)

    done = ines.posts(at(slot, "2026-12-01", "annulation"), version="1")

    assert done.status_code == 303
