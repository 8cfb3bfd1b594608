"""How long data is kept: what an operator writes, and what it means."""

from datetime import UTC, datetime, timedelta

import pytest

from dispatcher.domain.retention import DEFAULTS, BadPeriods, Data, Erased, Periods, Report

AT = datetime(2026, 11, 24, 9, tzinfo=UTC)


def test_an_operator_who_says_nothing_keeps_what_the_rules_say() -> None:
    periods = Periods.parse("")

    assert periods == Periods()
    assert str(periods) == (
        "numbers:180,history:365,texts:180,mails:180,messages:30,questions:90,notes:90,mandates:1095,drafts:180,spool:30,cases:90"
    )


def test_what_an_operator_does_not_name_keeps_its_default() -> None:
    periods = Periods.parse("history:200 , numbers:90")

    assert periods.days == {**DEFAULTS, Data.NUMBERS: 90, Data.HISTORY: 200}
    assert Periods.parse(str(periods)) == periods


@pytest.mark.parametrize("days", ["2", "1095"])
def test_the_shortest_and_the_longest_period_stand(days: str) -> None:
    assert Periods.parse(f"numbers:{days}").days[Data.NUMBERS] == int(days)


@pytest.mark.parametrize(
    ("text", "code", "value"),
    [
        ("number:90", "unknown", "number:90"),
        ("known_callers:90", "unknown", "known_callers:90"),
        ("90", "unknown", "90"),
        ("numbers", "days", "numbers"),
        ("numbers:", "days", "numbers:"),
        ("numbers:1", "days", "numbers:1"),
        ("numbers:1096", "days", "numbers:1096"),
        ("numbers:-3", "days", "numbers:-3"),
        ("numbers:90j", "days", "numbers:90j"),
        ("numbers:٩٠", "days", "numbers:٩٠"),
        ("numbers:" + "9" * 5000, "days", "numbers:" + "9" * 5000),
        ("numbers:90,numbers:91", "twice", "numbers:91"),
    ],
)
def test_a_period_that_cannot_stand_is_named(text: str, code: str, value: str) -> None:
    with pytest.raises(BadPeriods) as refusal:
        Periods.parse(text)

    assert (refusal.value.code, refusal.value.value) == (code, value)


def test_what_ended_a_period_ago_is_outdated_and_a_known_caller_at_their_own_date() -> None:
    periods = Periods.parse("numbers:10")

    assert periods.end(Data.NUMBERS, at=AT) == AT - timedelta(days=10)
    assert periods.end(Data.KNOWN_CALLERS, at=AT) == AT


def test_a_report_counts_everything_in_one_order() -> None:
    done = [Erased(Data.SPOOL, 1, AT), Erased(Data.NUMBERS, 2, AT)]

    report = Report.of(AT, done)

    assert [each.data for each in report.erased] == [Data.NUMBERS, Data.SPOOL]
    assert report.count == 3
