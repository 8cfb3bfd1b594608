"""``dispatcher route``: who would answer, and why; nobody is taken."""

import json
import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from redis import Redis

from dispatcher.domain.agents import AgentId, Need
from dispatcher.domain.routing import plan
from dispatcher.domain.schedule import OpeningHours, WeeklySlots
from tests.cli.operators import Operator
from tests.office import Office
from tests.people import (
    AGENTS_HEADER,
    GINA,
    GUY,
    INES,
    LEON,
    MALO,
    NOE,
    PAUL,
    ROSE,
    YANN,
    ZOE,
    Citizen,
    Helper,
)

MOMENT = "En ce moment, mardi 24 novembre 2026 à 10:00 (heure de Paris)."
EVERYBODY = (YANN, MALO, INES, ZOE, NOE, GUY)


def route(operator: Operator, citizen: Citizen = ROSE, need: str = "procedures", *more: str) -> Any:
    return operator.reads_json("route", "--postal-code", citizen.postal_code, "--need", need, *more)


def names(answer: dict[str, Any]) -> list[tuple[str, str]]:
    return [(each["name"], each["ring"]["level"]) for each in answer["rung"]]


def said(operator: Operator, *more: str, postal_code: str = "05170") -> str:
    typed = operator.types("route", "--postal-code", postal_code, "--need", "procedures", *more)
    assert typed.exit_code == 0, typed.stderr
    return typed.stdout


def agent_id(operator: Operator, helper: Helper) -> AgentId:
    return operator.agents()[helper.name].id


def opens(operator: Operator, **changes: Any) -> None:
    """From now on the office's line is another."""
    operator.works_with(lines=(replace(operator.office.services.lines[0], **changes),))


def test_the_first_to_be_rung_are_named_in_order_with_their_ring(operator: Operator) -> None:
    operator.has_on_duty(*EVERYBODY)

    [answer] = route(operator)["answers"]

    assert names(answer) == [
        ("Zoe", "commune"),  # one skill before two
        ("Ines", "commune"),
        ("Malo", "departement"),
        ("Guy", "departement"),
        ("Yann", "nation"),
    ]
    assert answer["communes"] == [{"code": "05096", "name": "Orcières"}]
    assert answer["nobody"] is None
    assert answer["rung"][0]["structure"] == "France services d'Orcières"
    assert answer["rung"][2]["ring"] == {
        "level": "departement",
        "code": "05",
        "name": "Hautes-Alpes",
    }


def test_what_people_read_says_the_same_and_shows_no_number(operator: Operator) -> None:
    operator.has_on_duty(*EVERYBODY)

    text = said(operator)

    assert text.splitlines() == [
        f"{MOMENT} Ligne : principale. Besoin : démarche administrative.",
        "",
        "Orcières (05096)",
        "  1. Zoe, France services d'Orcières (commune : Orcières ; démarches)",
        "  2. Ines, France services d'Orcières (commune : Orcières ; les deux)",
        "  3. Malo, France services de Gap (département : Hautes-Alpes ; les deux)",
        "  4. Guy, France services de Guillestre (département : Hautes-Alpes ; les deux)",
        "  5. Yann, France services de Brest (France entière ; les deux)",
    ]
    assert not re.search(r"\d{6}|\d\d \d\d \d\d", text)


def dump(redis: Redis) -> dict[bytes, object]:
    return {key: redis.dump(key) for key in redis.scan_iter()}


def test_nobody_is_taken_and_nothing_changes_on_the_board(operator: Operator) -> None:
    operator.has_on_duty(*EVERYBODY)
    before = dump(operator.office.redis)

    said(operator)
    said(operator, "--json", postal_code="05000")

    assert dump(operator.office.redis) == before


@pytest.mark.parametrize("citizen", [ROSE, PAUL, LEON])
@pytest.mark.parametrize("need", list(Need))
def test_it_names_whom_a_real_call_gets(operator: Operator, citizen: Citizen, need: Need) -> None:
    """Caller after caller, until nobody is left: each gets whom the command named before."""
    operator.has_on_duty(*EVERYBODY)
    services = operator.office.services
    [commune] = services.atlas.at_postal_code(citizen.postal_code)
    looked_in = plan(services.atlas.around(commune), need, offers_per_hour=12)

    for caller in range(len(EVERYBODY) + 1):
        [answer] = route(operator, citizen, need)["answers"]
        at = services.now()
        taken = services.board.assign(f"c{caller}", looked_in, lease=at + timedelta(60), at=at)
        assert [each["agent"] for each in answer["rung"]][:1] == [taken.agent][: bool(taken.agent)]
    assert answer["nobody"] == "all_taken"


def test_communes_of_one_postal_code_share_a_block_when_they_get_the_same(
    operator: Operator,
) -> None:
    operator.has_on_duty(MALO, INES)

    gap, around_gap, further = route(operator, GINA)["answers"]

    assert [each["name"] for each in gap["communes"]] == ["Gap"]
    assert names(gap) == [("Malo", "commune"), ("Ines", "departement")]
    assert names(around_gap) == [("Malo", "epci"), ("Ines", "departement")]
    assert names(further) == [("Malo", "departement"), ("Ines", "departement")]
    shared = len(around_gap["communes"]) + len(further["communes"]) + 1
    assert shared == len(operator.office.services.atlas.at_postal_code("05000"))
    assert len(further["communes"]) > 1


def test_communes_that_nobody_tells_apart_are_one_block(operator: Operator) -> None:
    operator.has_on_duty(YANN)

    [answer] = route(operator, GINA)["answers"]

    assert len(answer["communes"]) == len(operator.office.services.atlas.at_postal_code("05000"))


def test_who_is_passed_over_is_counted_once_in_their_nearest_ring(operator: Operator) -> None:
    never_orcieres = replace(GUY, zones="departement:05 -commune:05096")
    operator.has_on_duty(INES, ZOE, NOE, MALO, never_orcieres, YANN)
    services = operator.office.services
    at = services.now()
    services.board.free(agent_id(operator, INES), at=at + timedelta(seconds=20))
    [commune] = services.atlas.at_postal_code("05170")
    orcieres = plan(services.atlas.around(commune), Need.PROCEDURES, offers_per_hour=12)
    services.board.assign("c", orcieres, lease=at + timedelta(60), at=at)

    [answer] = route(operator)["answers"]

    assert names(answer) == [("Malo", "departement"), ("Yann", "nation"), ("Noe", "commune")]
    passed = [(p["ring"]["level"], p["cause"], p["count"]) for p in answer["passed_over"]]
    assert passed == [
        ("commune", "resting", 1),
        ("commune", "with_somebody", 1),
        ("departement", "excluded", 1),
    ]
    text = said(operator)
    assert "  Ne sonneraient pas :\n    commune : Orcières : 1, en pause après un appel, ou" in text
    assert "    commune : Orcières : 1, avec quelqu'un\n" in text
    assert text.endswith("    département : Hautes-Alpes : 1, ne sert pas cette commune\n")


def test_who_had_enough_calls_this_hour_is_passed_over(operator: Operator) -> None:
    operator.has_on_duty(INES)
    opens(operator, offers_per_hour=1)
    services = operator.office.services
    around, at = services.atlas.around, services.now()
    [commune] = services.atlas.at_postal_code("05170")
    orcieres = plan(around(commune), Need.PROCEDURES, offers_per_hour=1)
    services.board.assign("c", orcieres, lease=at + timedelta(60), at=at)
    services.board.free(agent_id(operator, INES), at=at)

    [answer] = route(operator)["answers"]

    assert answer["nobody"] == "all_taken"
    assert [each["cause"] for each in answer["passed_over"]] == ["cap"]
    assert "Personne n'est libre. L'appelant attendrait." in said(operator)


def test_nobody_for_this_need_is_said(operator: Operator) -> None:
    operator.has_on_duty(ZOE)

    [answer] = route(operator, ROSE, "mediation")["answers"]

    assert (answer["nobody"], answer["rung"]) == ("nobody_on", [])
    typed = operator.types("route", "--postal-code", "05170", "--need", "mediation")
    assert "Personne n'est là pour ce besoin." in typed.stdout


def test_a_closed_line_says_when_it_opens(operator: Operator) -> None:
    operator.has_on_duty(INES)
    slots = WeeklySlots.parse("mon-fri 14:00-18:00")
    opens(operator, hours=OpeningHours(slots, "Europe/Paris"))

    told = route(operator)

    assert told["opens_at"] == "2026-11-24T14:00:00+01:00"
    assert [each["nobody"] for each in told["answers"]] == ["closed"]
    assert "Elle ouvre mardi 24 novembre 2026 à 14:00 (heure de Paris)." in said(operator)
    assert names(route(operator, ROSE, "procedures", "--at", "2026-11-25T15:00")["answers"][0])


def test_another_moment_comes_from_the_directory_and_its_slots_alone(operator: Operator) -> None:
    morning, afternoon = (
        replace(INES, slots="mon-fri 09:00-12:00"),
        replace(MALO, slots="mon-fri 14:00-17:00"),
    )
    by_hand = replace(GUY, slots="mon-sun 00:00-24:00")
    text = f"{morning.row}\n{afternoon.row}\n{by_hand.row.removesuffix('yes')}no"
    operator.imports("agents", AGENTS_HEADER + text)
    operator.loses_redis()

    at = {
        hour: route(operator, ROSE, "procedures", "--at", f"2026-11-24T{hour}")["answers"][0]
        for hour in ("08:59", "09:00", "11:59", "12:00", "14:00")
    }

    assert [names(at[hour])[:1] for hour in ("09:00", "11:59")] == [[("Ines", "commune")]] * 2
    assert names(at["14:00"]) == [("Malo", "departement")]
    assert [at[hour]["nobody"] for hour in ("08:59", "12:00")] == ["nobody_on"] * 2
    assert "Prévision pour mardi 24 novembre 2026 à 14:00" in said(
        operator, "--at", "2026-11-24T14:00"
    )


def test_an_agent_with_a_caller_is_free_at_another_moment(operator: Operator) -> None:
    operator.has_on_duty(INES)
    services = operator.office.services
    services.board.off(agent_id(operator, INES))

    told = route(operator, ROSE, "procedures", "--at", "2026-11-24T10:00")

    assert told["live"] is False
    assert names(told["answers"][0]) == [("Ines", "commune")]


def test_without_redis_now_cannot_be_told(operator: Operator) -> None:
    operator.loses_redis()

    typed = operator.types("route", "--postal-code", "05170", "--need", "procedures")

    assert typed.exit_code == 2
    assert "Avec --at, la réponse vient de l'annuaire" in typed.stderr
    assert len(typed.stderr.splitlines()) == 1


def test_a_board_that_was_emptied_is_not_taken_for_nobody_on(operator: Operator) -> None:
    operator.has_on_duty(INES)
    operator.office.redis.flushall()

    typed = operator.types("route", "--postal-code", "05170", "--need", "procedures")

    assert typed.exit_code == 2


@pytest.mark.parametrize(
    ("postal_code", "status", "what"),
    [
        (
            "05171",
            1,
            "Le code postal 05171 n'existe pas ; les plus proches sont : 05170 (Orcières)",
        ),
        ("0517", 1, "Le code postal 0517 n'existe pas ; les plus proches sont : 05170 (Orcières)"),
        ("Gap", 1, "« Gap » n'est pas un code postal"),
        ("", 1, "« » n'est pas un code postal"),
    ],
)
def test_a_postal_code_of_nowhere(
    operator: Operator, postal_code: str, status: int, what: str
) -> None:
    typed = operator.types("route", "--postal-code", postal_code, "--need", "procedures")

    assert typed.exit_code == status
    assert re.sub("«  »", "« »", typed.stderr).startswith(what)
    assert typed.stdout == ""


@pytest.mark.parametrize(
    ("words", "what"),
    [
        (("--at", "demain"), "« demain » n'est pas un moment ; écrivez par exemple 2026-11-24T10:"),
        (("--at", "2026-11-24T10:00Z"), "« 2026-11-24T10:00Z » n'est pas un moment"),
        (("--at", "2026-13-24T10:00"), "« 2026-13-24T10:00 » n'est pas un moment"),
        (("--at", "0001-01-01T00:00"), "« 0001-01-01T00:00 » n'est pas un moment"),
        (("--at", "9999-12-31T23:59"), "« 9999-12-31T23:59 » n'est pas un moment"),
        (("--line", "autre"), "La ligne « autre » n'existe pas ; les lignes sont : principale."),
    ],
)
def test_a_mistake_is_said_in_one_sentence(
    operator: Operator, words: tuple[str, ...], what: str
) -> None:
    typed = operator.types("route", "--postal-code", "05170", "--need", "procedures", *words)

    assert typed.exit_code == 2
    assert typed.stderr.startswith(what)
    assert len(typed.stderr.splitlines()) == 1


def test_a_need_that_is_none_names_those_there_are(operator: Operator) -> None:
    typed = operator.types("route", "--postal-code", "05170", "--need", "cuisine")

    assert typed.exit_code == 2
    assert typed.stderr.strip().endswith("écrivez l'un de : procedures, mediation, either.")


def test_an_hour_that_clocks_skip_is_the_moment_of_their_change(operator: Operator) -> None:
    told = route(operator, ROSE, "procedures", "--at", "2027-03-28T02:30")

    assert told["at"] == "2027-03-28T03:00:00+02:00"


def test_what_is_told_is_one_json_value(office: Office, operator: Operator) -> None:
    typed = operator.types(
        "route", "--postal-code", "05170", "--need", "either", "--line", "principale", "--json"
    )

    assert json.loads(typed.stdout)["line"] == office.services.lines[0].id
