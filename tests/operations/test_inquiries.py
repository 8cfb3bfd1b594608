"""Inquiries: a question finds one agent at a time, and its answer goes out once."""

from dataclasses import replace
from datetime import timedelta

import pytest

from dispatcher.carrier.mails import PostError
from dispatcher.domain.agents import AgentId, Need
from dispatcher.domain.callbacks import Callback, State
from dispatcher.domain.inquiries import AT_ONCE, LEASE, TOLD_AGAIN, Inquiry, TurnId
from dispatcher.domain.mails import Address, Verdict
from dispatcher.domain.numbers import PhoneNumber
from dispatcher.domain.replies import Reply
from dispatcher.domain.requests import Request
from dispatcher.operations import (
    callbacks,
    changes,
    inquiries,
    load,
    mails,
    overview,
    replying,
    requests,
    texts,
)
from dispatcher.operations.replying import Outcome
from tests.operations.desk import ORCIERES, Desk, number
from tests.people import INES, MALO, YANN

ROSES = Address("rose@exemple.test")
BY_MAIL = Request(
    number(77),
    ORCIERES,
    Need.PROCEDURES,
    "Rose",
    reply=Reply.MAIL,
    email=ROSES,
    question="Où envoyer mon dossier ?",
)
BY_TEXT = replace(BY_MAIL, number=PhoneNumber("+33639980077"), reply=Reply.TEXT, email=None)


@pytest.fixture
def desk(small_desk: Desk) -> Desk:
    """Nothing here depends on the kind of database: test_inquiry_races.py."""
    return small_desk


def asked(desk: Desk, request: Request = BY_MAIL) -> Callback:
    found = requests.ask(
        request, callbacks.new_id(desk.at), desk.services.lines[0], desk.services, address=None
    )
    assert found is not None
    desk.passes(1)
    return found


def looked_at(desk: Desk, callback: Callback) -> tuple[Callback, Inquiry]:
    with desk.services.store.reading() as tx:
        now, inquiry = tx.callbacks.find(callback.id), tx.inquiries.find(callback.id)
    assert now is not None
    assert inquiry is not None
    return now, inquiry


def way(desk: Desk, callback: Callback) -> list[str]:
    with desk.services.store.reading() as tx:
        return [state for _, state in tx.callbacks.moves(callback.id)]


def given(desk: Desk, callback: Callback) -> TurnId:
    """It is given to somebody: their turn."""
    inquiries.sweep(desk.services)
    inquiry = looked_at(desk, callback)[1]
    assert inquiry.turn is not None
    return inquiry.turn


def holder(desk: Desk, callback: Callback) -> AgentId | None:
    return looked_at(desk, callback)[1].agent


def sends_all(desk: Desk) -> None:
    """What is due in the outboxes goes, as a worker would send it."""
    desk.passes(11)
    with desk.services.store.writing() as tx:
        due, written = tx.mails.take_due(at=desk.at), tx.texts.take_due(at=desk.at)
    for mail in due:
        mails.send(mail, desk.services)
    for text in written:
        texts.send(text, desk.services)


def test_a_question_is_given_to_the_nearest_agent_and_no_telephone_rings(desk: Desk) -> None:
    _, ines = desk.has(MALO, INES)
    question = asked(desk)

    callbacks.offer_due(desk.services)
    given(desk, question)

    assert holder(desk, question) == ines
    assert looked_at(desk, question)[0].state is State.OFFERED
    with desk.services.store.reading() as tx:
        assert tx.offers.open() == []


def test_the_agent_is_told_by_mail_with_a_link_and_nothing_of_anybody(desk: Desk) -> None:
    desk.has(INES)
    turn = given(desk, asked(desk))

    sends_all(desk)

    [letter] = [each for each in desk.postbag.letters if each.to == INES.email]
    assert desk.services.links.to_answer(turn) in letter.body
    whole = letter.subject + letter.body
    assert "Rose" not in whole
    assert "dossier" not in whole
    assert "99000077" not in whole.replace(" ", "")


def test_a_question_left_alone_goes_to_another_and_the_first_comes_too_late(desk: Desk) -> None:
    ines, malo = desk.has(INES, MALO)
    question = asked(desk)
    first = given(desk, question)
    assert holder(desk, question) == ines
    desk.passes(LEASE.total_seconds())

    second = given(desk, question)

    assert holder(desk, question) == malo
    assert replying.answer(first, "Trop tard", desk.services) is Outcome.TOO_LATE
    assert replying.pass_on(first, desk.services) is Outcome.TOO_LATE
    assert replying.answer(second, "À temps", desk.services) is Outcome.DONE
    assert way(desk, question)[2:4] == ["waiting", "lapsed"]


def test_who_lets_their_lease_run_out_cannot_answer_even_before_the_next_sweep(desk: Desk) -> None:
    desk.has(INES)
    turn = given(desk, asked(desk))
    desk.passes(LEASE.total_seconds())

    assert replying.answer(turn, "Trop tard", desk.services) is Outcome.TOO_LATE


def test_whoever_passes_is_not_asked_again_that_day_and_it_widens_to_the_whole_country(
    desk: Desk,
) -> None:
    ines, yann = desk.has(INES, YANN)
    question = asked(desk)
    assert replying.pass_on(given(desk, question), desk.services) is Outcome.DONE

    turn = given(desk, question)
    assert holder(desk, question) == yann, "of Brest, when nobody is nearer"
    replying.pass_on(turn, desk.services)
    inquiries.sweep(desk.services)
    assert holder(desk, question) is None
    desk.passes(TOLD_AGAIN.total_seconds())
    given(desk, question)

    assert holder(desk, question) == ines
    assert way(desk, question)[:4] == ["waiting", "offered", "waiting", "passed"]


def test_an_agent_has_only_so_many_questions_and_the_rest_keep_their_order(desk: Desk) -> None:
    desk.has(INES)
    questions = [asked(desk, replace(BY_MAIL, first_name=f"R{'o' * n}se")) for n in range(4)]
    late = questions.pop()
    near = asked(
        desk,
        replace(BY_TEXT, first_name="Li", deadline=desk.at.date() + timedelta(days=1)),
    )

    inquiries.sweep(desk.services)

    assert len(questions) == AT_ONCE
    assert holder(desk, near) is not None, "a deadline raises it"
    assert holder(desk, late) is None
    assert holder(desk, questions[-1]) is None


def test_every_question_is_a_request_of_its_own(desk: Desk) -> None:
    asked(desk, replace(BY_MAIL, reply=Reply.TELEPHONE, email=None, question=""))

    first, second = asked(desk), asked(desk, replace(BY_MAIL, question="Et combien ?"))

    assert (first.state, second.state) == (State.WAITING, State.WAITING)


def test_an_answer_whose_mail_is_refused_goes_to_another_agent_with_what_it_said(
    desk: Desk,
) -> None:
    ines, malo = desk.has(INES, MALO)
    question = asked(desk)
    turn = given(desk, question)
    sends_all(desk)
    replying.answer(turn, "Au guichet.", desk.services)

    def refuses() -> None:
        raise PostError(Verdict.REFUSED, "reply 550")

    desk.postbag.before.append(refuses)
    sends_all(desk)
    again = given(desk, question)

    now, inquiry = looked_at(desk, question)
    assert (now.state, inquiry.agent, inquiry.unsent) == (State.OFFERED, malo, "Au guichet.")
    assert way(desk, question)[-3:] == ["waiting", "unsent", "offered"]
    assert ines != malo
    assert replying.reach(again, desk.services) is Outcome.DONE, "they may ring instead"


def test_an_answer_that_nobody_knows_of_is_left_to_be_verified(desk: Desk) -> None:
    desk.has(INES)
    question = asked(desk)
    turn = given(desk, question)
    sends_all(desk)
    replying.answer(turn, "Au guichet.", desk.services)

    def falls_silent() -> None:
        raise PostError(Verdict.DOUBT, "timeout")

    desk.postbag.after.append(falls_silent)
    sends_all(desk)
    inquiries.sweep(desk.services)

    assert way(desk, question)[-2:] == ["answered", "unsure"]
    with desk.services.store.reading() as tx:
        assert mails.now(tx, desk.services).unsure == 1


def test_an_answer_by_text_to_whoever_said_stop_stays_with_its_agent(desk: Desk) -> None:
    desk.has(INES)
    question = asked(desk, BY_TEXT)
    turn = given(desk, question)
    with desk.services.store.writing() as tx:
        tx.stops.note(BY_TEXT.number, at=desk.at)

    outcome = replying.answer(turn, "Au guichet.", desk.services)

    assert outcome is Outcome.UNSENDABLE
    assert looked_at(desk, question)[0].state is State.OFFERED
    assert replying.pass_on(turn, desk.services) is Outcome.DONE


def test_who_cancels_gets_no_answer(desk: Desk) -> None:
    desk.has(INES)
    question = asked(desk)
    turn = given(desk, question)

    changes.cancel(question.id, desk.services)

    assert replying.answer(turn, "Au guichet.", desk.services) is Outcome.TOO_LATE
    desk.passes(LEASE.total_seconds())
    inquiries.sweep(desk.services)
    assert looked_at(desk, question)[0].state is State.CANCELLED
    assert holder(desk, question) is None


def test_by_the_relay_whoever_does_not_answer_is_tried_again_another_half_day(desk: Desk) -> None:
    desk.has(INES)
    services = replace(desk.services, relay="https://relais.exemple.test/")
    desk.services = services
    relay = asked(desk, replace(BY_MAIL, reply=Reply.RELAY, email=None, question=""))
    turn = given(desk, relay)

    assert replying.answer(turn, "Par écrit", services) is Outcome.TOO_LATE
    assert replying.miss(turn, services) is Outcome.DONE

    now, _ = looked_at(desk, relay)
    assert (now.state, now.attempts) == (State.WAITING, 1)
    assert now.due_at >= desk.at + timedelta(hours=3)
    assert holder(desk, relay) is None


def test_by_the_relay_nobody_is_rung_at_hours_at_which_people_are_not(desk: Desk) -> None:
    desk.has(INES)
    desk.services = replace(desk.services, relay="https://relais.exemple.test/")
    relay = asked(desk, replace(BY_MAIL, reply=Reply.RELAY, email=None))
    desk.passes(timedelta(hours=2, minutes=45).total_seconds())  # a quarter to one in Paris

    inquiries.sweep(desk.services)
    assert holder(desk, relay) is None
    desk.passes(timedelta(hours=1).total_seconds())
    given(desk, relay)


def test_a_question_takes_no_place_before_those_on_the_line(desk: Desk) -> None:
    asked(desk)
    desk.waits()

    [caller] = overview.look(desk.services).waiting

    assert caller.place == 1


def test_an_agent_without_an_address_is_told_by_text_and_one_without_either_is_not_asked(
    desk: Desk,
) -> None:
    ines, malo = desk.has(INES, replace(MALO, number="+33639980021"))
    with desk.services.store.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE agents SET email = NULL")
    question = asked(desk)

    given(desk, question)

    assert holder(desk, question) == malo
    assert ines != malo
    with desk.services.store.reading() as tx:
        held = tx.person.texts(PhoneNumber("+33639980021"))
    assert [each.kind for each in held] == ["inquiry.waits"]


def test_questions_are_counted_apart_from_callbacks(desk: Desk) -> None:
    asked(desk, replace(BY_MAIL, reply=Reply.TELEPHONE, email=None, question=""))
    asked(desk)

    kept = load.kept(desk.services)

    assert (kept.count, kept.written) == (1, 1)


def test_whoever_has_enough_is_passed_by_for_somebody_further_away(desk: Desk) -> None:
    ines, malo = desk.has(INES, MALO)
    questions = [asked(desk) for _ in range(AT_ONCE + 1)]

    inquiries.sweep(desk.services)

    assert [holder(desk, each) for each in questions] == [ines] * AT_ONCE + [malo]


def test_a_turn_is_claimed_once_ended_once_and_never_by_what_was_read_before(desk: Desk) -> None:
    [ines] = desk.has(INES)
    question, turns = asked(desk), [TurnId(f"{n}" * 24) for n in range(4)]
    unclaimed = looked_at(desk, question)[1]
    with desk.services.store.writing() as tx:
        first = tx.inquiries.claim(unclaimed, ines, turns[0], at=desk.at)
        assert first is not None

        assert tx.inquiries.claim(first, ines, turns[1], at=desk.at) is None, "somebody has it"
        assert tx.inquiries.pass_on(turns[0], at=desk.at)
        stale = tx.inquiries.claim(unclaimed, ines, turns[2], at=desk.at)
        assert stale is None, "it was read before that turn"
        assert tx.inquiries.claim(replace(unclaimed, turns=1), ines, turns[3], at=desk.at)
        ends = [tx.inquiries.finish(turns[3], "x", at=desk.at, sends=True) for _ in range(2)]

    assert ends == [True, False]


def test_the_statement_that_claims_knows_how_many_they_have(desk: Desk) -> None:
    [ines] = desk.has(INES)
    questions = [looked_at(desk, asked(desk))[1] for _ in range(AT_ONCE + 1)]

    with desk.services.store.writing() as tx:
        taken = [
            tx.inquiries.claim(each, ines, TurnId(f"{n}" * 24), at=desk.at)
            for n, each in enumerate(questions)
        ]

    assert [each is not None for each in taken] == [True] * AT_ONCE + [False]
