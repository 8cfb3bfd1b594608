"""Supervisors are written to once of each matter, in words, and of nobody in particular."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from dispatcher.domain.alerts import WANTED_FOR, Alert, Watch
from dispatcher.domain.channels import Channel
from dispatcher.domain.mails import Address, Kind, MailId, State
from dispatcher.domain.territories import Level, Territory
from dispatcher.domain.texts import Caps, TextId
from dispatcher.operations import alerts, mails, softphones
from tests.hands import hands
from tests.operations.desk import Desk, open_desk
from tests.people import INES, YANN

CHEF, ADJOINTE = Address("chef@exemple.test"), Address("adjointe@exemple.test")
PAGE = "https://permanence.test/supervision"
DAY = 24 * 3600


@pytest.fixture
def desk(small_desk: Desk) -> Desk:
    watching(small_desk)
    return small_desk


@pytest.fixture
def either_desk(database_url: str, redis_url: str) -> Iterator[Desk]:
    with open_desk(database_url, redis_url) as desk:
        watching(desk)
        yield desk


def watching(desk: Desk, *to: Address, page: str | None = PAGE) -> None:
    desk.services = replace(desk.services, watch=Watch(to or (CHEF,), page=page))


def told(desk: Desk, after: float = 0) -> list[str]:
    """A minute's round passes, and its mails are sent: their subjects."""
    desk.passes(after)
    alerts.look(desk.services)
    before = len(desk.postbag.letters)
    for job, id in desk.jobs():
        if job == "mails.send":
            mails.send(MailId(id), desk.services)
    return [letter.subject for letter in desk.postbag.letters[before:]]


def test_a_quiet_desk_writes_to_nobody(desk: Desk) -> None:
    desk.has(INES)

    assert told(desk) == []


def test_whoever_waits_ten_minutes_is_told_of_once_a_day(either_desk: Desk) -> None:
    either_desk.has(INES)
    either_desk.waits()

    assert told(either_desk, 599) == []
    assert told(either_desk, 1) == ["Permanence : une longue attente (Hautes-Alpes (05))"]
    assert told(either_desk, 60) == []
    assert told(either_desk, 3600) == []
    assert told(either_desk, DAY) == ["Permanence : une longue attente (Hautes-Alpes (05))"]


def test_an_alert_says_what_where_and_what_can_be_done(desk: Desk) -> None:
    desk.has(INES)
    desk.waits()
    desk.waits()
    told(desk, 660)

    [letter] = desk.postbag.letters
    assert letter.to == CHEF
    assert letter.body == (
        "Quelqu'un attend au téléphone depuis 11 min. Département : Hautes-Alpes (05). "
        "Besoin : démarche administrative. Personnes qui attendent : 2.\n\n"
        "Vous pouvez demander à un aidant de se dire disponible, ou de finir sa pause.\n\n"
        f"Le détail : {PAGE}\n"
    )


def test_where_there_is_no_page_an_alert_names_the_command(desk: Desk) -> None:
    watching(desk, page=None)
    desk.waits(commune=None)

    told(desk, 130)

    [letter] = desk.postbag.letters
    assert "Département : inconnu." in letter.body
    assert letter.body.endswith("Le détail : dispatcher queue, sur le serveur.\n")


def test_every_supervisor_is_written_to(desk: Desk) -> None:
    watching(desk, CHEF, ADJOINTE)
    desk.has(INES)
    desk.waits()

    told(desk, 600)

    assert [letter.to for letter in desk.postbag.letters] == [CHEF, ADJOINTE]


def test_nobody_is_written_to_when_nobody_is_named(desk: Desk) -> None:
    desk.services = replace(desk.services, watch=Watch())
    desk.waits()

    assert told(desk, 3600) == []


def test_whoever_waits_where_nobody_is_on_duty_is_told_of(desk: Desk) -> None:
    desk.has(replace(YANN, zones="departement:29 strict"))
    desk.waits()
    desk.keeps(commune="29019")

    assert told(desk, 120) == ["Permanence : personne n'est de service (Hautes-Alpes (05))"]


def test_nobody_is_on_duty_behind_a_page_that_sleeps(desk: Desk) -> None:
    [ines] = desk.has(INES)
    softphones.choose(ines, Channel.BROWSER, desk.services)
    desk.waits()

    assert told(desk, 120) == ["Permanence : personne n'est de service (Hautes-Alpes (05))"]


def test_callbacks_that_nobody_takes_are_told_of_after_a_working_day(desk: Desk) -> None:
    desk.has(INES)
    desk.keeps()
    subject = "Permanence : des rappels que personne ne prend (Hautes-Alpes (05))"

    rounds = [told(desk, 6 * 3600) for _ in range(4 * 14)]

    heard = [(1 + n) / 4 for n, subjects in enumerate(rounds) if subjects]
    assert heard == [1, 2, 7], "days: from Tuesday, five working ones end on Tuesday"
    assert {each for subjects in rounds for each in subjects} == {subject}


def test_a_callback_for_later_is_told_of_by_nobody(desk: Desk) -> None:
    desk.has(INES)
    desk.keeps(due_at=desk.at + timedelta(days=3))

    assert told(desk, 2 * DAY) == []


def test_the_days_texts_are_told_of_at_each_mark_of_their_cap(desk: Desk) -> None:
    desk.has(INES)
    desk.services = replace(desk.services, caps=Caps(99, 10))

    subjects = []
    for n in range(10):
        desk.writes(about=f"a{n}")
        subjects += told(desk, 1)

    assert subjects == [f"Permanence : {percent} % des SMS du jour" for percent in (50, 80, 100)]


def test_a_text_to_be_verified_is_told_of(desk: Desk) -> None:
    desk.has(INES)
    id: TextId = desk.writes(minutes=99)
    text = desk.text(id)
    with desk.services.store.writing() as tx:
        at = desk.at - timedelta(hours=12)
        taken = tx.texts.claim(text, desk.services.caps, today=at, at=desk.at)
        assert taken is not None
        assert tx.texts.leave_unsure(taken, until=desk.at + timedelta(days=1))

    assert told(desk) == ["Permanence : des SMS à vérifier"]
    assert told(desk, 60) == []


def test_the_whole_country_waiting_is_one_mail(desk: Desk) -> None:
    for departement in range(10, 22):
        desk.waits(commune=f"{departement}001" if departement != 20 else "2A004")

    subjects = told(desk, 660)

    assert subjects == [
        "Permanence : personne n'est de service dans 12 départements",
        "Permanence : de longues attentes dans 12 départements",
    ]


def test_an_alert_that_could_not_be_sent_in_time_never_is(desk: Desk) -> None:
    desk.waits()
    desk.passes(600)
    alerts.look(desk.services)
    ids = [MailId(id) for _, id in desk.jobs()]
    desk.passes(WANTED_FOR.total_seconds())

    for id in ids:
        mails.send(id, desk.services)
    mails.sweep(desk.services)

    assert desk.postbag.letters == []
    assert {desk.mail(id).state for id in ids} == {State.DROPPED}


def test_two_clocks_at_the_same_moment_write_one_mail(either_desk: Desk) -> None:
    either_desk.waits()
    either_desk.passes(130)
    with hands() as together:
        together([partial(alerts.look, either_desk.services)] * 4)

    assert len(told(either_desk)) == 1


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind.startswith("alert.")])
def test_every_alert_is_written_out(desk: Desk, kind: Kind) -> None:
    names = ("count", "minutes", "days", "used", "cap", "percent", "places")
    alert = Alert(kind, "m", "05", None, dict.fromkeys(names, 3))

    subject, body = alerts._letter(alert, desk.services)

    assert "{" not in subject + body
    assert body.count(".") >= 2
    assert desk.services.atlas.name(Territory(Level.DEPARTEMENT, "05")) == "Hautes-Alpes"
