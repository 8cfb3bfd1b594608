"""Codes are given once, none is a postal code, and what they lead to is not said."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import chain, repeat

import pytest

from dispatcher.domain import cases as codes
from dispatcher.domain.agents import Need
from dispatcher.domain.announcements import Announcement
from dispatcher.domain.callbacks import Callback, CallbackId
from dispatcher.domain.calls import Call, CallSid, LineId, Placed, Step, Why
from dispatcher.domain.numbers import PhoneNumber
from dispatcher.domain.script import Ask, Say
from dispatcher.domain.waiting import Verse, say
from dispatcher.operations import announcing, cases
from tests.operations.desk import Desk
from tests.people import ROSE

NINE = datetime(2026, 11, 24, 9, tzinfo=UTC)
WAITS = Call(
    CallSid("CA" + "0" * 32),
    LineId("principale"),
    NINE,
    number=PhoneNumber(ROSE.number),
    step=Step.WAITING,
    commune="05096",
    need=Need.PROCEDURES,
)
BY_CODE = replace(WAITS, case_code="421750", placed=Placed.CASE)


def draws(monkeypatch: pytest.MonkeyPatch, *numbers: int) -> None:
    """What chance gives, and the last of it again and again."""
    given: Iterator[int] = chain(numbers, repeat(numbers[-1]))
    monkeypatch.setattr(cases, "randbelow", lambda _: next(given))


def is_kept(small_desk: Desk, nth: int) -> str | None:
    """A callback of somebody is kept, and has a case; its code."""
    id, number = CallbackId(f"{nth:024x}"), PhoneNumber(f"+3319900000{nth}")
    line = LineId(small_desk.services.lines[0].id)
    callback = Callback(
        id, None, line, number, None, Need.EITHER, Why.FORM, NINE, place_since=NINE, due_at=NINE
    )
    with small_desk.services.store.writing() as tx:
        assert tx.callbacks.keep(callback)
        cases.begin(tx, small_desk.services, callback=id)
    return cases.code_of(id, small_desk.services)


def test_a_code_that_is_taken_is_drawn_again(
    small_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    draws(monkeypatch, 99_999, 99_999, 99_998)

    told = [is_kept(small_desk, nth) for nth in (1, 2)]

    assert told == [codes.code(99_999), codes.code(99_998)]


def test_when_none_is_free_the_callback_is_kept_without_one(
    small_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    draws(monkeypatch, 99_999)

    told = [is_kept(small_desk, nth) for nth in (1, 2)]

    assert told == [codes.code(99_999), None]


def test_no_code_begins_with_a_postal_code(
    small_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever keys it there would be taken to be from Orcières."""
    draws(monkeypatch, 5170, 99_999)

    assert is_kept(small_desk, 1) == codes.code(99_999)


def test_whoever_waits_by_a_code_is_not_told_what_it_is_about() -> None:
    [by_code], [other] = (say(call, Verse.PAPERS, None) for call in (BY_CODE, WAITS))

    assert isinstance(by_code, Ask)
    assert isinstance(other, Ask)
    assert by_code.prompts == (Say("wait.papers.either"),)
    assert other.prompts == (Say("wait.papers.procedures"),)


def test_whoever_gave_a_code_hears_no_announcement_of_its_place(small_desk: Desk) -> None:
    told = Announcement(NINE.date(), NINE.date(), "Travaux.", need=Need.PROCEDURES)
    services = small_desk.services
    lines = (replace(services.lines[0], announcements=(told,)),)
    services = replace(services, lines=lines)

    assert announcing.told(BY_CODE, services) == ()
    assert announcing.told(WAITS, services) != ()
