"""What keys mean at each question: nobody is hung up on for pressing the wrong one."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from dispatcher.domain.agents import Need
from dispatcher.domain.calls import Call, CallSid, Keys, LineId, Outcome, Step, Why
from dispatcher.domain.numbers import PhoneNumber
from dispatcher.domain.questions import MORE, PAGE, Ground, ask, candidates, hear, while_waiting
from dispatcher.domain.script import Ask, Say
from tests.office import ATLAS

NINE = datetime(2026, 11, 24, 9, tzinfo=UTC)
CALL = Call(CallSid("CA" + "0" * 32), LineId("principale"), NINE)
GROUND = Ground(ATLAS, lambda communes: len(communes) == 1, NINE)
ALIKE = Ground(ATLAS, lambda _: True, NINE)


def pressed(call: Call, *keys: str, ground: Ground = GROUND) -> Call:
    for each in keys:
        call = hear(call, Keys(each.replace("*", ""), again="*" in each), ground)
    return call


def said(call: Call) -> list[Say]:
    [question] = ask(call, ATLAS)
    assert isinstance(question, Ask)
    return list(question.prompts)


def test_a_postal_code_of_one_commune_leads_to_the_need() -> None:
    call = pressed(CALL, "05170")

    assert (call.step, call.commune, call.turn) == (Step.NEED, "05096", 2)


def test_a_postal_code_of_several_asks_which_or_takes_the_largest_when_it_is_all_one() -> None:
    assert pressed(CALL, "05000").step is Step.COMMUNE
    assert pressed(CALL, "05000", ground=ALIKE).commune == "05061"


def test_the_star_repeats_and_counts_nothing() -> None:
    call = pressed(CALL, "*", "05*", "*")

    assert (call.step, call.tries, call.turn) == (Step.POSTAL_CODE, 0, 4)


@pytest.mark.parametrize("wrong", ["", "0000000"])
def test_three_wrong_tries_go_on_without_a_commune(wrong: str) -> None:
    call = pressed(CALL, wrong, wrong)
    assert said(call)[0].key == "ask.postal_code.3"

    call = pressed(call, wrong)

    assert (call.step, call.commune) == (Step.NEED, None)


def test_a_code_unknown_three_times_offers_the_nearest_communes() -> None:
    call = pressed(CALL, "05179", "05179", "05179")

    assert call.step is Step.COMMUNE
    assert said(call)[0].key == "ask.commune.unknown_code"
    assert len(candidates("05179", ATLAS)) <= PAGE
    assert pressed(call, "0").commune is None


def test_every_commune_of_the_longest_list_can_be_reached() -> None:
    listed = candidates("51300", ATLAS)
    reached = []
    for number in range(len(listed)):
        call = pressed(CALL, "51300", *[MORE] * (number // PAGE))
        reached.append(pressed(call, str(number % PAGE + 1)).commune)

    assert len(listed) == 46
    assert reached == [commune.code for commune in listed]


def test_who_does_not_choose_a_commune_gets_the_largest() -> None:
    assert pressed(CALL, "05000", "0").commune == "05061"
    assert pressed(CALL, "05000", "", "8", "").commune == "05061"


@pytest.mark.parametrize(
    ("keys", "need"),
    [
        (["1"], Need.PROCEDURES),
        (["2"], Need.MEDIATION),
        (["0"], Need.EITHER),
        (["7", "", "9"], Need.EITHER),
        (["7", "2"], Need.MEDIATION),
    ],
)
def test_the_need_is_one_key_and_silence_gets_a_person(keys: list[str], need: Need) -> None:
    call = pressed(CALL, "05170", *keys)

    assert (call.step, call.need, call.waiting_since) == (Step.WAITING, need, NINE)


def asked_for_a_number(why: Why) -> Call:
    return pressed(CALL, "05170", "1").keeps(why, callable_back=False)


def test_a_number_keyed_is_read_back_and_confirmed() -> None:
    call = pressed(asked_for_a_number(Why.NOBODY_ON), "0199000007")
    assert said(call) == [Say("keep.confirm", {"number": "01 99 00 00 07"})]

    kept = pressed(call, "1")

    assert (kept.step, kept.keyed_number) == (Step.KEPT, "+33199000007")


def test_a_number_misheard_is_keyed_again() -> None:
    call = pressed(asked_for_a_number(Why.NOBODY_ON), "0199000007", "2")

    assert (call.step, call.keyed_number) == (Step.KEEP_NUMBER, None)


@pytest.mark.parametrize("premium", ["0899123456", "0033199", "3615", "0639980001"])
def test_a_number_that_may_not_be_rung_is_asked_again(premium: str) -> None:
    call = pressed(asked_for_a_number(Why.NOBODY_ON), premium)

    assert (call.step, said(call)[0].key) == (Step.KEEP_NUMBER, "keep.number_again")


def test_a_mobile_of_fiction_may_be_rung_only_over_a_simulated_carrier() -> None:
    simulated = replace(GROUND, fiction=True)

    call = pressed(asked_for_a_number(Why.NOBODY_ON), "0639980001", ground=simulated)

    assert call.step is Step.KEEP_CONFIRM


def test_without_a_number_they_wait_while_open_and_are_told_the_truth_when_closed() -> None:
    assert pressed(asked_for_a_number(Why.NOBODY_ON), "", "", "").step is Step.WAITING
    closed = pressed(asked_for_a_number(Why.CLOSED), "", "", "")
    assert (closed.step, closed.outcome) == (Step.ENDED, Outcome.CLOSED)


def test_once_kept_two_changes_the_number_and_silence_ends() -> None:
    known = replace(CALL, number=PhoneNumber("+33199000001"))
    kept = pressed(known, "05170", "1").keeps(Why.ASKED, callable_back=True)

    assert pressed(kept, "2").step is Step.KEEP_NUMBER
    assert pressed(kept, "").outcome is Outcome.CALLBACK


@pytest.mark.parametrize(("ahead", "key"), [(0, "0"), (1, "1"), (7, "2"), (None, "unknown")])
def test_who_waits_hears_their_place(ahead: int | None, key: str) -> None:
    [question] = while_waiting(pressed(CALL, "05170", "1"), ahead)

    assert isinstance(question, Ask)
    assert question.prompts[0].key == f"wait.place.{key}"


def test_a_step_that_asks_nothing_hears_nothing() -> None:
    offered = replace(CALL, step=Step.OFFERED)

    assert hear(offered, Keys("1"), GROUND) is offered
