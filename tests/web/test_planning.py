"""An agent's own pages of slots, without a script: each form, what is wrong, and who else asks."""

import html
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from dispatcher.domain.agents import AgentId
from dispatcher.domain.occurrences import Change, Moved, Pattern, Slot
from dispatcher.domain.recurrences import Rule, Weeks
from dispatcher.domain.roles import Grant, Role
from dispatcher.domain.slots import Span
from dispatcher.domain.timetables import Absence
from dispatcher.domain.users import Email
from dispatcher.operations import directory, timetables
from tests.office import BASE, Office
from tests.people import INES
from tests.web.accounts import Browser, signed_in

PAGE = "/agent/planning"
MORNING = {"start": "9 h", "end": "12h30"}
TUESDAYS = {"rhythm": "weekly", "day_1": "1", **MORNING}
RULES: Sequence[tuple[dict[str, str], Rule]] = [
    ({"rhythm": "once", "first": "12/01/2027"}, Rule(date(2027, 1, 12))),
    (
        {"rhythm": "every", "every": "3", "day_0": "1", "first": "2027-01-04"},
        Rule(date(2027, 1, 4), (0,), every=3),
    ),
    (
        {"rhythm": "even", "day_1": "1", "first": "1/1/2027", "until": "30/06/2027"},
        Rule(date(2027, 1, 1), (1,), weeks=Weeks.EVEN, until=date(2027, 6, 30)),
    ),
    (
        {"rhythm": "odd", "day_1": "1", "day_3": "1", "first": "1/1/2027"},
        Rule(date(2027, 1, 1), (1, 3), weeks=Weeks.ODD),
    ),
    (
        {"rhythm": "nth", "nth_1": "1", "day_2": "1", "first": "1/1/2027"},
        Rule(date(2027, 1, 1), (2,), nth=(1,)),
    ),
    (
        {"rhythm": "nth", "nth_2": "1", "nth_4": "1", "day_5": "1", "first": "1/1/2027"},
        Rule(date(2027, 1, 1), (5,), nth=(2, 4)),
    ),
]
WRONG: Sequence[tuple[dict[str, str], str, str]] = [
    ({"rhythm": ""}, "rhythm", "quand cette plage revient"),
    ({"rhythm": "once"}, "first", "Il manque une date"),
    ({"rhythm": "once", "first": "31/02/2027"}, "first", "pas compris cette date"),
    ({"rhythm": "once", "first": "1/1/2020"}, "first", "passée"),
    ({"rhythm": "every", "every": "99"}, "every", "de 2 à 52"),
    ({"rhythm": "nth"}, "nth_1", "lesquels du mois"),
    ({"until": "1/1/2020"}, "until", "avant le premier"),
    ({"first": "24/11/2025", "until": "1/1/2026"}, "until", "plus aucun jour"),
    ({"start": ""}, "start", "Il manque une heure"),
    ({"start": "9 heures"}, "start", "pas compris cette heure"),
    ({"end": "25:00"}, "end", "pas compris cette heure"),
    ({"end": "9:00"}, "end", "même heure"),
    ({"start": "14h", "end": "13h"}, "end", "avant le début"),
    ({"pause_1_start": "8h", "pause_1_end": "8h30"}, "pause_1_start", "pas dans la plage"),
    ({"pause_2_start": "10h"}, "pause_2_end", "Il manque une heure"),
]
"""What is written, in which field that is wrong, and what is said of it."""


@pytest.fixture
def ines(office: Office) -> Browser:
    """She is in the directory without slots, and signed in."""
    office.has(replace(INES, slots=""))
    return signed_in(office, Email(INES.email), Grant(Role.AGENT, "orcieres"))


def kept(office: Office) -> tuple[Slot, ...]:
    found = timetables.look(AgentId(1), office.services)
    assert found is not None
    return found.slots.slots


def has(office: Office, rule: Rule, span: Span = Span(540, 720), **more: object) -> Slot:
    posted = timetables.post(AgentId(1), Pattern(rule, span, **more), office.services)  # type: ignore[arg-type]
    assert isinstance(posted, timetables.Posted)
    return posted.slot


def at(slot: Slot, day: str = "", act: str = "") -> str:
    return "/".join(filter(None, (PAGE, "creneaux", slot.id, day, act)))


def text(page: str) -> str:
    """What is read on a page."""
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", "", page)))


def test_somebody_posts_a_slot_and_reads_it_back(office: Office, ines: Browser) -> None:
    answer = ines.posts(PAGE, **TUESDAYS, pause_1_start="10:30", pause_1_end="10:45")

    assert answer.status_code == 303
    [slot] = kept(office)
    today = office.services.now().date()
    rule = Rule(today, (1,))
    assert slot.pattern == Pattern(rule, Span(540, 750), "Europe/Paris", (Span(630, 645),))
    page = text(ines.reads(answer.headers["Location"]))
    assert "C’est noté : la plage est posée." in page
    assert "Tous les mardis de 9 h à 12 h 30" in page
    assert "De 9 h à 12 h 30, pause de 10 h 30 à 10 h 45" in page


def test_every_rule_has_its_answers_and_its_own_form_says_the_same(
    office: Office, ines: Browser
) -> None:
    for answers, rule in RULES:
        ines.posts(PAGE, **MORNING, **answers, holidays="1")

        [slot] = kept(office)
        assert (slot.pattern.rule, slot.pattern.holidays) == (rule, True)
        shown = fields(ines.reads(at(slot)))
        assert answers.keys() <= shown.keys()
        assert ines.posts(at(slot), **shown, version="1").status_code == 303
        assert kept(office)[0].pattern == slot.pattern
        ines.posts(at(slot, act="fin"), version="2")


def fields(page: str) -> dict[str, str]:
    """What the form of a slot has in it, as a browser would send it."""
    form = page.partition('id="slot"')[2].partition("</form>")[0]
    found = {}
    for tag in re.findall(r"<input [^>]+>", form):
        name, value = (re.search(rf' {what}="([^"]*)"', tag) for what in ("name", "value"))
        ticked = " checked" in tag or ('type="radio"' not in tag and 'type="checkbox"' not in tag)
        if name and value and ticked and name[1] not in {"jeton", "semaine", "version"}:
            found[name[1]] = value[1]
    return found


def test_what_is_wrong_is_said_where_it_is_and_nothing_typed_is_lost(
    office: Office, ines: Browser
) -> None:
    for wrong, field, says in WRONG:
        typed = {**TUESDAYS, "holidays": "1"} | wrong

        answer = ines.posts(PAGE, **typed)

        page = answer.get_data(as_text=True)
        assert answer.status_code == 422, wrong
        assert f'href="#{field}"' in page
        assert f'id="{field}"' in page
        assert f'id="{field}-wrong"' in page
        assert says in page
        form = fields(page.replace('id="new-slot"', 'id="slot"'))
        assert form | {each: typed[each] for each in typed if typed[each]} == form
        assert not re.search(r" style=| on\w+=", page)
    assert kept(office) == ()


def test_days_are_missing(office: Office, ines: Browser) -> None:
    answer = ines.posts(PAGE, rhythm="weekly", **MORNING)

    assert answer.status_code == 422
    assert "Cochez-en au moins un" in answer.get_data(as_text=True)


def test_a_form_sent_twice_is_one_slot(office: Office, ines: Browser) -> None:
    for _ in range(2):
        assert ines.posts(PAGE, **TUESDAYS, once="0123456789abcdef").status_code == 303

    assert len(kept(office)) == 1


def test_a_slot_over_another_is_kept_and_warned_of(office: Office, ines: Browser) -> None:
    has(office, Rule(date(2026, 12, 1)))

    answer = ines.posts(PAGE, **TUESDAYS)

    page = text(ines.reads(answer.headers["Location"]))
    assert "Attention : elle tombe en même temps" in page
    assert "mardi 1er décembre 2026 de 9 h à 12 h" in page
    assert page.count("En même temps qu’une autre de vos plages") == 2
    assert len(kept(office)) == 2


def test_one_day_is_cancelled_moved_and_put_back(office: Office, ines: Browser) -> None:
    slot, day = has(office, Rule(date(2026, 12, 1), (1,))), date(2026, 12, 1)

    ines.posts(at(slot, "2026-12-01", "annulation"), version="1", sure="1")
    assert kept(office)[0].changes == (Change(day),)
    assert "annulée ce jour-là" in text(ines.reads(PAGE + "?semaine=2026-12-01"))

    ines.posts(
        at(slot, "2026-12-01"), to="3/12/2026", start="14h", end="16h", version="2", sure="1"
    )
    assert kept(office)[0].changes == (Change(day, Moved(date(2026, 12, 3), Span(840, 960))),)
    page = text(ines.reads(PAGE + "?semaine=2026-12-01"))
    assert "est déplacée au jeudi 3 décembre 2026 de 14 h à 16 h" in page
    assert "De 14 h à 16 h (changé ce jour-là)" in page

    usual = {"to": "2026-12-01", "start": "09:00", "end": "12:00"}
    ines.posts(at(slot, "2026-12-01"), **usual, version="3", sure="1")
    page = text(ines.reads(PAGE + "?semaine=2026-12-01"))
    assert "déplacée" not in page
    assert "changé ce jour-là" not in page


def test_a_day_is_moved_nowhere_by_mistake(office: Office, ines: Browser) -> None:
    slot = has(office, Rule(date(2026, 12, 1), (1,)))

    answer = ines.posts(at(slot, "2026-12-01"), to="1/1/2020", start="14h", end="x", version="1")

    page = answer.get_data(as_text=True)
    assert (answer.status_code, kept(office)[0].changes) == (422, ())
    assert 'id="to-wrong"' in page
    assert 'id="end-wrong"' in page
    assert 'value="14h"' in page


def test_a_slot_is_changed_and_stopped(office: Office, ines: Browser) -> None:
    slot = has(office, Rule(date(2026, 12, 1), (1,)))

    ines.posts(at(slot), rhythm="weekly", day_2="1", start="10h", end="11h", version="1", sure="1")
    [changed] = kept(office)
    stopped = ines.posts(at(slot, act="fin"), version="2", sure="1")

    assert changed.pattern == Pattern(Rule(date(2026, 12, 1), (2,)), Span(600, 660))
    assert "est arrêtée" in ines.reads(stopped.headers["Location"])
    assert kept(office) == ()


def test_whoever_was_quicker_is_told_of_and_nothing_typed_is_lost(
    office: Office, ines: Browser
) -> None:
    slot = has(office, Rule(date(2026, 12, 1), (1,)))
    timetables.edit(AgentId(1), slot, replace(slot.pattern, span=Span(600, 660)), office.services)
    before = kept(office)

    edited = ines.posts(at(slot), **TUESDAYS | {"end": "17:17"}, version="1")
    moved = ines.posts(at(slot, "2026-12-01"), to="2/12/2026", start="9h", end="17:17", version="1")
    cancelled = ines.posts(at(slot, "2026-12-01", "annulation"), version="1", sure="1")
    stopped = ines.posts(at(slot, act="fin"), sure="1")

    for answer in (edited, moved, cancelled, stopped):
        page = answer.get_data(as_text=True)
        assert answer.status_code == 409
        assert "Quelqu’un l’a changé entre-temps" in page
        assert "de 10 h à 11 h" in page, "what is there now"
        assert 'name="version" value="2"' in page
    assert 'value="17:17"' in edited.get_data(as_text=True)
    assert 'value="17:17"' in moved.get_data(as_text=True)
    assert kept(office) == before


def test_somebody_is_away_and_back(office: Office, ines: Browser) -> None:
    has(office, Rule(date(2026, 12, 1), (1,)))

    ines.posts(PAGE + "/absences", away_first="30/11/2026", away_last="2/12/2026", sure="1")
    away = text(ines.reads(PAGE + "?semaine=2026-12-01"))
    wrong = ines.posts(PAGE + "/absences", away_first="3/12/2026", away_last="1/12/2026")
    ines.posts(PAGE + "/absences/fin", away_first="2026-11-30", away_last="2026-12-02")

    assert away.count("Vous êtes absent.") == 3
    assert "Du lundi 30 novembre 2026 au mercredi 2 décembre 2026" in away
    assert wrong.status_code == 422
    assert 'id="away_last-wrong"' in wrong.get_data(as_text=True)
    assert 'value="3/12/2026"' in wrong.get_data(as_text=True)
    assert "absent." not in text(ines.reads(PAGE + "?semaine=2026-12-01"))


def test_one_day_away_needs_one_date(office: Office, ines: Browser) -> None:
    ines.posts(PAGE + "/absences", away_first="1/12/2026")

    found = timetables.look(AgentId(1), office.services)
    assert found is not None
    assert found.slots.absences == (Absence(date(2026, 12, 1), date(2026, 12, 1)),)


def test_the_address_of_a_calendar_is_shown_once_and_closed(office: Office, ines: Browser) -> None:
    made = ines.posts(PAGE + "/adresse").get_data(as_text=True)
    shown = re.search(rf"{BASE}(/calendrier/[\w-]+\.ics)", made)
    assert shown is not None

    assert "/calendrier/" not in ines.reads(PAGE)
    assert ines.opens(shown[1]).status_code == 200
    ines.posts(PAGE + "/adresse/fin")
    assert ines.opens(shown[1]).status_code == 404


def test_the_hours_are_those_of_the_clock_in_both_weeks_in_which_it_changes(
    office: Office, ines: Browser
) -> None:
    ines.posts(PAGE, rhythm="weekly", day_5="1", start="22:00", end="6:00")
    ines.posts(PAGE, rhythm="weekly", day_6="1", start="2:30", end="9:00")

    spring = text(ines.reads(PAGE + "?semaine=2027-03-22"))
    autumn = text(ines.reads(PAGE + "?semaine=2027-10-25"))

    for page in (spring, autumn):
        assert "De 22 h à 6 h le lendemain" in page
    sunday = spring.partition("Dimanche 28 mars 2027")[2].partition("Lundi 29")[0]
    assert "De 3 h à 9 h" in sunday, "2 h 30 is skipped"
    assert "De 2 h 30 à 9 h" in autumn.partition("Dimanche 31 octobre 2027")[2]
    [event] = [
        each
        for each in ines.opens(PAGE + "/evenements?start=2027-03-28&end=2027-03-29").get_json()
        if each["day"] == "2027-03-28"
    ]
    assert (event["start"], event["end"]) == ("2027-03-28T03:00", "2027-03-28T09:00")


def test_whoever_is_overseas_writes_and_reads_their_own_clock(office: Office) -> None:
    house = "id,name,commune,zones,telephone\nreunion,France services de Saint-Denis,97411,,\n"
    assert not directory.import_structures(house.encode(), office.services).problems
    office.has(replace(INES, slots="", structure="reunion"))
    ines = signed_in(office, Email(INES.email), Grant(Role.AGENT, "reunion"))

    ines.posts(PAGE, rhythm="once", first="1/12/2026", start="9h", end="12h")

    [slot] = kept(office)
    [occurrence] = slot.occurrences(date(2026, 12, 1), date(2026, 12, 1), ())
    assert slot.pattern.zone == "Indian/Reunion"
    assert occurrence.start == datetime(2026, 12, 1, 5, tzinfo=UTC)
    assert "De 9 h à 12 h" in text(ines.reads(PAGE + "?semaine=2026-12-01"))


def test_somebody_elses_slot_is_not_there(office: Office, ines: Browser) -> None:
    slot = has(office, Rule(date(2026, 12, 1), (1,)))
    office.has(replace(INES, slots=""), replace(INES, name="Malo", number="+33465710002"))
    malo = signed_in(office, Email("malo@exemple.test"), Grant(Role.AGENT, "orcieres"))

    seen = {
        (path, method(path).status_code)
        for path in (at(slot), at(slot, "2026-12-01"))
        for method in (malo.opens, malo.posts)
    } | {
        (path, malo.posts(path, version="1", **TUESDAYS).status_code)
        for path in (at(slot, act="fin"), at(slot, "2026-12-01", "annulation"))
    }

    assert {status for _, status in seen} == {404}
    assert kept(office) == (slot,)
    assert ines.opens(at(slot)).status_code == 200
    assert ines.opens(at(slot, "2026-12-02")).status_code == 404, "it does not stand then"
    assert ines.opens(at(slot, "soon")).status_code == 404


def test_whoever_is_no_agent_has_no_slots(office: Office) -> None:
    carla = signed_in(office, Email("carla@exemple.test"), Grant(Role.AGENT, "orcieres"))

    assert "n’est celui de personne" in carla.reads(PAGE)
    assert carla.posts(PAGE, **TUESDAYS).status_code == 200


def test_events_are_asked_for_a_few_days_at_a_time(ines: Browser) -> None:
    for asked in ("?start=x&end=y", "?start=2026-01-01&end=2027-01-01", ""):
        assert ines.opens(PAGE + "/evenements" + asked).status_code == 400


def test_a_week_that_is_none_is_this_one(ines: Browser) -> None:
    for asked in ("x", "0001-01-01", "9999-12-31", "2026-13-01"):
        page = ines.reads(f"{PAGE}?semaine={asked}&avec={asked}&fait={asked}")
        assert "(aujourd’hui)" in page
