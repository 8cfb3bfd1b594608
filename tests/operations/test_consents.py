"""Consent by code, link, reply, paper and word: what is none, and what counts once."""

from dataclasses import replace
from functools import partial

import pytest

from dispatcher.carrier.forms import Written
from dispatcher.domain.consents import Answer, Channel, ConsentId, Identity
from dispatcher.domain.holders import Refusal
from dispatcher.domain.mandates import MandateId, Person, State
from dispatcher.domain.numbers import PhoneNumber
from dispatcher.domain.texts import CarrierTextId
from dispatcher.operations import consent_answers, consents, mandates, texted
from dispatcher.operations.consents import Asking
from tests.hands import hands
from tests.operations import mandating
from tests.operations.desk import Desk
from tests.operations.mandating import ROSE, SCOPE, asks, holder, journal, opens, prepares, stands
from tests.people import LINE

DAY = 24 * 3600


def code_in(desk: Desk) -> str:
    return mandating.texted(desk)[-1].partition("aidant : ")[2][:6]


def writes(desk: Desk, text: str, number: PhoneNumber = ROSE.number) -> str:
    written = Written(CarrierTextId("SM" + "0" * 32), LINE, number, text)
    services = desk.services
    return texted.heed(written, services.lines[0], None, services).key  # type: ignore[arg-type]


def test_the_recap_and_a_code_are_texted_and_the_code_read_aloud_is_a_yes(desk: Desk) -> None:
    opens(desk)
    mandate = prepares(desk)
    asked = asks(desk, mandate)
    recap, question = mandating.texted(desk)
    code = question.partition("aidant : ")[2][:6]

    said = consent_answers.try_code(asked.id, f"{code[:3]} {code[3:]}", holder(), desk.services)

    assert said is Answer.YES
    assert stands(desk, mandate) is State.ACTIVE
    assert "France services d'Orcières" in recap
    assert SCOPE in recap
    with desk.services.store.reading() as tx:
        assert tx.consents.text(asked.id) == recap


def test_three_wrong_codes_end_it_and_are_no_refusal(small_desk: Desk) -> None:
    desk = small_desk
    opens(desk)
    mandate = prepares(desk)
    asked = asks(desk, mandate)
    code = code_in(desk)

    wrong = [consent_answers.try_code(asked.id, "12345", holder(), desk.services) for _ in range(3)]
    right = consent_answers.try_code(asked.id, code, holder(), desk.services)

    assert [*wrong, right] == [Answer.UNCLEAR] * 4
    assert stands(desk, mandate) is State.ASKED


@pytest.mark.parametrize("late", [False, True])
def test_a_code_is_worth_nothing_a_day_later_or_once_it_was_sent_anew(
    small_desk: Desk, late: bool
) -> None:
    desk = small_desk
    opens(desk)
    mandate = prepares(desk)
    asked = asks(desk, mandate)
    code = code_in(desk)
    if late:
        desk.passes(DAY)
    else:
        consents.send_again(asked.id, holder(), desk.services)

    consent_answers.try_code(asked.id, code, holder(), desk.services)

    assert not stands(desk, mandate).holds


def test_it_is_sent_three_times_in_all_with_the_tries_of_one(small_desk: Desk) -> None:
    desk = small_desk
    opens(desk)
    asked = asks(desk, prepares(desk))
    consent_answers.try_code(asked.id, "12345", holder(), desk.services)

    sent = [consents.send_again(asked.id, holder(), desk.services) for _ in range(3)]

    assert sent == [None, None, Refusal.TOO_OFTEN]
    assert mandating.consent(desk, asked.id).tries == 1


def test_a_text_that_cannot_be_sent_is_no_refusal_and_the_request_stands(small_desk: Desk) -> None:
    desk = small_desk
    opens(desk)
    mandate = prepares(desk)
    asked = asks(desk, mandate)

    mandating.fails_to_send(desk)

    assert stands(desk, mandate) is State.ASKED
    assert mandating.consent(desk, asked.id).answer is None


def test_by_link_the_question_comes_after_the_recap_and_is_answered_once(small_desk: Desk) -> None:
    desk = small_desk
    opens(desk)
    mandate = prepares(desk)
    asked = asks(desk, mandate, Channel.LINK)
    services = desk.services

    early = consent_answers.answer(asked.id, Answer.YES, services)
    consent_answers.question(asked.id, services)
    consent_answers.answer(asked.id, Answer.NO, services)
    replayed = consent_answers.answer(asked.id, Answer.YES, services)

    assert early is not None
    assert early.state is State.RECAPPED
    assert replayed is not None
    assert replayed.state is stands(desk, mandate) is State.REFUSED


def test_a_link_revokes_what_it_gave_at_once(small_desk: Desk) -> None:
    desk = small_desk
    opens(desk)
    mandate = prepares(desk, [mandating.PAPERS, mandating.WELFARE])
    asked = asks(desk, mandate, Channel.LINK)
    consent_answers.question(asked.id, desk.services)
    consent_answers.answer(asked.id, Answer.YES, desk.services)

    consent_answers.revoke(asked.id, mandating.PAPERS.procedure, desk.services)
    partly = stands(desk, mandate)
    consent_answers.revoke(asked.id, None, desk.services)

    assert (partly, stands(desk, mandate)) == (State.PARTLY_REVOKED, State.REVOKED)


def test_yes_by_text_is_a_yes_and_again_it_answers_nothing(small_desk: Desk) -> None:
    desk = small_desk
    opens(desk, sender="36100")
    mandate = prepares(desk)
    asks(desk, mandate, Channel.REPLY)

    assert writes(desk, "Oui merci !") == "sms.mandate_yes"
    assert stands(desk, mandate) is State.ACTIVE
    assert writes(desk, "non") == "sms.reply"
    assert stands(desk, mandate) is State.ACTIVE


def test_what_is_no_answer_is_asked_again_once_and_is_unclear_then(small_desk: Desk) -> None:
    desk = small_desk
    opens(desk, sender="36100")
    mandate = prepares(desk)
    asks(desk, mandate, Channel.REPLY)

    said = [writes(desk, each) for each in ("oui mais", "peut-être", "oui")]

    assert said == ["sms.mandate_again", "sms.mandate_unclear", "sms.reply"]
    assert stands(desk, mandate) is State.UNCLEAR


def test_another_number_lateness_and_stop_answer_nothing(small_desk: Desk) -> None:
    desk = small_desk
    opens(desk, sender="36100")
    mandate = prepares(desk)
    asks(desk, mandate, Channel.REPLY)

    stop = writes(desk, "STOP")
    other = writes(desk, "oui", PhoneNumber("+33639980043"))
    desk.passes(DAY)
    late = writes(desk, "oui")

    assert stop == "sms.stopped"
    assert (other, late) == ("sms.reply", "sms.reply")
    assert stands(desk, mandate) is State.UNANSWERED


def test_two_requests_on_one_telephone_are_told_apart_by_their_words(small_desk: Desk) -> None:
    desk = small_desk
    opens(desk, sender="36100")
    rose = prepares(desk)
    paul = prepares(desk, person=Person(ROSE.number, "Paul Canari"))
    asks(desk, rose, Channel.REPLY)
    hers = asks(desk, paul, Channel.REPLY)

    assert writes(desk, "oui") == "sms.mandate_which"
    assert writes(desk, f"oui {hers.word}") == "sms.mandate_yes"
    assert (stands(desk, rose), stands(desk, paul)) == (State.ASKED, State.ACTIVE)


def test_two_replies_at_once_are_one_answer(desk: Desk) -> None:
    opens(desk, sender="36100")
    mandate = prepares(desk)
    asks(desk, mandate, Channel.REPLY)

    with hands() as together:
        heard = together(
            [
                partial(consent_answers.heed, ROSE.number, each, desk.services)
                for each in ["oui", "non"] * 4
            ]
        )

    counted = [each for each in heard if each is not None]
    assert len(counted) == 1
    yes = counted[0][0] == "sms.mandate_yes"
    assert stands(desk, mandate) is (State.ACTIVE if yes else State.REFUSED)
    assert [kind for kind, _ in journal(desk)].count("mandate.answered") == 1


@pytest.mark.parametrize(
    ("sender", "number", "channel"),
    [
        ("Permanence", ROSE.number, Channel.REPLY),  # a name: nobody can answer it
        ("Permanence", "+33199000042", Channel.CODE),  # no mobile
        (None, ROSE.number, Channel.LINK),
        ("36100", ROSE.number, Channel.VOICE),
        ("36100", ROSE.number, Channel.PAPER),
    ],
)
def test_a_way_by_which_nothing_can_be_asked_is_refused(
    small_desk: Desk, sender: str | None, number: str, channel: Channel
) -> None:
    desk = small_desk
    opens(desk, sender)
    mandate = prepares(desk, person=Person(PhoneNumber(number), "Rosemonde Canari"))

    asking = Asking(channel, Identity.KNOWN, SCOPE)

    assert consents.ask(mandate.id, asking, holder(), desk.services) is Refusal.CHANNEL
    assert stands(desk, mandate) is State.DRAFT


@pytest.mark.parametrize(("channel", "proof"), [(Channel.PAPER, "plain"), (Channel.WORD, "weak")])
def test_paper_and_word_are_attested_and_a_word_is_marked_as_weak(
    small_desk: Desk, channel: Channel, proof: str
) -> None:
    desk = small_desk
    opens(desk)
    mandate = prepares(desk)

    consents.attest(mandate.id, Asking(channel, Identity.KNOWN, SCOPE), holder(), desk.services)

    assert stands(desk, mandate) is State.ACTIVE
    kind, facts = journal(desk)[-1]
    assert (kind, facts["proof"], facts["agent"]) == ("mandate.answered", proof, "1")


def test_nobody_of_another_house_asks_or_answers_for_them(small_desk: Desk) -> None:
    desk = small_desk
    opens(desk)
    mandate = prepares(desk)
    asked = asks(desk, mandate)
    code, malo = code_in(desk), holder(structure="gap")

    assert consent_answers.try_code(asked.id, code, malo, desk.services) is Refusal.UNKNOWN
    assert consents.send_again(asked.id, malo, desk.services) is Refusal.UNKNOWN
    assert consents.send_again(ConsentId("e" * 24), malo, desk.services) is Refusal.UNKNOWN
    elected = replace(holder(), status="elected")
    assert consent_answers.try_code(asked.id, code, elected, desk.services) is Refusal.ELECTED
    nothing = mandates.look(MandateId("f" * 24), holder(), desk.services)
    assert nothing is Refusal.UNKNOWN


def test_what_is_withdrawn_or_refused_is_answered_by_nobody(small_desk: Desk) -> None:
    desk = small_desk
    opens(desk)
    withdrawn, refused = prepares(desk), prepares(desk)
    asked = asks(desk, withdrawn)
    code = code_in(desk)
    mandates.withdraw(withdrawn.id, holder(), desk.services)
    again = asks(desk, refused)
    consent_answers.hear_no(again.id, holder(), desk.services)

    assert consent_answers.try_code(asked.id, code, holder(), desk.services) is Refusal.NOT_NOW
    asking = Asking(Channel.LINK, Identity.KNOWN, SCOPE)
    assert consents.ask(refused.id, asking, holder(), desk.services) is Refusal.NOT_NOW
    assert (stands(desk, withdrawn), stands(desk, refused)) == (State.WITHDRAWN, State.REFUSED)


def test_whoever_writes_so_takes_it_back_at_once(small_desk: Desk) -> None:
    desk = small_desk
    opens(desk, sender="36100")
    mandate = prepares(desk)
    mandating.gives(desk, mandate)

    assert writes(desk, "Retirer mon mandat", PhoneNumber("+33639980043")) == "sms.mandate_none"
    assert stands(desk, mandate) is State.ACTIVE
    assert writes(desk, "Bonjour, je veux retirer mon mandat SVP") == "sms.mandate_revoked"
    assert stands(desk, mandate) is State.REVOKED
    assert writes(desk, "retirer mandat") == "sms.mandate_none"
    assert writes(desk, "ne pas retirer le mandat") == "sms.reply"


def test_two_who_share_a_telephone_are_told_to_ring_to_take_one_back(small_desk: Desk) -> None:
    desk = small_desk
    opens(desk, sender="36100")
    rose, paul = prepares(desk), prepares(desk, person=Person(ROSE.number, "Paul Canari"))
    mandating.gives(desk, rose)
    mandating.gives(desk, paul)

    assert writes(desk, "retirer mandat") == "sms.mandate_whose"
    assert stands(desk, rose) is stands(desk, paul) is State.ACTIVE
