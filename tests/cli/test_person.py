"""``dispatcher person``: what is held about somebody is shown to them, and erased when they ask."""

import json
from datetime import timedelta
from typing import Any

import pytest

from dispatcher.domain.callbacks import State
from dispatcher.domain.calls import CallSid
from dispatcher.domain.journal import Entry
from dispatcher.domain.journal_checks import check
from dispatcher.domain.numbers import PhoneNumber
from dispatcher.operations import softphones
from tests.cli.operators import Operator
from tests.people import INES, LINE, ROSE

NUMBER = "01 99 00 00 01\n"
OTHER = "0199000077"


def export(operator: Operator, number: str = NUMBER) -> Any:
    typed = operator.types("person", "export", "--stdin", stdin=number)
    assert typed.exit_code == 0, typed.stderr
    return json.loads(typed.stdout)


def erase(operator: Operator, *words: str, number: str = NUMBER) -> Any:
    return operator.types("person", "erase", "--stdin", *words, stdin=number)


def rings_and_is_promised_a_callback(operator: Operator, *, elsewhere: bool = False) -> None:
    office = operator.office

    async def rose() -> None:
        call = await office.asks(ROSE)
        await call.hears("Nous vous rappellerons")
        if elsewhere:
            await call.presses("2")
            await call.hears("À quel numéro")
            await call.presses(OTHER)
            await call.hears("Si c'est juste")
            await call.presses("1")
            await call.hears("Nous vous rappellerons")
        await call.presses("3")
        await call.hears("Nous avons retenu")
        await call.hangs_up()

    office.run(rose())


def test_everything_about_a_number_is_written_for_the_person_to_read(operator: Operator) -> None:
    rings_and_is_promised_a_callback(operator)

    told = export(operator)

    assert told["numero"] == ROSE.number
    [call], [callback] = told["appels"], told["rappels"]
    assert (call["votre_numero"], call["commune"]) == ("a appelé", "05096")
    assert (call["code_postal"], call["besoin"]) == ("05170", "démarche administrative")
    assert call["debut"].startswith("2026-11-24T10:00")
    assert [each["etape"] for each in call["etapes"]][-1] == "ended"
    assert (callback["etat"], callback["clos_le"]) == ("waiting", None)
    assert [each["etape"] for each in callback["etapes"]] == ["waiting"]
    assert told["commune_retenue"]["commune"] == "05096"
    assert told["agent"] is None
    assert told["maisons"] == told["notes_pendant_une_panne"] == []


def test_nobody_elses_number_is_told(operator: Operator) -> None:
    rings_and_is_promised_a_callback(operator, elsewhere=True)

    for number, other in ((NUMBER, OTHER), (OTHER, ROSE.number)):
        told = export(operator, number)
        assert other[-8:] not in json.dumps(told)
        assert len(told["appels"]) == 1
    assert export(operator, OTHER)["appels"][0]["votre_numero"] == "a été donné pour un rappel"


def test_a_promise_stays_until_the_person_was_asked(operator: Operator) -> None:
    rings_and_is_promised_a_callback(operator)

    first = erase(operator)
    asked = erase(operator, "--with-callbacks")
    again = erase(operator, "--with-callbacks")

    assert first.exit_code == 1
    assert first.stdout.startswith("Numéro effacé de : appels 1, rappels 0. Commune oubliée : 1.")
    assert first.stderr.startswith("Rappels promis à ce numéro : 1. Demandez à la personne")
    assert (asked.exit_code, asked.stderr) == (0, "")
    assert asked.stdout.startswith("Numéro effacé de : appels 0, rappels 1.")
    assert again.exit_code == 0
    assert again.stdout.startswith("Numéro effacé de : appels 0, rappels 0. Commune oubliée : 0.")
    told = export(operator)
    held = ("appels", "rappels", "commune_retenue", "notes_pendant_une_panne", "agent", "maisons")
    assert not [told[name] for name in held if told[name]]


def test_nobody_is_rung_for_a_callback_given_up(operator: Operator) -> None:
    office = operator.office
    rings_and_is_promised_a_callback(operator)
    erase(operator, "--with-callbacks")

    office.has(INES)
    office.run(office.waits(60))

    with office.services.store.reading() as tx:
        assert tx.callbacks.open() == 0
    assert office.open_offers() == []


def test_a_callback_that_is_being_made_is_left_alone(operator: Operator) -> None:
    rings_and_is_promised_a_callback(operator)
    with operator.office.services.store.writing() as tx:
        [kept] = tx.callbacks.owed()
        tx.callbacks.move(kept.id, of=State.WAITING, to=State.CALLING, at=kept.asked_at)

    typed = erase(operator, "--with-callbacks")

    assert typed.exit_code == 1
    assert "Rappels en cours en ce moment : 1." in typed.stderr
    with operator.office.services.store.reading() as tx:
        [left] = tx.callbacks.owed()
    assert (left.number, left.state) == (ROSE.number, State.CALLING)


def test_a_call_that_goes_on_keeps_its_number(operator: Operator) -> None:
    office = operator.office
    told: list[Any] = []

    async def rose() -> None:
        call = await office.network.phone(ROSE.number).dials(LINE)
        await call.hears("code postal")
        told.append(erase(operator))
        await call.hangs_up()

    office.run(rose())

    assert told[0].exit_code == 1
    assert told[0].stderr.startswith("Reste, pour un appel qui n'est pas fini : 1.")
    assert erase(operator).exit_code == 0


def test_what_an_outage_left_is_shown_and_given_up_too(operator: Operator) -> None:
    spool = operator.office.parts.spool
    spool.put(CallSid("CA1"), LINE, PhoneNumber(ROSE.number))
    spool.put(CallSid("CA2"), LINE, PhoneNumber(INES.number))

    assert len(export(operator)["notes_pendant_une_panne"]) == 1
    assert erase(operator).exit_code == 1
    assert erase(operator, "--with-callbacks").exit_code == 0

    assert [entry.sid for entry in spool.entries()] == ["CA2"]


def test_an_agent_stays_unless_they_are_meant(operator: Operator) -> None:
    operator.has_on_duty(INES)

    told = export(operator, INES.number)["agent"]
    stays = erase(operator, number=INES.number)
    goes = erase(operator, "--with-agent", number=INES.number)

    assert (told["nom"], told["courriel"]) == ("Ines", "ines@exemple.test")
    assert "4321" not in json.dumps(told)
    assert stays.exit_code == 1
    assert "celui d'un agent, qui reste" in stays.stderr
    assert (goes.exit_code, goes.stdout[-11:]) == (0, "Agents : 1.\n"[-11:])
    assert export(operator, INES.number)["agent"] is None
    assert not operator.agents()["(effacé)"].reachable


def test_an_agents_slots_and_calendar_are_told_and_erased_with_them(operator: Operator) -> None:
    operator.has_on_duty(INES)
    operator.types("slots", "absent", INES.email, "2026-12-01", "2026-12-02")
    operator.types("slots", "calendar", INES.email)
    softphones.open_for(operator.agents()["Ines"].id, operator.office.services)
    softphones.practise(operator.agents()["Ines"].id, operator.office.services)

    told = export(operator, INES.number)["agent"]
    erase(operator, "--with-agent", number=INES.number)

    assert told["plages"] == ["Tous les jours de minuit à minuit, jours fériés compris"]
    assert told["absences"] == [{"du": "2026-12-01", "au": "2026-12-02"}]
    with operator.office.services.store.engine.connect() as connection:
        for table in ("slots", "absences", "calendars", "softphones", "practices"):
            assert connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar() == 0


def test_a_structure_stays(operator: Operator) -> None:
    operator.imports("structures", "id,name,commune,zones,telephone\ngap,Gap,05061,,0465710099\n")

    assert export(operator, "0465710099")["maisons"] == ["Gap"]
    typed = erase(operator, number="0465710099")

    assert typed.exit_code == 1
    assert "celui d'une structure (1)" in typed.stderr


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("", "Aucun numéro n'a été donné"),
        ("\n", "Aucun numéro n'a été donné"),
        ("anonymous\n", "Un numéro masqué n'est jamais connu de nous"),
        ("Masqué", "Un numéro masqué n'est jamais connu de nous"),
        ("01 99 00", "Ce numéro est trop court"),
        ("3939", "Ce numéro est trop court"),
        ("rose@exemple.test", "Ce n'est pas un numéro de téléphone"),
    ],
)
@pytest.mark.parametrize("command", ["export", "erase"])
def test_what_is_no_number_is_told_so(
    operator: Operator, command: str, number: str, said: str
) -> None:
    typed = operator.types("person", command, "--stdin", stdin=number)

    assert (typed.exit_code, typed.stdout) == (2, "")
    assert typed.stderr.startswith(said)
    assert len(typed.stderr.splitlines()) == 1


def test_the_number_is_asked_for_or_given_and_no_log_has_it(
    operator: Operator, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    rings_and_is_promised_a_callback(operator)
    caplog.clear()

    asked = operator.types("person", "export", stdin=NUMBER)
    given = operator.types("person", "export", NUMBER.strip())
    both = operator.types("person", "export", NUMBER.strip(), "--stdin", stdin=NUMBER)
    erase(operator, "--with-callbacks")

    assert asked.stderr.startswith("Le numéro de la personne")
    assert json.loads(asked.stdout)["appels"] == json.loads(given.stdout)["appels"] != []
    assert both.exit_code == 2
    for canary in ("199000001", "01 99 00 00 01"):
        assert canary not in caplog.text


def test_a_secret_that_is_missing_is_said(operator: Operator) -> None:
    rings_and_is_promised_a_callback(operator, elsewhere=True)
    operator.loses_the_key()

    typed = operator.types("person", "export", "--stdin", stdin=NUMBER)

    assert typed.exit_code == 2
    assert typed.stderr.startswith("Des numéros de la base ne s'ouvrent pas avec cette clé")


def test_it_needs_no_redis(operator: Operator) -> None:
    rings_and_is_promised_a_callback(operator)
    operator.loses_redis()
    operator.works_with(now=lambda: operator.office.services.now() + timedelta(days=1))

    assert erase(operator, "--with-callbacks").exit_code == 0


def test_what_lies_beside_the_journal_is_shown_and_erased_and_the_chain_stays_whole(
    operator: Operator,
) -> None:
    store, at = operator.office.services.store, operator.office.services.now()
    with store.writing() as tx:
        name = tx.journal.commit_to("Rose Martin", at=at, number=PhoneNumber(ROSE.number))
        tx.journal.append(Entry("mandate.given", at, {"person": name}))
    assert export(operator)["a_cote_du_journal"] == ["Rose Martin"]

    typed = erase(operator)

    assert (typed.exit_code, "À côté du journal : 1." in typed.stdout) == (0, True)
    assert export(operator)["a_cote_du_journal"] == []
    with store.reading() as tx:
        assert check(tx.journal.rows(), [], [], None).faults == ()
