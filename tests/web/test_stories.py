"""The door of stories: there for a demonstration alone, and only with its key."""

import json
from dataclasses import replace

import pytest
from flask import Flask

from dispatcher.simulator import answers
from dispatcher.web.app import create_app
from tests.office import Office
from tests.people import INES, ROSE

KEY = {"X-Demo-Key": "k" * 32}


@pytest.fixture
def demo(office: Office) -> Flask:
    return create_app(replace(office.parts, demo_key="k" * 32))


@pytest.fixture
def answered(office: Office) -> str:
    """The id of a call that Ines answered."""
    office.has(INES)
    office.network.phone(INES.number).when_rung(answers(at="tapez 1", talks_for=5))
    sids: list[str] = []

    async def rose() -> None:
        call = await office.asks(ROSE)
        sids.append(call.sid)
        await call.talks_with_somebody()
        await call.ends()

    office.run(rose())
    return sids[0]


def test_a_call_is_told_in_french_words(demo: Flask, answered: str) -> None:
    told = demo.test_client().get(f"/demo/story/{answered}", headers=KEY).get_json()

    assert told["facts"] == [
        {"name": "Commune", "value": "Orcières (05096)"},
        {"name": "Besoin", "value": "démarche administrative"},
    ]
    titles = [each["title"] for each in told["told"]]
    assert titles == [*["Question"] * 2, *["Recherche"] * 2, *["Proposition"] * 4, "Fin"]
    assert told["told"][0]["time"] == "10:00:00"
    assert (
        told["told"][3]["text"]
        == "La première personne libre est Ines (France services d'Orcières)."
    )
    assert "Ce qui les réunit : Orcières." in told["told"][3]["besides"]
    assert told["told"][-1]["text"] == "L'appel est fini : quelqu'un a répondu."


def test_a_story_holds_no_number(demo: Flask, answered: str) -> None:
    text = demo.test_client().get(f"/demo/story/{answered}", headers=KEY).get_data(as_text=True)

    assert "Ines" in json.dumps(json.loads(text), ensure_ascii=False)
    for number in (ROSE.number, INES.number):
        assert number.removeprefix("+33") not in text.replace(" ", "")


@pytest.mark.parametrize("headers", [{}, {"X-Demo-Key": ""}, {"X-Demo-Key": "k" * 31 + "é"}])
def test_without_its_key_the_door_is_closed(
    demo: Flask, answered: str, headers: dict[str, str]
) -> None:
    answer = demo.test_client().get(f"/demo/story/{answered}", headers=headers)

    assert answer.status_code == 403
    assert answer.get_data() == b""


def test_where_nothing_is_demonstrated_there_is_no_such_door(office: Office, answered: str) -> None:
    for headers in ({}, KEY, {"X-Demo-Key": ""}):
        answer = office.app.test_client().get(f"/demo/story/{answered}", headers=headers)
        assert answer.status_code == 404
    assert not [rule for rule in office.app.url_map.iter_rules() if "demo" in rule.rule]


def test_of_an_unknown_call_there_is_no_story(demo: Flask) -> None:
    assert demo.test_client().get("/demo/story/CA1", headers=KEY).status_code == 404
    assert demo.test_client().post("/demo/story/CA1", headers=KEY).status_code == 405
