"""A message after the beep: left where a callback is promised, heard by the agent who makes it alone,
and gone from the carrier whatever gets lost on the way.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from dispatcher.domain.callbacks import State
from dispatcher.domain.calls import CallSid, Outcome
from dispatcher.domain.messages import GIVEN_UP_AFTER, LEASE
from dispatcher.domain.messages import State as MessageState
from dispatcher.domain.numbers import PhoneNumber
from dispatcher.domain.retention import Data
from dispatcher.operations import messages, person, retention
from dispatcher.simulator import PhoneCall, answers
from dispatcher.simulator.ledger import Kind
from dispatcher.simulator.wire.faults import Faults
from tests.office import Office, line, open_office
from tests.people import MALO, ROSE
from tests.scenarios.after_the_beep import SAID, leaves, lived, message, sound

MALO_LATER = replace(MALO, slots="mon-sun 10:05-24:00")  # five minutes after the scenario begins


@pytest.fixture
def office(
    scenario_url: str, redis_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Office]:
    lines = (line(voicemail=True),)
    with open_office(scenario_url, redis_url, tmp_path, monkeypatch, lines=lines) as office:
        yield office


def test_a_message_is_brought_in_sealed_and_erased_at_the_carrier(office: Office) -> None:
    call = lived(office, lambda: None)

    assert sound(office, call) == SAID.encode()
    assert message(office, call).state is MessageState.OVER
    assert office.network.recordings.left == []
    assert office.call(call).outcome is Outcome.CALLBACK
    assert message(office, call).callback == office.callback(call).id
    written = office.services.store.engine.url.database
    assert written is not None
    assert SAID.encode() not in Path(written).read_bytes()


def test_its_agent_may_hear_it_before_the_citizen_is_rung_and_then_both_talk(
    office: Office,
) -> None:
    office.has(MALO_LATER)
    played: list[str] = []

    async def malo(rung: PhoneCall) -> None:
        await rung.picks_up()
        await rung.hears("Tapez 1")
        await rung.presses("1")
        await rung.hears("a laissé un message")
        await rung.presses("2")
        await rung.hears("Pour réécouter le message", within=60)
        assert office.network.phone(ROSE.number).rung == 0
        await rung.presses("1")
        await rung.talks_with_somebody()
        await rung.waits(20)
        await rung.hangs_up()

    office.network.phone(MALO.number).when_rung(malo)
    office.network.phone(ROSE.number).when_rung(answers(at="tapez 1", talks_for=None))
    call = lived(office, lambda: None, until=1000)
    played += [e.detail for e in office.network.ledger.of(Kind.SAID) if "/messages/" in e.detail]

    assert office.callback(call).state is State.REACHED
    assert office.network.phone(ROSE.number).rung == 1
    [address] = played
    path = address.partition("permanence.test")[2]
    assert office.app.test_client().get(path).status_code == 404, "its ten minutes are over"


def test_the_address_of_a_message_is_ours_alone_and_for_a_while(office: Office) -> None:
    call = lived(office, lambda: None)
    with office.services.store.reading() as tx:
        [path] = messages.to_hear(office.callback(call).id, tx, office.services)
    client = office.app.test_client()
    there = client.get(path)
    token, _, until = path.removeprefix("/messages/").partition("/")

    assert (there.status_code, there.data, there.mimetype) == (200, SAID.encode(), "audio/mpeg")
    assert there.headers["Cache-Control"] == "private, no-store"
    assert client.get(f"/messages/{token}/{int(until) + 60}").status_code == 404
    assert client.get(f"/messages/{token[:-1]}1/{until}").status_code == 404


def test_an_agent_who_presses_nothing_has_the_citizen_rung(office: Office) -> None:
    office.has(MALO_LATER)
    office.network.phone(MALO.number).when_rung(answers(at="tapez 1", talks_for=20))
    office.network.phone(ROSE.number).when_rung(answers(at="tapez 1", talks_for=None))

    call = lived(office, lambda: None, until=600)

    assert office.callback(call).state is State.REACHED


def test_a_line_that_does_not_say_so_records_nobody(
    scenario_url: str, redis_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_office(scenario_url, redis_url, tmp_path, monkeypatch) as office:

        async def rose() -> None:
            call = await office.asks(ROSE)
            await call.hears("Nous vous rappellerons au")
            await call.hears("vous pouvez raccrocher")
            await call.presses("1")
            await call.ends()
            heard = " ".join(str(each) for each in call.transcript.lines)
            assert "message" not in heard

        office.run(rose(), until=60)
        assert not office.network.ledger.of(Kind.RECORDED)


@pytest.mark.parametrize("hangs_up", [True, False])
def test_whoever_says_nothing_keeps_their_callback_and_leaves_nothing(
    office: Office, *, hangs_up: bool
) -> None:
    calls: list[PhoneCall] = []

    async def rose() -> None:
        call = await office.asks(ROSE)
        calls.append(call)
        await call.hears("Pour ajouter un message", within=60)
        await call.presses("1")
        await call.hears("Après le bip")
        if hangs_up:  # before the beep
            await call.hangs_up()
        else:
            await call.hears("nous vous rappellerons", within=60)
            await call.ends()

    office.run(rose(), until=GIVEN_UP_AFTER.total_seconds() + 400)

    assert message(office, calls[0]).state is MessageState.OVER
    assert sound(office, calls[0]) is None
    assert office.callback(calls[0]).state is State.WAITING
    assert office.call(calls[0]).outcome is Outcome.CALLBACK


def test_whoever_hangs_up_while_speaking_has_left_a_message(office: Office) -> None:
    calls: list[PhoneCall] = []

    async def rose() -> None:
        calls.append(await leaves(office))
        await calls[0].hangs_up()

    office.run(rose(), until=120)

    assert sound(office, calls[0]) == SAID.encode()
    assert office.network.recordings.left == []


def test_nobody_is_rung_back_while_they_speak(office: Office) -> None:
    soon = replace(MALO, slots="mon-sun 10:01-24:00")
    office.has(soon)
    office.network.phone(MALO.number).when_rung(answers(at="tapez 1", talks_for=20))
    office.network.phone(ROSE.number).when_rung(answers(at="tapez 1", talks_for=None))
    calls: list[PhoneCall] = []

    async def rose() -> None:
        call = await leaves(office)
        calls.append(call)
        for _ in range(8):
            await call.says(SAID)
        assert office.network.phone(MALO.number).rung == 0
        await call.hangs_up()

    office.run(rose(), until=400)

    assert office.callback(calls[0]).state is State.REACHED


def test_webhooks_doubled_late_and_out_of_order_bring_one_message_in(office: Office) -> None:
    office.network.faults = Faults(seed=3, duplicate=1.0, reorder=0.7, delay=(0.0, 8.0))

    call = lived(office, lambda: None, until=200)

    assert sound(office, call) == SAID.encode()
    assert message(office, call).state is MessageState.OVER
    assert office.network.recordings.left == []
    assert len(office.network.ledger.of(Kind.RECORDED)) == 1


def test_a_message_of_which_every_webhook_was_lost_is_found_at_the_carrier(office: Office) -> None:
    async def rose() -> None:
        call = await leaves(office)
        calls.append(call)
        office.lose_webhooks()
        await call.hangs_up()
        await office.waits(30)
        office.lose_webhooks(False)

    calls: list[PhoneCall] = []
    office.run(rose(), until=400)

    assert sound(office, calls[0]) == SAID.encode()
    assert office.network.recordings.left == []


def test_a_worker_killed_over_a_message_is_followed_by_another(office: Office) -> None:
    def killed() -> None:
        with office.services.store.writing() as tx:
            [each] = tx.messages.of([office.all_calls()[0].sid], [])
            tx.messages.heard_of(each.call, at=office.services.now())
            assert tx.messages.claim(each.id, at=office.services.now()) is not None

    call = lived(office, killed, until=LEASE.total_seconds() + 90)

    assert message(office, call).tries >= 2
    assert sound(office, call) == SAID.encode()
    assert office.network.recordings.left == []


@pytest.mark.parametrize("fault", [{"status": 500}, {"status": 503}, {"hang": True}], ids=str)
@pytest.mark.parametrize("after", [True, False])
def test_an_erasure_that_failed_is_looked_up_before_it_is_tried_again(
    office: Office, fault: dict[str, object], *, after: bool
) -> None:
    def fails() -> None:
        how = {**fault, "after_effect": after, "path": "Recordings", "method": "DELETE"}
        office.network.rest_faults.fail_next(**how)  # type: ignore[arg-type]

    call = lived(office, fails, until=120)

    asked = office.network.ledger.of(Kind.REST)
    answers = [e.status for e in asked if e.path.startswith("DELETE")]
    failed = 0 if "hang" in fault else fault["status"]
    assert answers == ([204, failed] if after else [failed, 204])
    assert message(office, call).state is MessageState.OVER
    assert sound(office, call) == SAID.encode()
    assert office.network.recordings.left == []


def test_a_carrier_that_fails_at_everything_for_a_while_loses_no_message(office: Office) -> None:
    def fails() -> None:
        office.network.rest_faults.fail_next(4, status=503, path="Recordings")

    call = lived(office, fails, until=400)

    assert sound(office, call) == SAID.encode()
    assert office.network.recordings.left == []


def test_somebody_else_on_the_same_telephone_adds_theirs_to_the_one_callback(
    office: Office,
) -> None:
    """The same need: one callback, and whoever makes it can hear both."""
    calls: list[PhoneCall] = []

    async def both() -> None:
        for said in ("la première", "la seconde"):
            call = await leaves(office, said=said)
            calls.append(call)
            await call.hangs_up()
            await office.waits(30)

    office.run(both(), until=200)

    callback = office.callback(calls[0])
    with office.services.store.reading() as tx:
        left = [tx.messages.sound(id) for id in tx.messages.left_for(callback.id)]
        owed = tx.callbacks.open()
    assert left == ["la première".encode(), b"la seconde"]
    assert owed == 1


def test_what_was_said_is_shown_to_its_person_erased_at_their_wish_and_after_its_days(
    office: Office,
) -> None:
    call = lived(office, lambda: None)
    number = office.callback(call).number
    held = person.export(number, office.parts.spool, office.services)
    assert [each.sound for each in held.messages] == [SAID.encode()]

    done = person.erase(number, office.parts.spool, office.services)

    assert done.messages == 1
    assert sound(office, call) is None
    assert office.services.periods.days[Data.MESSAGES] == 30
    later = replace(office.services, now=lambda: office.network.now() + timedelta(days=31))
    report = retention.run(office.parts.spool, later)
    assert {each.data: each.count for each in report.erased}[Data.MESSAGES] == 1
    assert "après le bip" in office.app.test_client().get("/confidentialite").text


def test_a_message_erased_before_it_was_fetched_never_comes_in(office: Office) -> None:
    def erased() -> None:
        person.erase(PhoneNumber(ROSE.number), office.parts.spool, office.services)

    call = lived(office, erased, until=120)

    assert sound(office, call) is None
    assert office.network.recordings.left == []


def test_a_message_is_taken_by_one_of_two_workers(office: Office) -> None:
    call = lived(office, lambda: None)
    with office.services.store.writing() as tx:
        tx.messages.heard_of(CallSid(call.sid), at=office.services.now())

    with office.services.store.writing() as tx:
        taken = [tx.messages.claim(message(office, call).id, at=office.services.now())]
        taken += [tx.messages.claim(message(office, call).id, at=office.services.now())]

    assert [each is not None for each in taken] == [True, False]


def test_a_message_erased_while_it_is_fetched_does_not_come_in_behind(office: Office) -> None:
    fetching = office.services.carrier.sound

    def fetches(*given: object, **how: object) -> bytes | None:
        found: bytes | None = fetching(*given, **how)  # type: ignore[arg-type]
        person.erase(PhoneNumber(ROSE.number), office.parts.spool, office.services)
        return found

    office.services.carrier.sound = fetches  # type: ignore[method-assign]

    call = lived(office, lambda: None, until=120)

    assert sound(office, call) is None
    assert message(office, call).state is MessageState.OVER
    assert office.network.recordings.left == []


def test_a_callback_that_ended_while_its_agent_listened_is_not_made(office: Office) -> None:
    office.has(MALO_LATER)
    ended: list[PhoneCall] = []

    async def malo(rung: PhoneCall) -> None:
        ended.append(rung)
        await rung.picks_up()
        await rung.hears("Tapez 1")
        await rung.presses("1")
        await rung.hears("a laissé un message")
        id = office.open_offers()[0].callback
        assert id is not None
        with office.services.store.writing() as tx:
            at = office.services.now()
            tx.callbacks.move(id, of=State.CALLING, to=State.CANCELLED, at=at)
        await rung.presses("1")
        await rung.hears("déjà pris")
        await rung.ends()

    office.network.phone(MALO.number).when_rung(malo)
    call = lived(office, lambda: None, until=500)

    assert ended
    assert office.callback(call).state is State.CANCELLED
    assert office.network.phone(ROSE.number).rung == 0


def test_an_agent_who_hangs_up_while_they_listen_leaves_the_callback_to_the_next_ring(
    office: Office,
) -> None:
    office.has(MALO_LATER)

    async def listens(rung: PhoneCall) -> None:
        await rung.picks_up()
        await rung.hears("Tapez 1")
        await rung.presses("1")
        await rung.hears("a laissé un message")
        await rung.presses("2")
        await rung.waits(2)
        await rung.hangs_up()

    takes = answers(at="tapez 1", talks_for=20)
    office.network.phone(MALO.number).when_rung(listens, takes)
    office.network.phone(ROSE.number).when_rung(answers(at="tapez 1", talks_for=None))
    call = lived(office, lambda: None, until=900)

    assert office.callback(call).state is State.REACHED
    assert office.network.phone(MALO.number).rung == 2
    assert office.network.phone(ROSE.number).rung == 1
