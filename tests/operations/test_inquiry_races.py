"""Of many hands that give or answer one inquiry, one does: on either database."""

from functools import partial

from dispatcher.operations import inquiries, replying
from dispatcher.operations.replying import Outcome
from tests.hands import hands
from tests.operations.desk import Desk
from tests.operations.test_inquiries import ROSES, asked, given, looked_at, sends_all, way
from tests.people import INES, MALO, ZOE


def test_an_answer_goes_out_by_mail_once_however_often_it_is_sent(desk: Desk) -> None:
    desk.has(INES)
    question = asked(desk)
    turn = given(desk, question)
    answer = partial(replying.answer, turn, "Au guichet de Gap.", desk.services)

    with hands() as together:
        outcomes = together([answer] * 4)
    sends_all(desk)
    inquiries.sweep(desk.services)

    assert sorted(outcomes) == [Outcome.DONE] + [Outcome.TOO_LATE] * 3
    answers = [each for each in desk.postbag.letters if "guichet de Gap" in each.body]
    assert [each.to for each in answers] == [ROSES]
    assert answers[0].subject == "Réponse de la permanence"
    assert way(desk, question) == ["waiting", "offered", "answered"]
    assert looked_at(desk, question)[1].unsent == "", "what was sent is not kept here"


def test_two_clocks_at_once_give_a_question_once(desk: Desk) -> None:
    desk.has(INES, ZOE, MALO)
    question = asked(desk)

    with hands() as together:
        together([partial(inquiries.offer_due, desk.services)] * 4)
    sends_all(desk)

    assert looked_at(desk, question)[1].turns == 1
    told = [each for each in desk.postbag.letters if "demande écrite vous attend" in each.subject]
    assert len(told) == 1
