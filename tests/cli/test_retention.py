"""``dispatcher retention``: what is outdated goes, and the desk shows how much."""

import json
from datetime import UTC, datetime, timedelta

from dispatcher.domain.calls import CallSid
from dispatcher.domain.numbers import PhoneNumber
from tests.cli.operators import Operator
from tests.people import ROSE

YEAR = timedelta(days=366)


def calls_and_hangs_up(operator: Operator) -> None:
    office = operator.office

    async def rose() -> None:
        call = await office.network.phone(ROSE.number).dials("+33199000100")
        await call.hears("code postal")
        await call.hangs_up()

    office.run(rose())


def a_year_passes(operator: Operator) -> None:
    services = operator.office.services
    operator.works_with(now=lambda: services.now() + YEAR)


def counts(report: object) -> dict[str, int]:
    assert isinstance(report, dict)
    return {name: each["count"] for name, each in report["erased"].items()}


def test_a_rehearsal_counts_and_changes_nothing(operator: Operator) -> None:
    calls_and_hangs_up(operator)
    a_year_passes(operator)

    typed = operator.types("retention", "run", "--dry-run")
    again = operator.reads_json("retention", "run", "--dry-run")

    assert typed.exit_code == 0
    assert typed.stdout.startswith("Serait effacé (rien n'a été changé) :\n")
    assert "Appels, rappels et habitués dont le numéro est effacé : 1 (fini avant " in typed.stdout
    assert again["dry_run"] is True
    assert counts(again)["numbers"] == 1
    assert operator.reads_json("queue")["erased"] is None


def test_a_run_reports_what_it_did_and_the_desk_shows_the_last(operator: Operator) -> None:
    calls_and_hangs_up(operator)
    a_year_passes(operator)

    first = operator.reads_json("retention", "run")
    shown = operator.reads_json("queue")["erased"]
    second = operator.types("retention", "run")

    assert (
        counts(first)
        == counts(shown)
        == {
            "numbers": 1,
            "texts": 0,
            "mails": 0,
            "messages": 0,
            "questions": 0,
            "notes": 0,
            "mandates": 0,
            "drafts": 0,
            "history": first["erased"]["history"]["count"],
            "spool": 0,
            "cases": 0,
            "known_callers": 0,
            "allowances": 0,
            "sign_ins": 0,
            "evidence": 0,
        }
    )
    assert counts(first)["history"] >= 2, "its moves"
    assert second.stdout.startswith("C'est effacé :\n")
    assert counts(operator.reads_json("queue")["erased"])["numbers"] == 0
    assert "Dernier effacement de ce qui a dépassé sa durée : " in operator.types("queue").stdout


def test_a_run_needs_no_redis(operator: Operator) -> None:
    operator.loses_redis()

    assert operator.types("retention", "run").exit_code == 0


def test_a_file_of_an_outage_that_nothing_reads_goes_and_a_promise_stays(
    operator: Operator,
) -> None:
    spool = operator.office.parts.spool
    spool.put(CallSid("CA1"), "+33199000100", PhoneNumber(ROSE.number))
    folder = spool._folder
    (folder / "CA2.123.abc").write_text("{")
    (folder / "CA3.json").write_text(json.dumps({"sid": "CA3"}))
    a_year_passes(operator)

    assert counts(operator.reads_json("retention", "run", "--dry-run"))["spool"] == 2
    assert counts(operator.reads_json("retention", "run"))["spool"] == 2
    assert counts(operator.reads_json("retention", "run"))["spool"] == 0
    assert [path.name for path in folder.iterdir()] == ["CA1.json"]


def test_one_who_has_just_put_down_a_file_keeps_it(operator: Operator) -> None:
    folder = operator.office.parts.spool._folder
    folder.mkdir()
    (folder / "CA2.123.abc").write_text("{")

    spool = operator.office.parts.spool
    assert spool.dead(before=datetime.now(UTC) - timedelta(days=2)) == []
    assert len(spool.dead(before=datetime.now(UTC) + timedelta(days=2))) == 1
