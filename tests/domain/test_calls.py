"""A call moves by turns; its place is kept, its end is the first."""

from datetime import UTC, datetime, timedelta

import pytest

from dispatcher.domain import agent_menu
from dispatcher.domain.agents import Need
from dispatcher.domain.calls import Call, CallSid, LineId, OfferId, Outcome, Step, Why
from dispatcher.domain.numbers import PhoneNumber

NINE = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
LATER = NINE + timedelta(minutes=5)
CALL = Call(CallSid("CA1"), LineId("principale"), NINE, number=PhoneNumber("+33199000001"))
OFFER = OfferId("o1")


def test_every_move_is_one_turn_later() -> None:
    moves = [
        CALL.again(),
        CALL.puzzled(),
        CALL.to(Step.NEED),
        CALL.waits(at=NINE),
        CALL.is_offered(OFFER),
        CALL.talks(),
        CALL.keeps(Why.ASKED, callable_back=True),
        CALL.ends(Outcome.CLOSED, at=NINE),
        CALL.hung_up(at=NINE),
    ]

    assert {move.turn for move in moves} == {CALL.turn + 1}


def test_hearing_it_again_counts_no_try_and_another_question_begins_anew() -> None:
    puzzled = CALL.puzzled().puzzled()

    assert puzzled.tries == 2
    assert puzzled.again().tries == 2
    assert puzzled.to(Step.NEED).tries == 0


def test_a_place_once_taken_is_kept() -> None:
    waiting = CALL.waits(at=NINE)

    again = waiting.is_offered(OFFER).waits(at=LATER)

    assert (again.waiting_since, again.offer, again.offers) == (NINE, None, 1)


def test_every_offer_is_counted() -> None:
    twice = CALL.waits(at=NINE).is_offered(OFFER).waits(at=NINE).is_offered(OfferId("o2"))

    assert (twice.offers, twice.offer) == (2, "o2")


def test_whoever_cannot_be_rung_back_is_asked_for_a_number() -> None:
    assert CALL.keeps(Why.ASKED, callable_back=True).step is Step.KEPT
    assert CALL.keeps(Why.CLOSED, callable_back=False).step is Step.KEEP_NUMBER
    assert CALL.keeps(Why.CLOSED, callable_back=False).why is Why.CLOSED


def test_the_first_end_stays() -> None:
    ended = CALL.ends(Outcome.CALLBACK, at=NINE)

    again = ended.hung_up(at=LATER)

    assert (again.outcome, again.ended_at) == (Outcome.CALLBACK, NINE)
    assert again.over


def test_an_end_holds_no_offer() -> None:
    assert CALL.waits(at=NINE).is_offered(OFFER).hung_up(at=LATER).offer is None


@pytest.mark.parametrize("step", Step)
@pytest.mark.parametrize("kept", [False, True])
def test_what_a_hang_up_means_depends_on_where_it_happens(step: Step, kept: bool) -> None:
    expected = {Step.TALKING: Outcome.ANSWERED, Step.KEPT: Outcome.CALLBACK}
    expected |= dict.fromkeys(agent_menu.STEPS - {Step.AGENT_PIN}, Outcome.AGENT)
    otherwise = Outcome.CALLBACK if kept else Outcome.ABANDONED

    outcome = CALL.to(step, need=Need.EITHER).hung_up(at=LATER, kept=kept).outcome

    assert outcome is expected.get(step, otherwise)
