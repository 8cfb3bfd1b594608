"""What is taken in, what is refused, and what is settled by whom."""

import logging
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from dispatcher.carrier.barring import Barring
from dispatcher.carrier.rest import Carrier
from dispatcher.domain.gsm import spelt
from dispatcher.domain.texts import Caps, CarrierTextId, Reason, State, TextId
from dispatcher.operations import texts
from tests.carrier.traps import ALWAYS, SERVED, TRAPS
from tests.hands import hands
from tests.office import BASE
from tests.operations.desk import Desk, open_desk
from tests.operations.wire import error, texts_listed
from tests.people import MONA
from tests.simulator.toy import ACCOUNT, TOKEN

LANDLINES = [
    number
    for number in SERVED
    if not number.startswith(("+590690", "+594694", "+59669", "+262692"))
]
SM = CarrierTextId("SM" + "a" * 32)


@pytest.fixture
def desk(small_desk: Desk) -> Desk:
    return small_desk


def mobile(last: int) -> str:
    return f"+3363998{last:04d}"


def posted(desk: Desk) -> list[str]:
    return [each.fields["To"] for each in desk.wire.asked if each.method == "POST"]


def caps(desk: Desk, per_number: int, per_day: int) -> None:
    desk.services = replace(desk.services, caps=Caps(per_number, per_day))


@pytest.mark.parametrize("number", [*ALWAYS, *LANDLINES])
def test_no_trap_and_no_landline_is_taken_in(desk: Desk, number: str) -> None:
    assert desk.queues(number) is None


def test_where_the_carrier_is_real_no_trap_goes_out_even_if_one_was_taken_in(desk: Desk) -> None:
    """By an older version of ours, or while the numbering plan was another."""
    carrier = Carrier(
        ACCOUNT, TOKEN, public_base_url=BASE, barring=Barring(), http_client=desk.wire
    )
    id = desk.writes(MONA.number)
    desk.services = replace(desk.services, carrier=carrier, fiction=False)

    texts.send(id, desk.services)

    assert MONA.number in TRAPS
    assert (desk.text(id).state, desk.text(id).reason) == (State.FAILED, Reason.REFUSED)
    assert posted(desk) == []
    assert desk.queues(MONA.number, about="a2") is None


def test_a_number_and_what_is_said_are_sealed_and_no_job_holds_them(desk: Desk) -> None:
    id = desk.writes()
    texts.prompt(id, desk.services)

    with desk.services.store.engine.connect() as connection:
        [row] = connection.exec_driver_sql("SELECT * FROM texts")
    kept = " ".join(map(repr, row))
    assert MONA.number[3:] not in kept
    assert "Votre pause" not in kept
    assert desk.jobs() == [("texts.send", id)]


def test_one_text_for_a_kind_a_person_and_what_it_is_about(desk: Desk) -> None:
    desk.writes(about="a1")

    assert desk.queues(about="a1") is None
    assert desk.queues(about="a2") is not None
    assert desk.queues(mobile(7), about="a1") is not None


def test_what_is_undone_with_its_transaction_was_never_taken_in(desk: Desk) -> None:
    with pytest.raises(RuntimeError), desk.services.store.writing() as tx:
        assert desk.queues_in(tx) is not None
        raise RuntimeError

    assert desk.queues() is not None


def test_a_number_gets_so_many_texts_a_day_and_more_tomorrow(desk: Desk) -> None:
    caps(desk, 2, 100)
    assert [desk.queues(about=f"a{n}") is not None for n in range(3)] == [True, True, False]
    assert desk.queues(mobile(9)) is not None

    desk.passes(24 * 3600)

    assert desk.queues(about="tomorrow") is not None


def test_a_deployment_sends_so_many_a_day_and_says_so_once_at_50_80_and_100_per_cent(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    caps(desk, 5, 10)

    taken = [desk.queues(mobile(n)) is not None for n in range(13)]

    assert taken == [True] * 10 + [False] * 3
    said = [each.getMessage() for each in caplog.records if "cap of" in each.getMessage()]
    assert [each.split(" %")[0] for each in said] == ["50", "80", "100"]
    caplog.clear()
    desk.passes(24 * 3600)
    for n in range(5):
        desk.writes(mobile(n), about="tomorrow")
    assert "50 %" in caplog.text


def test_what_failed_costs_nothing_of_a_cap(desk: Desk) -> None:
    caps(desk, 1, 1)
    id = desk.writes()
    desk.wire.will(error(400, 21614))
    texts.send(id, desk.services)

    assert desk.queues(mobile(2)) is not None


def test_a_cap_lowered_since_is_kept_at_the_moment_of_sending(desk: Desk) -> None:
    ids = [desk.writes(mobile(n)) for n in range(3)]
    caps(desk, 5, 2)

    for id in ids:
        texts.send(id, desk.services)

    assert len(posted(desk)) == 2
    assert desk.text(ids[2]).state is State.WAITING


def test_a_worker_away_for_a_day_sends_nothing_that_is_over(desk: Desk) -> None:
    late, still = desk.writes(about="late"), desk.writes(about="still", minutes=3 * 24 * 60)
    desk.jobs()
    desk.passes(24 * 3600)

    for id in (late, still):
        texts.send(id, desk.services)

    assert (desk.text(late).state, desk.text(late).reason) == (State.DROPPED, Reason.EXPIRED)
    assert desk.text(still).state is State.SENT
    assert len(posted(desk)) == 1


def test_while_no_worker_is_there_the_sweep_drops_what_is_over_and_rings_once_a_minute(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    id = desk.writes(minutes=10)
    rung = []
    for _ in range(200):
        desk.passes(5)
        texts.sweep(desk.services)
        rung += desk.jobs()

    assert set(rung) == {("texts.send", id)}
    assert 9 <= len(rung) <= 11
    assert desk.text(id).state is State.DROPPED
    assert "1 texts were dropped" in caplog.text


def test_a_text_for_later_is_not_sent_before(desk: Desk) -> None:
    id = desk.writes(after=10)
    texts.send(id, desk.services)
    desk.passes(300)
    texts.sweep(desk.services)
    assert (desk.jobs(), posted(desk)) == ([], [])

    desk.passes(300)
    texts.sweep(desk.services)

    assert desk.jobs() == [("texts.send", id)]


def test_the_carrier_is_told_where_to_say_what_comes_of_it_and_until_when_it_is_wanted(
    desk: Desk,
) -> None:
    id = desk.writes(minutes=30)

    texts.send(id, desk.services)

    [asked] = desk.wire.asked
    assert asked.fields["StatusCallback"] == f"{BASE}/sms/status/{id}"
    assert asked.fields["ValidityPeriod"] == 1800
    assert asked.fields["From"] == "Permanence"
    assert asked.fields["Body"] == spelt(asked.fields["Body"])


def test_whoever_said_stop_after_it_was_taken_is_not_texted_at_the_last_door(desk: Desk) -> None:
    """Between the claim and the request: the barring asks once more."""
    id = desk.writes()
    text = desk.text(id)
    with desk.services.store.writing() as tx:
        today = desk.at - timedelta(hours=9)
        assert tx.texts.claim(text, desk.services.caps, today=today, at=desk.at)
        tx.stops.note(text.number, at=desk.at)

    with pytest.raises(Exception, match="barred: stopped"):
        desk.services.carrier.text(text.number, text.body, sender="Permanence", id=id)

    assert desk.wire.asked == []


def test_what_an_earlier_try_learns_late_changes_nothing(desk: Desk) -> None:
    id = desk.writes()
    desk.wire.will(error(503), texts_listed(at=desk.at))
    texts.send(id, desk.services)
    first = desk.text(id)
    desk.passes(61)
    texts.verify(id, desk.services)
    desk.passes(10)
    texts.send(id, desk.services)

    with desk.services.store.writing() as tx:
        assert not tx.texts.settle(first, State.FAILED, {"reason": Reason.REFUSED})

    assert (desk.text(id).state, desk.text(id).tries) == (State.SENT, 2)


def test_the_same_words_of_another_text_are_not_taken_for_this_one(desk: Desk) -> None:
    other, id = desk.writes(about="a1"), desk.writes(about="a2")
    desk.wire.will((201, {"sid": SM, "status": "queued"}), error(500))
    texts.send(other, desk.services)
    texts.send(id, desk.services)
    desk.passes(61)
    desk.wire.will(texts_listed(desk.text(id).body, at=desk.at, sid=SM))

    texts.verify(id, desk.services)

    assert desk.text(id).state is State.WAITING


def test_a_text_in_doubt_that_was_lost_on_its_way_is_settled_by_its_error(desk: Desk) -> None:
    id = desk.writes()
    desk.wire.will(error(500))
    texts.send(id, desk.services)
    desk.passes(61)
    body = desk.text(id).body
    desk.wire.will(texts_listed(body, at=desk.at, status="undelivered", code=30006))

    texts.verify(id, desk.services)

    assert (desk.text(id).state, desk.text(id).reason) == (State.FAILED, Reason.CANNOT_RECEIVE)


def test_a_report_told_twice_late_or_of_another_try_changes_nothing(desk: Desk) -> None:
    id = desk.writes()
    desk.wire.will((201, {"sid": SM, "status": "queued"}))
    texts.send(id, desk.services)
    other = CarrierTextId("SM" + "b" * 32)

    texts.hear(id, other, desk.services, lost=True, code=30006)
    assert desk.text(id).state is State.SENT
    for _ in range(2):
        texts.hear(id, SM, desk.services, lost=True, code=30003)
    assert (desk.text(id).state, desk.text(id).due_at) == (
        State.WAITING,
        desk.at + timedelta(minutes=15),
    )
    texts.hear(id, SM, desk.services, lost=False, code=None)

    assert desk.text(id).state is State.WAITING
    texts.hear(TextId("nobody"), SM, desk.services, lost=True, code=1)


def test_without_a_sender_nobody_is_texted(desk: Desk) -> None:
    id = desk.writes()
    desk.services = replace(desk.services, sender=None)

    texts.send(id, desk.services)

    assert desk.queues(about="a2") is None
    assert posted(desk) == []


def test_nothing_logged_of_a_text_says_whose_it_is(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for n, answer in enumerate((error(500), error(400, 21610), error(429))):
        desk.wire.will(answer)
        texts.send(desk.writes(mobile(n)), desk.services)
    desk.queues("+33899123456")

    ours = "".join(each.getMessage() for each in caplog.records if "dispatcher" in each.name)
    assert "did not take it" in ours
    assert "3998" not in ours
    assert "89912" not in ours


@pytest.mark.parametrize("workers", [2, 6])
def test_of_workers_who_send_one_text_at_the_same_moment_one_does(
    database_url: str, redis_url: str, workers: int
) -> None:
    with open_desk(database_url, redis_url) as desk, hands() as together:
        for n in range(5):
            id = desk.writes(mobile(n))
            together([partial(texts.send, id, desk.services)] * workers)

        assert sorted(posted(desk)) == [mobile(n) for n in range(5)]


def test_of_those_who_take_one_text_in_at_the_same_moment_one_does(
    database_url: str, redis_url: str
) -> None:
    with open_desk(database_url, redis_url) as desk, hands() as together:
        taken = together([desk.queues] * 6)

    assert sum(id is not None for id in taken) == 1
