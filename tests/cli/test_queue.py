"""``dispatcher queue``: who waits, what is owed, and what every agent is doing."""

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

from dispatcher.cli import phrases
from dispatcher.domain.agents import Aside, Pause
from dispatcher.simulator import PhoneCall, answers, does_not_exist, lets_it_ring
from tests.cli.operators import Operator
from tests.office import TUESDAY
from tests.people import GUY, INES, MALO, ROSE, YANN, ZOE, Helper

STRICT = "commune:05096 strict"
"""Only Orcières: so that nobody else takes what the scenario is about."""


def states(desk: Any) -> dict[str, str]:
    return {each["name"]: each["state"] for each in desk["agents"]}


def doing(desk: Any, helper: Helper) -> Any:
    return next(each for each in desk["agents"] if each["name"] == helper.name)


def test_an_empty_desk(operator: Operator) -> None:
    typed = operator.types("queue")

    assert typed.exit_code == 0
    assert typed.stdout.splitlines() == [
        "La permanence, mardi 24 novembre 2026 à 10:00 (heure de Paris).",
        "",
        "En attente au téléphone : 0",
        "",
        "Rappels téléphoniques gardés : 0",
        "",
        "SMS à envoyer : 0. À vérifier, peut-être envoyés : 0. Aujourd'hui : 0 sur 500 au plus.",
        "E-mails à envoyer : 0. À vérifier, peut-être envoyés : 0.",
        "",
        "Agents : 0",
        "",
        "Dernier effacement de ce qui a dépassé sa durée : pas encore.",
    ]


def test_who_waits_is_shown_with_how_long_where_and_at_what_place(operator: Operator) -> None:
    office = operator.office
    office.has(INES)
    office.network.phone(INES.number).when_rung(answers(talks_for=300))
    seen: list[Any] = []
    texts: list[str] = []

    async def caller(delay: float, need: str) -> None:
        await office.waits(delay)
        call = await office.asks(office.other(ROSE), need)
        await office.waits(200)
        if not call.ended:
            await call.hangs_up()

    async def operator_looks() -> None:
        await office.waits(120)
        seen.append(operator.reads_json("queue"))
        texts.append(operator.types("queue").stdout)

    office.run(caller(0, "1"), caller(20, "1"), caller(40, "2"), caller(60, "1"), operator_looks())

    [desk] = seen
    assert states(desk) == {"Ines": "talking"}
    assert [(w["need"], w["place"]) for w in desk["waiting"]] == [
        ("procedures", 1),
        ("mediation", 1),
        ("procedures", 2),
    ]
    assert {w["commune"]["name"] for w in desk["waiting"]} == {"Orcières"}
    longest = desk["waiting"][0]["seconds"]
    assert 60 < longest < 100
    minutes, seconds = divmod(longest, 60)
    line = f"  Place 1, depuis {minutes} min {seconds:02} s : Orcières (05096), démarche admin"
    assert line in texts[0]
    assert "  Avec quelqu'un : 1\n    Ines, France services d'Orcières\n" in texts[0]
    assert not re.search(r"\+?\d{6}|\d\d \d\d \d\d", texts[0])


def test_an_agent_is_seen_rung_then_talking_then_resting_then_free(operator: Operator) -> None:
    office = operator.office
    office.has(INES)
    office.network.phone(INES.number).when_rung(answers(after=5, talks_for=20))
    calls: list[PhoneCall] = []
    seen: dict[str, Any] = {}

    def looks(when: str) -> None:
        seen[when] = doing(operator.reads_json("queue"), INES)

    async def rose() -> None:
        calls.append(await office.asks(ROSE))
        await office.waits(2)
        looks("rung")
        await calls[0].talks_with_somebody()
        looks("talking")
        await calls[0].ends()
        await office.waits(2)
        looks("after")
        await office.waits(60)
        looks("later")

    office.run(rose())

    assert {when: each["state"] for when, each in seen.items()} == {
        "rung": "offered",
        "talking": "talking",
        "after": "wrap_up",
        "later": "free",
    }
    assert seen["after"]["until"] is not None
    assert seen["later"]["until"] is None


def test_the_wrap_up_is_known_without_redis(operator: Operator) -> None:
    office = operator.office
    office.has(INES)
    office.network.phone(INES.number).when_rung(answers(talks_for=20))
    seen: list[Any] = []

    async def rose() -> None:
        call = await office.asks(ROSE)
        await call.talks_with_somebody()
        await call.ends()
        await office.waits(2)
        seen.append(operator.reads_json("queue"))
        operator.loses_redis()
        seen.append(operator.reads_json("queue"))
        operator.finds_redis_again()

    office.run(rose())

    live, from_sql = seen
    assert (live["live"], from_sql["live"]) == (True, False)
    assert doing(live, INES) == doing(from_sql, INES)
    assert doing(live, INES)["state"] == "wrap_up"


def test_every_agent_has_one_state(operator: Operator) -> None:
    operator.imports_agents(INES, MALO, YANN, ZOE, replace(GUY, slots="sat 09:00-12:00"))
    ids = {name: agent.id for name, agent in operator.agents().items()}
    at = operator.office.services.now()
    until = at + timedelta(minutes=30)
    with operator.office.services.store.writing() as tx:
        tx.agents.pause(ids["Malo"], Pause.MISSED, at=at, until=until)
        tx.agents.put_aside(ids["Yann"], Aside.NO_SUCH_NUMBER, at=at)
        tx.agents.put_aside(ids["Zoe"], Aside.FORWARDED_TO_US, at=at)

    desk, text = operator.reads_json("queue"), operator.types("queue").stdout

    assert states(desk) == {
        "Ines": "free",
        "Malo": "paused",
        "Yann": "aside",
        "Zoe": "aside",
        "Guy": "off",
    }
    assert desk["agents_by_state"] == {
        "free": 1,
        "wrap_up": 0,
        "offered": 0,
        "talking": 0,
        "on_the_line": 0,
        "paused": 1,
        "aside": 2,
        "off": 1,
    }
    assert doing(desk, MALO)["until"] == "2026-11-24T10:30:00+01:00"
    assert doing(desk, MALO)["cause"] == "missed"
    assert doing(desk, YANN)["cause"] == "no_such_number"
    assert "    Malo, France services de Gap, jusqu'à 10:30 : deux appels manqués\n" in text
    assert "Yann, France services de Brest : l'opérateur dit que ce numéro n'existe pas\n" in text
    assert "Zoe, France services d'Orcières : son téléphone est renvoyé vers notre ligne" in text


def test_an_hours_old_pause_is_over(operator: Operator) -> None:
    operator.imports_agents(INES)
    at = operator.office.services.now() - timedelta(hours=1)
    with operator.office.services.store.writing() as tx:
        id = operator.agents()["Ines"].id
        tx.agents.pause(id, Pause.MISSED, at=at, until=at + timedelta(minutes=30))

    assert states(operator.reads_json("queue")) == {"Ines": "free"}


def test_kept_callbacks_are_shown_with_why_and_how_long(operator: Operator) -> None:
    office = operator.office
    seen: list[Any] = []
    texts: list[str] = []

    async def rose() -> None:
        call = await office.asks(ROSE)
        await call.hears("Nous vous rappellerons")
        await call.hangs_up()
        await office.waits(90)
        seen.append(operator.reads_json("queue"))
        texts.append(operator.types("queue").stdout)

    office.run(rose())

    [kept] = seen[0]["callbacks"]
    assert (kept["why"], kept["state"], kept["need"]) == ("nobody_on", "waiting", "procedures")
    assert kept["commune"] == {"code": "05096", "name": "Orcières"}
    assert re.search(r"gardés : 1\n  Demandé il y a 1 min \d\d s : Orcières \(05096\)", texts[0])
    assert "(personne n'était là) ; attend un agent libre\n" in texts[0]
    assert not re.search(r"\d{6}|\d\d \d\d \d\d", texts[0])


def test_a_callback_that_is_due_has_its_place_before_those_who_called_later(
    operator: Operator,
) -> None:
    office = operator.office
    office.has(INES)
    office.network.phone(INES.number).when_rung(answers(talks_for=160))
    seen: list[Any] = []

    async def talks() -> None:
        call = await office.asks(office.other(ROSE))
        await call.talks_with_somebody()
        await call.ends()

    async def leaves_for_a_callback() -> None:
        await office.waits(10)
        call = await office.asks(ROSE)
        await call.hears("sans perdre votre place", within=90)
        await call.presses("1")
        await call.hears("Nous vous rappellerons au")
        await call.hangs_up()

    async def waits() -> None:
        await office.waits(60)
        call = await office.asks(office.other(ROSE))
        await office.waits(60)
        seen.append(operator.reads_json("queue"))
        await call.hangs_up()

    office.run(talks(), leaves_for_a_callback(), waits())

    [desk] = seen
    assert len(desk["callbacks"]) == 1
    assert [each["place"] for each in desk["waiting"]] == [2]


def test_a_suspected_outage_is_said(operator: Operator) -> None:
    office = operator.office
    helpers = (INES, MALO, GUY)
    office.has(*helpers)
    for helper in helpers:
        office.network.phone(helper.number).when_rung(does_not_exist())
    seen: list[Any] = []
    texts: list[str] = []

    async def rose() -> None:
        call = await office.asks(ROSE)
        await office.waits(60)
        seen.append(operator.reads_json("queue"))
        texts.append(operator.types("queue").stdout)
        await call.hangs_up()
        await office.waits(125)
        seen.append(operator.reads_json("queue"))

    office.run(rose())

    assert [each["outage_suspected"] for each in seen] == [True, False]
    assert "Panne probable chez l'opérateur" in texts[0]


def test_two_agents_who_fail_are_no_outage(operator: Operator) -> None:
    office = operator.office
    office.has(INES, MALO)
    office.network.phone(INES.number).when_rung(does_not_exist())
    office.network.phone(MALO.number).when_rung(lets_it_ring())
    seen: list[Any] = []

    async def rose() -> None:
        call = await office.asks(ROSE)
        await office.waits(60)
        seen.append(operator.reads_json("queue"))
        await call.hangs_up()

    office.run(rose(), until=200)

    assert seen[0]["outage_suspected"] is False


def test_without_redis_it_comes_from_sql_and_says_so(operator: Operator) -> None:
    operator.imports_agents(INES)
    operator.loses_redis()

    typed, desk = operator.types("queue"), operator.reads_json("queue")

    assert typed.exit_code == 0
    assert "ceci vient de la base de données" in typed.stdout
    assert (desk["live"], states(desk)) == (False, {"Ines": "free"})


def test_many_agents_are_counted_and_a_score_named(operator: Operator) -> None:
    operator.imports_agents(*(Helper(f"N{n:02}", f"+3346571{n:04d}", "gap") for n in range(25)))

    typed, desk = operator.types("queue"), operator.reads_json("queue")

    assert "  Libres : 25\n" in typed.stdout
    assert "    N19, France services de Gap\n    et 5 autres\n\nDernier effacement" in typed.stdout
    assert len(desk["agents"]) == 25


def test_how_long_is_said_in_two_units() -> None:
    at = TUESDAY
    lengths = (-5, 0, 65, 3605, 90_000)

    said = [phrases.how_long(at - timedelta(seconds=each), at) for each in lengths]

    assert said == ["0 min 00 s", "0 min 00 s", "1 min 05 s", "1 h 00 min", "25 h 00 min"]
