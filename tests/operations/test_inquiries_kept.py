"""What is written in is counted by address, shown to its person, and erased in its time."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from dispatcher.domain.mails import Address
from dispatcher.operations import (
    callbacks,
    person,
    replying,
    requests,
    retention,
)
from dispatcher.operations.replying import Outcome
from dispatcher.store.spool import Spool
from tests.office import vault
from tests.operations.desk import Desk, number
from tests.operations.test_inquiries import BY_MAIL, ROSES, asked, given, sends_all
from tests.people import INES


def test_the_confirmation_of_an_address_is_mailed_so_often_a_day_and_the_rest_is_silent(
    desk: Desk,
) -> None:
    for n in range(4):
        asked(desk, replace(BY_MAIL, number=number(10 + n)))
    sends_all(desk)

    assert len([each for each in desk.postbag.letters if each.to == ROSES]) == 2


@pytest.mark.parametrize("other", ["rose@exemple.test", "ROSE@exemple.test"])
def test_an_address_may_be_given_so_often_a_day(desk: Desk, other: str) -> None:
    for n in range(5):
        asked(desk, replace(BY_MAIL, number=number(10 + n)))

    more = replace(BY_MAIL, number=number(30), email=Address(other))
    id, line = callbacks.new_id(desk.at), desk.services.lines[0]

    assert requests.ask(more, id, line, desk.services, address=None) is None


def test_all_that_was_written_is_shown_to_its_person_and_erased_when_they_ask(
    desk: Desk, tmp_path: Path
) -> None:
    desk.has(INES)
    question = asked(desk)
    turn = given(desk, question)
    sends_all(desk)
    replying.answer(turn, "Au guichet.", desk.services)
    sends_all(desk)
    spool = Spool(tmp_path, vault(), lambda: desk.at)

    [held] = person.export(BY_MAIL.number, spool, desk.services).callbacks
    erased = person.erase(BY_MAIL.number, spool, desk.services)

    assert held.inquiry is not None
    assert (held.inquiry.question, held.inquiry.address) == (BY_MAIL.question, ROSES)
    assert [each.kind for each in held.mails] == ["inquiry.kept", "inquiry.answer"]
    assert (erased.questions, erased.mails) == (1, 2)
    with desk.services.store.reading() as tx:
        assert tx.inquiries.find(question.id) is None


def test_a_question_that_an_agent_has_can_be_given_up(desk: Desk, tmp_path: Path) -> None:
    desk.has(INES)
    question = asked(desk)
    turn = given(desk, question)
    spool = Spool(tmp_path, vault(), lambda: desk.at)

    erased = person.erase(BY_MAIL.number, spool, desk.services, with_callbacks=True)

    assert erased.questions == 1
    assert erased.left.callbacks == ()
    assert replying.answer(turn, "Trop tard", desk.services) is Outcome.TOO_LATE


def test_a_question_is_erased_in_its_time_and_never_while_it_waits(
    desk: Desk, tmp_path: Path
) -> None:
    desk.has(INES)
    done, waits = asked(desk), asked(desk, replace(BY_MAIL, question="Et combien ?"))
    replying.answer(given(desk, done), "Au guichet.", desk.services)
    desk.passes(timedelta(days=91).total_seconds())

    retention.run(Spool(tmp_path, vault(), lambda: desk.at), desk.services)

    with desk.services.store.reading() as tx:
        assert tx.inquiries.find(done.id) is None
        assert tx.inquiries.find(waits.id) is not None
