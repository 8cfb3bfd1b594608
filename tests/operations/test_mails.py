"""A mail is sent once, or shown to be verified; it is never sent twice by guess, and never late."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial

import pytest

from dispatcher.carrier.mails import PostError, SmtpPost
from dispatcher.domain.mails import LEASE, MOST_TRIES, MailId, Now, Reason, State, Verdict
from dispatcher.operations import mails
from tests.hands import hands
from tests.operations.desk import Desk, open_desk
from tests.post_office import GONE, PostOffice, open_post_office

CHEF = "chef@exemple.test"


@pytest.fixture
def desk(small_desk: Desk) -> Desk:
    return small_desk


@contextmanager
def posting(desk: Desk) -> Iterator[PostOffice]:
    """The desk's mails go to a server."""
    with open_post_office() as office:
        url = f"smtp://127.0.0.1:{office.port}"
        post = SmtpPost.at(url, "Permanence <permanence@exemple.test>", near=True)
        desk.services = replace(desk.services, post=post)
        yield office


def sweeps(desk: Desk, after: float) -> list[tuple[str, str]]:
    """The sweep passes, and what it asked for is done."""
    desk.passes(after)
    mails.sweep(desk.services)
    jobs = desk.jobs()
    for _, id in jobs:
        mails.send(MailId(id), desk.services)
    return jobs


def standing(desk: Desk) -> Now:
    with desk.services.store.reading() as tx:
        return mails.now(tx, desk.services)


def dies() -> None:
    raise KeyboardInterrupt


def fails(why: Verdict) -> Callable[[], None]:
    def fail() -> None:
        raise PostError(why, "451")

    return fail


def test_a_mail_is_rung_for_and_sent(desk: Desk) -> None:
    with posting(desk) as office:
        id = desk.mails()
        mails.prompt([id, None], desk.services)
        assert desk.jobs() == [("mails.send", id)]
        for _ in range(2):
            mails.send(id, desk.services)

    [got] = office.mails
    assert (got["To"], got["Subject"]) == (CHEF, "Une longue attente")
    assert (desk.mail(id).state, desk.mail(id).sent_at) == (State.SENT, desk.at)


def test_one_mail_for_an_address_and_a_matter(desk: Desk) -> None:
    desk.mails()

    assert desk.mails_or_not() is None
    assert desk.mails_or_not("adjointe@exemple.test") is not None


def test_a_mail_refused_for_good_is_not_tried_again(desk: Desk) -> None:
    with posting(desk) as office:
        office.will("RCPT", 550)
        id = desk.mails()
        mails.send(id, desk.services)
        assert [sweeps(desk, 600) for _ in range(3)] == [[], [], []]

    assert (desk.mail(id).state, desk.mail(id).reason) == (State.FAILED, Reason.REFUSED)
    assert office.got == []


def test_a_server_away_for_ten_minutes_gets_it_once_it_is_back(desk: Desk) -> None:
    with posting(desk) as office:
        office.will("hello", 421, 421, GONE)
        id = desk.mails()
        mails.send(id, desk.services)
        for _ in range(60):
            sweeps(desk, 10)

    assert len(office.got) == 1
    assert (desk.mail(id).state, desk.mail(id).tries) == (State.SENT, 4)


def test_while_a_server_is_away_one_mail_tries_it_and_no_text_waits_for_the_others(
    desk: Desk,
) -> None:
    desk.postbag.before = [fails(Verdict.LATER)] * 2
    ids = [desk.mails(about=f"m{n}") for n in range(5)]

    for id in ids:
        mails.send(id, desk.services)
    assert len(desk.postbag.before) == 1, "tried once"
    for _ in range(20):
        sweeps(desk, 10)

    assert {desk.mail(id).state for id in ids} == {State.SENT}


def test_a_mail_is_tried_so_often_and_then_given_up(desk: Desk) -> None:
    desk.postbag.before = [fails(Verdict.LATER)] * 99
    id = desk.mails()
    mails.send(id, desk.services)
    for _ in range(120):
        sweeps(desk, 60)

    assert (desk.mail(id).tries, len(desk.postbag.before)) == (MOST_TRIES, 99 - MOST_TRIES)
    assert (desk.mail(id).state, desk.mail(id).reason) == (State.FAILED, Reason.GIVEN_UP)


def test_a_connection_lost_after_the_data_is_to_be_verified_and_not_sent_twice(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    with posting(desk) as office:
        office.will("end", GONE)
        id = desk.mails()
        mails.send(id, desk.services)
        for _ in range(20):
            sweeps(desk, 60)

    assert len(office.got) == 1, "it had arrived"
    assert desk.mail(id).state is State.UNSURE
    assert standing(desk) == Now(waiting=0, unsure=1)
    assert f"mail {id}: unsure" in caplog.text


def test_a_worker_killed_between_the_data_and_the_answer_sends_nothing_twice(desk: Desk) -> None:
    desk.postbag.after = [dies]
    id = desk.mails()
    with pytest.raises(KeyboardInterrupt):
        mails.send(id, desk.services)
    for _ in range(40):
        sweeps(desk, 10)

    assert len(desk.postbag.letters) == 1
    assert desk.mail(id).state is State.UNSURE


def test_a_worker_killed_before_the_data_loses_nothing(desk: Desk) -> None:
    desk.postbag.before = [dies]
    id = desk.mails()
    with pytest.raises(KeyboardInterrupt):
        mails.send(id, desk.services)
    for _ in range(10):
        sweeps(desk, 10)

    assert len(desk.postbag.letters) == 1
    assert (desk.mail(id).state, desk.mail(id).tries) == (State.SENT, 2)


def test_a_worker_held_up_past_its_lease_does_not_send_what_another_has_sent(desk: Desk) -> None:
    def held_up() -> None:
        sweeps(desk, LEASE.total_seconds())

    desk.postbag.before = [held_up]
    id = desk.mails()

    mails.send(id, desk.services)

    assert len(desk.postbag.letters) == 1
    assert (desk.mail(id).state, desk.mail(id).tries) == (State.SENT, 2)


def test_a_second_worker_who_comes_while_the_first_is_sending_sends_nothing(desk: Desk) -> None:
    id = desk.mails()
    desk.postbag.before = [partial(mails.send, id, desk.services)]

    mails.send(id, desk.services)

    assert len(desk.postbag.letters) == 1


def test_while_no_worker_is_there_what_is_over_is_dropped(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    id = desk.mails()
    desk.passes(7 * 3600)

    mails.send(id, desk.services)
    assert sweeps(desk, 5) == []

    assert desk.postbag.letters == []
    assert (desk.mail(id).state, desk.mail(id).reason) == (State.DROPPED, Reason.EXPIRED)
    assert "1 mails were dropped" in caplog.text


def test_what_is_undone_with_its_transaction_was_never_taken_in(desk: Desk) -> None:
    with pytest.raises(RuntimeError), desk.services.store.writing() as tx:
        assert desk.mails_in(tx) is not None
        raise RuntimeError

    assert desk.mails_or_not() is not None


def test_nothing_logged_of_a_mail_says_whose_it_is(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for n, why in enumerate(Verdict):
        desk.postbag.before = [fails(why)]
        mails.send(desk.mails(about=f"m{n}"), desk.services)

    ours = "".join(each.getMessage() for each in caplog.records if "dispatcher" in each.name)
    assert "was not taken" in ours
    assert "exemple" not in ours
    assert "Gap" not in ours


@pytest.mark.parametrize("workers", [2, 6])
def test_of_workers_who_send_one_mail_at_the_same_moment_one_does(
    database_url: str, redis_url: str, workers: int
) -> None:
    with open_desk(database_url, redis_url) as desk, hands() as together, posting(desk) as office:
        for n in range(4):
            id = desk.mails(about=f"m{n}")
            together([partial(mails.send, id, desk.services)] * workers)

    assert len(office.got) == 4
