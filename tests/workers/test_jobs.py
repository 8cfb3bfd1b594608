"""Every job may run twice: RQ runs one again when a worker was killed, and twice at once when it was not."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from pkgutil import resolve_name

import pytest

from config import cron, queues
from dispatcher import assembly
from dispatcher.carrier.signature import Signatures
from dispatcher.carrier.twiml import Renderer
from dispatcher.domain.callbacks import State
from dispatcher.domain.calls import Step
from dispatcher.domain.journal import Entry
from dispatcher.domain.messages import GIVEN_UP_AFTER, Message, MessageId
from dispatcher.domain.transfers import Refusal
from dispatcher.operations import calls, legs, offers, presence, transfers
from dispatcher.operations import journal as journal_operations
from dispatcher.operations import mandate_logs as mandate_logs_operations
from dispatcher.operations import retention as retention_operations
from dispatcher.operations.reconciling import MARK
from dispatcher.store.spool import Spool
from tests.hands import hands
from tests.office import BASE, vault
from tests.operations.desk import Desk, number, open_desk, sid
from tests.operations.wire import error, inbound, listing, state, texts_listed
from tests.people import INES, LINE
from tests.simulator.toy import TOKEN
from workers import callbacks, retention, sweep
from workers import calls as calls_jobs
from workers import journal as journal_jobs
from workers import mails as mails_jobs
from workers import mandate_logs as mandate_logs_jobs
from workers import messages as messages_jobs
from workers import texts as texts_jobs
from workers import transfers as transfers_jobs


@pytest.fixture
def desk(
    sqlite_url: str, redis_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Desk]:
    with open_desk(sqlite_url, redis_url) as desk:
        parts = assembly.Parts(
            desk.services,
            Signatures(TOKEN, BASE),
            Renderer({}, BASE),
            Spool(tmp_path / "spool", vault(), lambda: desk.at),
            Spool(tmp_path / "stops", vault(), lambda: desk.at),
        )
        monkeypatch.setattr(assembly, "parts", lambda: parts)
        yield desk


def a_matched_caller(desk: Desk) -> Callable[[], None]:
    [ines] = desk.has(INES)
    call = desk.waits()
    plan = offers.plan_for(call, desk.services)
    desk.services.board.wait(call.sid, plan, since=desk.at, at=desk.at)
    offers.rematch(ines, desk.services)
    return partial(calls_jobs.hasten, desk.only_offer().id)


def an_offer_passed_on(desk: Desk) -> Callable[[], None]:
    [ines] = desk.has(INES)
    desk.asks()
    offer = desk.only_offer()
    presence.pass_on(ines, offer.id, desk.services)
    return partial(calls_jobs.let_go, offer.id)


def a_conversation_to_end(desk: Desk) -> Callable[[], None]:
    desk.has(INES)
    desk.asks()
    offer = desk.only_offer()
    desk.presses_one(offer.id)
    return partial(calls_jobs.hang_up, offer.id)


def a_call_gone_quiet(desk: Desk) -> Callable[[], None]:
    desk.has(INES)
    call, _ = desk.asks()
    desk.wire.will(*[state("completed")] * 4)
    return partial(calls_jobs.verify, call)


def a_call_that_never_reached_us(desk: Desk) -> Callable[[], None]:
    starts = desk.at - timedelta(seconds=120)
    missed = inbound(sid(700), starts=starts, ends=starts, **{"from": number(70)})
    desk.wire.will(*[listing(missed)] * 4)
    return partial(calls_jobs.reconcile, MARK)


def a_callback_offered(desk: Desk) -> Callable[[], None]:
    desk.has(INES)
    desk.keeps()
    sweep.tick()
    return partial(callbacks.place, desk.only_offer().id)


def a_callback_gone_quiet(desk: Desk) -> Callable[[], None]:
    desk.has(INES)
    desk.keeps()
    sweep.tick()
    offer = desk.only_offer()
    desk.presses_one(offer.id)
    desk.passes(100)
    desk.wire.will(*[state("completed")] * 4)
    return partial(callbacks.verify, offer.id)


def a_text_waits(desk: Desk) -> Callable[[], None]:
    return partial(texts_jobs.send, desk.writes())


def a_text_in_doubt(desk: Desk) -> Callable[[], None]:
    id = desk.writes()
    desk.wire.will(error(500))
    texts_jobs.send(id)
    desk.passes(61)
    desk.wire.will(*[texts_listed(desk.text(id).body, at=desk.at)] * 4)
    return partial(texts_jobs.verify, id)


def a_mail_waits(desk: Desk) -> Callable[[], None]:
    return partial(mails_jobs.send, desk.mails())


def a_number_that_is_outdated(desk: Desk) -> Callable[[], None]:
    desk.keeps(state=State.REACHED, closed_at=desk.at)
    desk.passes(200 * 24 * 3600)
    return partial(retention.run, retention_operations.MARK)


def a_call_on_hold(desk: Desk) -> Callable[[], None]:
    desk.has(INES)
    desk.asks()
    offer = desk.only_offer().id
    legs.moved(offer, sid(900), "in-progress", None, over=False, services=desk.services)
    desk.presses_one(offer)
    held = transfers.hold(offer, desk.services)
    assert not isinstance(held, Refusal)
    desk.wire.will(*[state("in-progress")] * 4)
    return partial(transfers_jobs.move, held.id)


def a_message_that_nobody_left(desk: Desk) -> Callable[[], None]:
    call = desk.waits()
    message = Message(MessageId("m1"), call.sid, None, desk.at, desk.at)
    with desk.services.store.writing() as tx:
        assert tx.messages.expect(message)
    desk.passes(GIVEN_UP_AFTER.total_seconds())
    desk.wire.will((200, {"recordings": [], "next_page_uri": None}))
    return partial(messages_jobs.fetch, message.id)


def a_journal_to_sign(desk: Desk) -> Callable[[], None]:
    with desk.services.store.writing() as tx:
        tx.journal.append(Entry("mandate.given", desk.at, {"structure": "gap"}))
    return partial(journal_jobs.seal, journal_operations.MARK)


def a_day_of_the_journal_that_is_over(desk: Desk) -> Callable[[], None]:
    a_journal_to_sign(desk)
    desk.passes(24 * 3600)
    return partial(mandate_logs_jobs.write, mandate_logs_operations.MARK)


SITUATIONS: dict[str, Callable[[Desk], Callable[[], None]]] = {
    "calls.hasten": a_matched_caller,
    "calls.let_go": an_offer_passed_on,
    "calls.hang_up": a_conversation_to_end,
    "calls.verify": a_call_gone_quiet,
    "calls.reconcile": a_call_that_never_reached_us,
    "transfers.move": a_call_on_hold,
    "callbacks.place": a_callback_offered,
    "callbacks.verify": a_callback_gone_quiet,
    "texts.send": a_text_waits,
    "texts.verify": a_text_in_doubt,
    "mails.send": a_mail_waits,
    "messages.fetch": a_message_that_nobody_left,
    "journal.seal": a_journal_to_sign,
    "mandate_logs.write": a_day_of_the_journal_that_is_over,
    "retention.run": a_number_that_is_outdated,
}


def everything(desk: Desk) -> object:
    """All that SQL and the board say, but for the moments at which a caller was last seen."""
    with desk.services.store.engine.connect() as connection:
        tables = ["calls", "moves", "offers", "callbacks", "agents", "decisions"]
        tables += ["transfers", "messages", "texts", "stops", "erasures", "journal_heads"]
        rows = {
            name: [*map(tuple, connection.exec_driver_sql(f"SELECT * FROM {name}"))]
            for name in tables
        }
    assert desk.services.archive.logs is not None
    rows["logs"] = [(each.name, each.read_bytes()) for each in desk.services.archive.logs.iterdir()]
    board = {key: desk.redis.dump(key) for key in desk.redis.scan_iter("{permanence}:*")}
    return rows, {key: value for key, value in board.items() if b"bucket" not in key}


def test_every_job_has_its_situation_here() -> None:
    assert SITUATIONS.keys() == queues.QUEUE_OF.keys()


@pytest.mark.parametrize("situation", SITUATIONS.values(), ids=SITUATIONS)
def test_a_job_done_twice_does_once(
    desk: Desk, situation: Callable[[Desk], Callable[[], None]]
) -> None:
    job = situation(desk)
    job()
    once = everything(desk)
    desk.passes(2)  # the line may start another call

    job()

    assert everything(desk) == once


@pytest.mark.parametrize("situation", SITUATIONS.values(), ids=SITUATIONS)
def test_a_job_done_twice_at_the_same_moment_does_once(
    desk: Desk, situation: Callable[[Desk], Callable[[], None]]
) -> None:
    job = situation(desk)

    with hands() as together:
        together([job] * 3)

    once = everything(desk)
    job()
    assert everything(desk) == once
    for path in ("Calls.json", "Messages.json"):
        posted = [each for each in desk.wire.asked if (each.method, each.path) == ("POST", path)]
        assert len(posted) <= 1


@pytest.mark.parametrize("job", queues.QUEUE_OF)
def test_a_job_about_nothing_we_know_does_nothing(desk: Desk, job: str) -> None:
    desk.wire.will(state("in-progress"))
    before = everything(desk)

    resolve_name(f"workers.{job.replace('.', ':')}")("0")

    assert everything(desk) == before


def test_a_sweep_done_twice_does_once(desk: Desk) -> None:
    desk.has(INES)
    desk.asks()
    desk.asks()
    desk.keeps()
    for entry in cron.ENTRIES:
        resolve_name(entry.job)()
    once = everything(desk)

    for entry in cron.ENTRIES:
        resolve_name(entry.job)()

    assert everything(desk) == once


def test_sweeps_of_two_clocks_beside_each_other_do_no_harm(desk: Desk) -> None:
    [ines] = desk.has(INES)
    call, _ = desk.asks()
    desk.passes(60)

    with hands() as together:
        together([sweep.tick] * 3 + [sweep.check] * 2)

    assert desk.call(call).step is Step.WAITING
    assert desk.offers() == []
    calls.hang_up(call, desk.services)
    desk.passes(3600)
    sweep.check()
    assert desk.holder(ines) == ""


def test_what_the_clock_replays_is_kept_once(desk: Desk) -> None:
    assembly.parts().spool.put(sid(500), LINE, number(42))

    with hands() as together:
        together([sweep.replay] * 3)
    sweep.replay()

    with desk.services.store.reading() as tx:
        assert tx.callbacks.open() == 1
