"""What becomes of a mail that a server did not take."""

from datetime import UTC, datetime, timedelta

import pytest

from dispatcher.domain.mails import (
    MOST_TRIES,
    Address,
    Kind,
    Mail,
    MailId,
    Outcome,
    Reason,
    State,
    Verdict,
    again_at,
    came_before,
    outcome,
    verdict,
)

AT = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def a_mail(*, tries: int = 1, lasts: timedelta = timedelta(days=9)) -> Mail:
    return Mail(
        *(MailId("m1"), Kind.WAITS, Address("chef@exemple.test"), "Attente", "Bonjour", "a1"),
        *(AT, AT, AT + lasts, State.SENDING, tries),
    )


@pytest.mark.parametrize("code", [421, 450, 451, 452, 454, 530, 534, 535, 538, 250, -1])
def test_what_may_be_mended_is_tried_again(code: int) -> None:
    assert verdict(code) is Verdict.LATER


@pytest.mark.parametrize("code", [500, 521, 550, 552, 554, 571])
def test_what_a_server_will_never_take_is_refused(code: int) -> None:
    assert verdict(code) is Verdict.REFUSED


def test_a_mail_waits_longer_each_time_and_is_given_up_in_the_end() -> None:
    waits = [again_at(a_mail(tries=n), at=AT) for n in range(1, MOST_TRIES + 1)]

    minutes = [None if wait is None else (wait - AT).total_seconds() / 60 for wait in waits]
    assert minutes == [0.5, 1, 2, 4, 8, 15, 15, 15, 15, None]


def test_a_mail_is_never_tried_once_it_has_expired() -> None:
    mail = a_mail(tries=3, lasts=timedelta(minutes=2))

    assert outcome(mail, Verdict.LATER, at=AT) == Outcome(State.FAILED, reason=Reason.GIVEN_UP)


def test_a_doubt_stays_one_and_a_refusal_is_for_good() -> None:
    assert outcome(a_mail(), Verdict.DOUBT, at=AT) == Outcome(State.UNSURE)
    assert outcome(a_mail(), Verdict.REFUSED, at=AT) == Outcome(State.FAILED, reason=Reason.REFUSED)


def test_only_what_waits_is_taken_to_be_sent() -> None:
    assert came_before(State.SENDING) == {State.WAITING}
    assert came_before(State.DROPPED) == {State.WAITING}
