"""An agent writes of a conversation from two windows; books and sends once; counts say of nobody."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import permutations
from pathlib import Path

import pytest

from dispatcher.domain.agents import AgentId
from dispatcher.domain.calls import OfferId
from dispatcher.domain.dispositions import Edition, Outcome, Saved, Writing
from dispatcher.domain.follow_ups import When, Wish
from dispatcher.domain.mails import Address
from dispatcher.domain.matters import Matter
from dispatcher.domain.recaps import Asked, By, Recap
from dispatcher.domain.territories import Level, Territory
from dispatcher.operations import dispositions, mails, person, recaps, retention
from dispatcher.operations.recaps import Booked, Sent
from dispatcher.store.spool import Spool
from tests.conversations import LANDLINE, MOBILE, rings_back, talks
from tests.hands import hands
from tests.office import vault
from tests.operations.desk import Desk
from tests.people import INES, MALO

INES_ID, MALO_ID = AgentId(1), AgentId(2)
TAXES = Writing(Matter.MONEY_TAXES, Outcome.SETTLED, note="Revient jeudi.")
ONE, TWO = "1" * 16, "2" * 16
TOMORROW = Wish(mine=True, when=When.TOMORROW)
WORDS = {"subject": "Impôts", "papers": "", "place": "Caf de Gap", "date": ""}
BY_TEXT = Asked(Recap.DONE, By.TEXT)
BY_MAIL = Asked(Recap.SERVICE, By.MAIL, Address("rose@exemple.test"), place="Caf de Gap")


@pytest.fixture
def staffed(desk: Desk) -> Desk:
    """Either database: races are SQL's."""
    desk.has(INES, MALO)
    return desk


@pytest.fixture
def one(small_desk: Desk) -> Desk:
    small_desk.has(INES, MALO)
    return small_desk


def saves(
    desk: Desk,
    offer: OfferId,
    writing: Writing = TAXES,
    *,
    over: int = 0,
    tab: str = ONE,
    turn: int = 1,
    agent: AgentId = INES_ID,
) -> tuple[Saved, int]:
    return dispositions.save(offer, agent, writing, Edition(over, tab, turn), desk.services)


def stands(desk: Desk, offer: OfferId) -> Writing:
    found = dispositions.look(offer, INES_ID, desk.services)
    assert found is not None
    return found.disposition.writing


def noted(text: str) -> Writing:
    return replace(TAXES, note=text)


def test_a_save_that_comes_twice_is_kept_once(one: Desk) -> None:
    offer = talks(one.services)

    assert [saves(one, offer), saves(one, offer)] == [(Saved.KEPT, 1), (Saved.KEPT, 1)]
    assert stands(one, offer) == TAXES


def test_a_late_save_of_the_same_form_overwrites_nothing_newer(one: Desk) -> None:
    offer = talks(one.services)
    saves(one, offer, noted("Rev"), turn=1)
    saves(one, offer, noted("Revient"), over=1, turn=3)

    assert saves(one, offer, noted("Revi"), over=1, turn=2) == (Saved.LATE, 2)
    assert stands(one, offer).note == "Revient"


def test_in_whatever_order_the_sendings_of_a_form_come_twice_the_newest_stands(one: Desk) -> None:
    for n, order in enumerate(permutations([1, 2, 3]), 1):
        offer = talks(one.services, n=n)

        for turn in (*order, *order):
            saves(one, offer, noted(f"version {turn}"), turn=turn)

        assert stands(one, offer).note == "version 3", order


def test_a_form_whose_answer_was_lost_goes_on(one: Desk) -> None:
    offer = talks(one.services)
    saves(one, offer, noted("Rev"), turn=1)

    assert saves(one, offer, noted("Revient"), over=0, turn=2) == (Saved.KEPT, 2)


def test_of_two_windows_the_later_is_told_and_neither_is_overwritten(one: Desk) -> None:
    offer = talks(one.services)
    saves(one, offer, noted("ici"))

    assert saves(one, offer, noted("là"), tab=TWO) == (Saved.CONFLICT, 1)
    assert stands(one, offer).note == "ici"
    assert saves(one, offer, noted("là"), tab=TWO, over=1, turn=2) == (Saved.KEPT, 2)
    assert saves(one, offer, noted("ici encore"), over=1, turn=2) == (Saved.CONFLICT, 2)


def test_a_page_gone_back_to_and_sent_again_is_told(one: Desk) -> None:
    """Without a script every form sends turn 1."""
    offer = talks(one.services)
    saves(one, offer, noted("premier"))
    saves(one, offer, noted("deuxième"), over=1, tab=TWO)

    assert saves(one, offer, noted("autre"), over=0) == (Saved.CONFLICT, 2)


def test_of_ten_windows_that_save_at_once_one_is_kept(staffed: Desk) -> None:
    offer = talks(staffed.services)

    def deed(n: int) -> tuple[Saved, int]:
        return saves(staffed, offer, noted(str(n)), tab=f"{n:016x}")

    with hands() as together:
        outcomes = together([lambda n=n: deed(n) for n in range(10)])  # type: ignore[misc]

    assert sorted(each for each, _ in outcomes) == [Saved.CONFLICT] * 9 + [Saved.KEPT]
    [kept] = [n for n, (each, _) in enumerate(outcomes) if each is Saved.KEPT]
    assert stands(staffed, offer).note == str(kept)


def test_another_agents_conversation_is_not_there(one: Desk) -> None:
    offer = talks(one.services)
    saves(one, offer)

    assert dispositions.look(offer, MALO_ID, one.services) is None
    assert saves(one, offer, noted("vu"), over=1, agent=MALO_ID)[0] is Saved.GONE
    assert recaps.send(offer, MALO_ID, BY_TEXT, WORDS, one.services) is Sent.BEFORE
    assert recaps.book(offer, MALO_ID, TOMORROW, one.services) is Booked.BEFORE
    assert stands(one, offer) == TAXES


def test_who_was_not_reached_is_nobody_to_write_of(one: Desk) -> None:
    offer = rings_back(one.services, reached=False)

    assert dispositions.look(offer, INES_ID, one.services) is None


def test_it_is_written_during_the_call_and_not_for_ever(one: Desk) -> None:
    during, after = talks(one.services, ended=False), talks(one.services, MALO_ID, 2)

    one.passes(timedelta(days=2).total_seconds())

    assert saves(one, during)[0] is Saved.KEPT
    assert saves(one, after, agent=MALO_ID)[0] is Saved.GONE


def test_the_list_has_todays_and_what_is_still_to_be_written_of_yesterday(one: Desk) -> None:
    unwritten, written = talks(one.services), talks(one.services, n=2)
    saves(one, written)
    saves(one, unwritten, replace(TAXES, matter=None))
    one.passes(timedelta(days=1).total_seconds())
    today, going_on = talks(one.services, n=3), talks(one.services, n=4, ended=False)
    saves(one, today)

    listed = dispositions.of_today(INES_ID, one.services)

    assert {each.offer.id for each in listed} == {unwritten, today, going_on}
    assert dispositions.of_today(MALO_ID, one.services) == []


def test_another_call_is_booked_once_however_often_it_is_asked(staffed: Desk) -> None:
    offer = talks(staffed.services)
    saves(staffed, offer)

    with hands() as together:
        booked = together([lambda: recaps.book(offer, INES_ID, TOMORROW, staffed.services)] * 6)

    assert sorted(booked) == [Booked.BEFORE] * 5 + [Booked.BOOKED]
    with staffed.services.store.reading() as tx:
        [id] = tx.person.callbacks(MOBILE)
        assert tx.callbacks.find(id).helper == INES_ID  # type: ignore[union-attr]


def test_what_was_said_of_it_is_not_changed_by_what_the_telephone_implies(one: Desk) -> None:
    said, unsaid = talks(one.services), talks(one.services, MALO_ID, 2)
    saves(one, said)

    with one.services.store.writing() as tx:
        for agent in (INES_ID, MALO_ID):
            dispositions.imply(agent, Outcome.CONTINUED, tx, one.services)

    assert stands(one, said) == TAXES
    found = dispositions.look(unsaid, MALO_ID, one.services)
    assert found is not None
    assert found.disposition.writing == Writing(outcome=Outcome.CONTINUED)


def test_another_call_is_not_booked_while_they_talk(one: Desk) -> None:
    """A callback that is being made would swallow it."""
    offer = rings_back(one.services, ended=False)
    saves(one, offer)

    assert recaps.book(offer, INES_ID, TOMORROW, one.services) is Booked.NOT_NOW


def test_a_recap_is_texted_once_to_the_number_of_the_call(staffed: Desk) -> None:
    offer = talks(staffed.services)
    saves(staffed, offer)

    with hands() as together:
        sent = together([lambda: recaps.send(offer, INES_ID, BY_TEXT, WORDS, staffed.services)] * 6)
    again = recaps.send(offer, INES_ID, BY_MAIL, WORDS, staffed.services)

    assert (sorted(sent), again) == ([Sent.BEFORE] * 5 + [Sent.SENT], Sent.BEFORE)
    with staffed.services.store.reading() as tx:
        [text] = tx.person.texts(MOBILE)
    assert text.body.startswith("Permanence : votre demande est faite (Impôts).".replace("ô", "o"))
    assert "01 99 00 01 00" in text.body


def test_a_recap_that_cannot_be_texted_leaves_the_mail_to_be_sent(one: Desk) -> None:
    landline = talks(one.services, number=LANDLINE)
    stopped, discreet = talks(one.services, n=2), rings_back(one.services, discreet=True)
    masked = talks(one.services, n=3, number=None)
    for each in (landline, discreet, masked, stopped):
        saves(one, each)
        if each == stopped:
            with one.services.store.writing() as tx:
                tx.stops.note(MOBILE, at=one.at)
        assert recaps.send(each, INES_ID, BY_TEXT, WORDS, one.services) is Sent.UNSENDABLE

    assert recaps.send(landline, INES_ID, BY_MAIL, WORDS, one.services) is Sent.SENT

    [id] = [id for job, id in one.jobs() if job == "mails.send"]
    mail = one.mail(id)  # type: ignore[arg-type]
    assert mail.address == "rose@exemple.test"
    assert "Caf de Gap" in mail.body
    assert "39 98" not in mail.body


def test_words_are_sealed_shown_to_their_person_and_erased_when_they_ask(
    one: Desk, tmp_path: Path
) -> None:
    offer = talks(one.services)
    saves(one, offer, Writing(Matter.MONEY_TAXES, Outcome.SENT_ON, "Caf", "Revient jeudi."))
    recaps.send(offer, INES_ID, BY_MAIL, WORDS, one.services)
    for job, id in one.jobs():
        assert job == "mails.send"
        mails.send(id, one.services)  # type: ignore[arg-type]
    spool = Spool(tmp_path, vault(), lambda: one.at)
    with one.services.store.engine.connect() as connection:
        [row] = connection.exec_driver_sql("SELECT note, service FROM dispositions")
    assert not any(b"jeudi" in each or b"Caf" in each for each in row)

    [held] = person.export(MOBILE, spool, one.services).notes
    erased = person.erase(MOBILE, spool, one.services)

    assert held.disposition.writing.note == "Revient jeudi."
    assert [each.kind for each in held.mails] == ["recap.service"]
    assert (erased.notes, erased.mails) == (1, 1)
    assert stands(one, offer) == Writing(Matter.MONEY_TAXES, Outcome.SENT_ON)
    assert saves(one, offer, over=1, turn=2)[0] is Saved.CONFLICT, "a page that shows it still"


def test_words_go_with_their_period_and_codes_stay_to_be_counted(one: Desk, tmp_path: Path) -> None:
    saves(one, talks(one.services))
    spool = Spool(tmp_path, vault(), lambda: one.at)
    day = one.at.date()

    one.passes(timedelta(days=91).total_seconds())
    retention.run(spool, one.services)
    one.passes(timedelta(days=300).total_seconds())
    retention.run(spool, one.services)

    with one.services.store.reading() as tx:
        found = tx.dispositions.find(OfferId("o1"))
        [counted] = tx.dispositions.counted(day, day)
    assert found is not None
    assert (found.writing, found.agent) == (replace(TAXES, note=""), None)
    assert counted.count == 1


def test_counts_by_day_territory_subject_and_outcome_are_those_counted_by_hand(
    staffed: Desk,
) -> None:
    orcieres, gap, unknown = "05096", "05061", None
    paid = Writing(Matter.MONEY_TAXES, Outcome.SETTLED)
    sent = Writing(Matter.MONEY_TAXES, Outcome.SENT_ON, "Caf")
    phone = Writing(Matter.DIGITAL_DEVICE, Outcome.SETTLED)
    lived = [(orcieres, paid), (orcieres, paid), (gap, paid), (gap, sent), (unknown, phone)]
    lived += [(gap, Writing(note="rien encore"))]
    for n, (commune, writing) in enumerate(lived, 1):
        offer = talks(staffed.services, n=n)
        with staffed.services.store.engine.begin() as connection:
            connection.exec_driver_sql(
                "UPDATE calls SET commune = "
                + (f"'{commune}'" if commune else "NULL")
                + f" WHERE sid = 'CA{n:032x}'"
            )
        saves(staffed, offer, writing)
    staffed.passes(timedelta(days=1).total_seconds())
    saves(staffed, talks(staffed.services, n=9), paid)

    tuesday, wednesday = date(2026, 11, 24), date(2026, 11, 25)
    found = dispositions.tally(tuesday, wednesday, Level.DEPARTEMENT, staffed.services)
    alps = Territory(Level.DEPARTEMENT, "05")
    counted = {(each.day, there, each.matter, each.outcome): each.count for there, each in found}

    assert counted == {
        (tuesday, alps, Matter.MONEY_TAXES, Outcome.SETTLED): 3,
        (tuesday, alps, Matter.MONEY_TAXES, Outcome.SENT_ON): 1,
        (tuesday, None, Matter.DIGITAL_DEVICE, Outcome.SETTLED): 1,
        (wednesday, alps, Matter.MONEY_TAXES, Outcome.SETTLED): 1,
    }
    communes = dispositions.tally(tuesday, tuesday, Level.COMMUNE, staffed.services)
    assert sorted(each.count for there, each in communes if there is not None) == [1, 1, 2]
