"""What keys mean at each question: nobody is hung up on for pressing the wrong one."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from dispatcher.domain.agents import AgentId, Need
from dispatcher.domain.calls import Call, CallSid, Keys, LineId, Outcome, Placed, Step, Why
from dispatcher.domain.numbers import PhoneNumber
from dispatcher.domain.prompts import ask
from dispatcher.domain.questions import MORE, PAGE, Ground, candidates, hear
from dispatcher.domain.script import Ask, Say
from tests.office import ATLAS, EARS

NINE = datetime(2026, 11, 24, 9, tzinfo=UTC)
CALL = Call(CallSid("CA" + "0" * 32), LineId("principale"), NINE)
GROUND = Ground(ATLAS, lambda communes: len(communes) == 1, NINE, EARS)
ALIKE = Ground(ATLAS, lambda _: True, NINE, EARS)


def pressed(call: Call, *keys: str, ground: Ground = GROUND) -> Call:
    for each in keys:
        call = hear(call, Keys(each.replace("*", ""), again="*" in each), ground)
    return call


def said(call: Call) -> list[Say]:
    [question] = ask(call, ATLAS, EARS)
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


def test_a_step_that_asks_nothing_hears_nothing() -> None:
    offered = replace(CALL, step=Step.OFFERED)

    assert hear(offered, Keys("1"), GROUND) is offered


def spoke(call: Call, *words: str, ground: Ground = GROUND) -> Call:
    for each in words:
        call = hear(call, Keys("", spoken=each), ground)
    return call


@pytest.mark.parametrize("said_aloud", ["05170", "05 170.", "0 5 1 7 0", "5170", "C'est le 05170"])
def test_a_postal_code_may_be_said(said_aloud: str) -> None:
    assert spoke(CALL, said_aloud).commune == "05096"


def test_a_commune_may_be_said_and_is_read_back_with_a_way_out() -> None:
    call = spoke(pressed(CALL, "05000"), "La Freissinouse.")

    assert (call.step, call.placed, call.commune) == (Step.NEED, Placed.SAID, "05059")
    assert [say.key for say in said(call)] == [
        "ask.placed.said",
        "ask.need.1",
        "ask.placed.elsewhere",
    ]
    back = pressed(call, "9")
    assert (back.step, back.commune, back.placed) == (Step.COMMUNE, None, None)


def test_a_commune_badly_heard_falls_back_to_the_list() -> None:
    call = spoke(pressed(CALL, "05000"), "Trifouillis")

    assert call.step is Step.COMMUNE
    assert said(call)[0].key == "ask.commune.misheard"
    assert pressed(call, "1").commune == "05061"


@pytest.mark.parametrize(
    ("words", "need"),
    [
        ("Une démarche", Need.PROCEDURES),
        ("c'est pour mes impôts", Need.PROCEDURES),
        ("Mon ordinateur ne marche plus.", Need.MEDIATION),
        ("le deux", Need.MEDIATION),
        ("je ne sais pas", Need.EITHER),
    ],
)
def test_a_need_may_be_said(words: str, need: Need) -> None:
    assert spoke(pressed(CALL, "05170"), words).need is need


def test_what_could_mean_two_needs_is_asked_again() -> None:
    call = spoke(pressed(CALL, "05170"), "un papier pour internet")

    assert (call.step, call.tries) == (Step.NEED, 1)


def test_asking_to_hear_it_again_aloud_counts_nothing() -> None:
    call = spoke(pressed(CALL, "05170"), "Vous pouvez répéter ?")

    assert (call.step, call.tries) == (Step.NEED, 0)


def test_a_number_said_aloud_is_read_back() -> None:
    call = spoke(asked_for_a_number(Why.NOBODY_ON), "01 99 00 00 07", "oui")

    assert (call.step, call.keyed_number) == (Step.KEPT, "+33199000007")


KNOWN = replace(
    CALL,
    step=Step.SAME_PLACE,
    number=PhoneNumber("+33199000001"),
    commune="05096",
    remembered=True,
    helper=AgentId(4),
)


def test_a_known_caller_is_asked_for_the_same_place_and_no_place_is_named() -> None:
    [question] = ask(KNOWN, ATLAS, EARS)

    assert isinstance(question, Ask)
    assert question.prompts == (Say("ask.same_place"),)
    assert pressed(KNOWN, "1").step is Step.NEED
    assert spoke(KNOWN, "oui").commune == "05096"


def test_a_known_caller_who_is_elsewhere_begins_at_the_postal_code() -> None:
    for call in (pressed(KNOWN, "2"), spoke(KNOWN, "non"), pressed(KNOWN, "", "7", "")):
        assert (call.step, call.commune, call.helper) == (Step.POSTAL_CODE, None, None)


def test_a_house_that_was_rung_is_the_place_until_the_caller_says_otherwise() -> None:
    call = replace(CALL, step=Step.NEED, commune="05061", house="gap", placed=Placed.HOUSE)
    assert said(call)[0] == Say("ask.placed.house", {"commune": "Gap"})

    elsewhere = pressed(call, "9")

    assert (elsewhere.step, elsewhere.commune, elsewhere.house) == (Step.POSTAL_CODE, None, None)


def test_nine_means_nothing_to_somebody_who_keyed_their_place() -> None:
    call = pressed(CALL, "05170", "9")

    assert (call.step, call.tries) == (Step.NEED, 1)


def test_after_booking_three_remembers_and_four_forgets() -> None:
    number = PhoneNumber("+33199000001")
    kept = pressed(replace(CALL, number=number), "05170", "1").keeps(Why.ASKED, callable_back=True)
    assert Say("remember.offer") in said(kept)

    known = pressed(kept, "3")

    assert (known.step, known.remembered) == (Step.KEPT, True)
    assert Say("remember.kept") in said(known)
    assert not pressed(known, "4").remembered


def test_a_masked_caller_is_not_offered_to_be_remembered() -> None:
    kept = pressed(asked_for_a_number(Why.ASKED), "0199000007", "1")

    assert Say("remember.offer") not in said(kept)
    assert pressed(kept, "3").step is Step.ENDED
