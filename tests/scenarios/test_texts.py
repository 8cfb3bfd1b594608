"""Texts over the simulated network: each reaches its telephone once, or not at all.

``tests/gates.py`` names the guards, and shows that their scenarios fail without them.
"""

from datetime import timedelta
from typing import Any

import pytest

from dispatcher.domain.numbers import PhoneNumber
from dispatcher.domain.texts import Kind, Reason, State, Text, TextId
from dispatcher.operations import texts
from dispatcher.simulator import lets_it_ring
from dispatcher.simulator.rest.faults import RestRates
from tests.office import Office
from tests.people import LINE, MONA, ROSE

MESSAGES = "/Messages.json"


def mobile(last: int) -> str:
    return f"+3363998{last:04d}"


def writes(
    office: Office, to: str = MONA.number, *, about: str = "a1", after: float = 0
) -> TextId | None:
    """A text is taken in for somebody, and rung for."""
    at = office.services.now()
    with office.services.store.writing() as tx:
        id = texts.queue(
            tx,
            office.services,
            kind=Kind.AGENT_PAUSED,
            number=PhoneNumber(to),
            about=about,
            words={"number": "01 99 00 01 00"},
            due_at=at + timedelta(seconds=after),
            expires_at=at + timedelta(hours=2),
        )
    texts.prompt(id, office.services)
    return id


def stands(office: Office, id: TextId | None) -> Text:
    assert id is not None
    with office.services.store.reading() as tx:
        found = tx.texts.find(id)
    assert found is not None
    return found


def received(office: Office, number: str = MONA.number) -> int:
    return len(office.network.phone(number).texts)


def test_an_agent_who_let_it_ring_twice_reads_how_to_come_back(office: Office) -> None:
    office.has(MONA)
    office.network.phone(MONA.number).when_rung(lets_it_ring())

    async def rings() -> None:
        for _ in range(2):
            call = await office.asks(office.other(ROSE))
            await call.waits(60)
            await call.hangs_up()

    office.run(rings(), until=300)

    [told] = office.network.phone(MONA.number).texts
    assert "Votre pause dure 30 minutes" in told
    assert "01 99 00 01 00" in told


def test_of_twenty_texts_to_a_carrier_too_busy_each_is_read_once(office: Office) -> None:
    office.network.rest_faults.rates.append(RestRates(path=MESSAGES, throttled=0.3))
    ids = [writes(office, mobile(n)) for n in range(20)]

    office.run(until=300)

    assert {stands(office, id).state for id in ids} == {State.SENT}
    assert [received(office, mobile(n)) for n in range(20)] == [1] * 20
    assert max(stands(office, id).tries for id in ids) > 1


@pytest.mark.parametrize("fault", [{"status": 500}, {"hang": True}], ids=["500", "silence"])
@pytest.mark.parametrize("told", [True, False], ids=["told of it", "left to look it up"])
def test_what_fails_after_the_text_left_is_read_once(
    office: Office, fault: dict[str, Any], told: bool
) -> None:
    office.lose_webhooks(not told)
    office.network.rest_faults.fail_next(after_effect=True, path=MESSAGES, method="POST", **fault)
    id = writes(office)

    office.run(until=150)

    assert (stands(office, id).state, stands(office, id).tries) == (State.SENT, 1)
    assert received(office) == 1


@pytest.mark.parametrize("fault", [{"status": 500}, {"hang": True}], ids=["500", "silence"])
def test_what_fails_before_the_text_left_is_tried_again_within_90_seconds(
    office: Office, fault: dict[str, Any]
) -> None:
    office.network.rest_faults.fail_next(path=MESSAGES, method="POST", **fault)
    id = writes(office)

    office.run(until=90)

    assert (stands(office, id).state, stands(office, id).tries) == (State.SENT, 2)
    assert received(office) == 1


def test_what_nobody_can_tell_is_shown_to_be_verified_and_never_sent_twice(
    office: Office,
) -> None:
    office.lose_webhooks()
    office.network.rest_faults.fail_next(after_effect=True, path=MESSAGES, method="POST")
    office.network.rest_faults.fail_next(200, path=MESSAGES, method="GET")
    id = writes(office)

    office.run(until=700)

    assert stands(office, id).state is State.UNSURE
    assert received(office) == 1
    with office.services.store.reading() as tx:
        now = texts.now(tx, office.services)
    assert (now.waiting, now.unsure, now.today) == (0, 1, 1)


def test_what_was_to_be_verified_is_known_once_the_carrier_answers_again(office: Office) -> None:
    office.lose_webhooks()
    office.network.rest_faults.fail_next(after_effect=True, path=MESSAGES, method="POST")
    office.network.rest_faults.fail_next(15, path=MESSAGES, method="GET")
    id = writes(office)

    office.run(until=1300)

    assert (stands(office, id).state, received(office)) == (State.SENT, 1)


def test_a_carrier_that_lists_late_but_tells_us_is_not_asked_twice(office: Office) -> None:
    office.network.rest_faults.visible_after = 300.0
    office.network.rest_faults.fail_next(after_effect=True, path=MESSAGES, method="POST")
    id = writes(office)

    office.run(until=290)

    assert (stands(office, id).state, received(office)) == (State.SENT, 1)


def test_a_job_run_by_two_workers_sends_once(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second comes while the first waits for the carrier, and again when it is done."""
    id = writes(office)
    assert id is not None
    carrier_text, others = type(office.services.carrier).text, [id]

    def text(self: object, *args: object, **how: object) -> object:
        for other in others[:1]:
            others.clear()
            texts.send(other, office.services)
        return carrier_text(self, *args, **how)  # type: ignore[arg-type]

    monkeypatch.setattr(type(office.services.carrier), "text", text)
    for _ in range(2):
        texts.send(id, office.services)
    office.run(until=30)

    assert received(office) == 1


def test_whoever_says_stop_before_a_text_is_due_gets_no_more_until_they_say_start(
    office: Office,
) -> None:
    mona = office.network.phone(MONA.number)
    ids = [writes(office, about="a1", after=60)]

    async def says_stop_then_start() -> None:
        await office.waits(10)
        await mona.texts_to(LINE, "Arrêt SMS !")
        await office.waits(100)
        ids.append(writes(office, about="a2"))
        await mona.texts_to(LINE, "Bonjour ?")
        await office.waits(20)
        assert len(mona.texts) == 1, "that it is heeded, and nothing else"
        await mona.texts_to(LINE, "START")
        ids.append(writes(office, about="a3"))
        await office.waits(20)

    office.run(says_stop_then_start())

    [dropped, refused, sent] = ids
    assert (stands(office, dropped).state, stands(office, dropped).reason) == (
        State.DROPPED,
        Reason.STOPPED,
    )
    assert refused is None
    assert stands(office, sent).state is State.SENT
    confirmed, resumed, told = sorted(mona.texts, key=lambda said: "Permanence" in said)
    assert "plus aucun SMS" in confirmed
    assert "reprennent" in resumed
    assert "Votre pause" in told


@pytest.mark.parametrize(
    ("code", "reason", "stopped"),
    [
        (21610, Reason.STOPPED, True),
        (21614, Reason.CANNOT_RECEIVE, False),
        (21211, Reason.CANNOT_RECEIVE, False),
        (30006, Reason.CANNOT_RECEIVE, False),
        (30007, Reason.REFUSED, False),
    ],
)
def test_a_telephone_that_cannot_or_will_not_read_it_is_texted_no_more(
    office: Office, code: int, reason: Reason, stopped: bool
) -> None:
    office.network.phone(MONA.number).when_texted(code)
    id = writes(office)

    office.run(until=120)

    assert (stands(office, id).state, stands(office, id).reason) == (State.FAILED, reason)
    assert (stands(office, id).tries, received(office)) == (1, 0)
    assert (writes(office, about="a2") is None) is stopped


def test_a_telephone_switched_off_is_texted_again_a_quarter_of_an_hour_later(
    office: Office,
) -> None:
    office.network.phone(MONA.number).when_texted(30003, 0)
    id = writes(office)

    office.run(until=600)
    assert (stands(office, id).state, received(office)) == (State.WAITING, 0)
    office.run(until=1200)

    assert (stands(office, id).state, received(office)) == (State.SENT, 1)


def test_a_worker_killed_while_it_sends_loses_nothing_and_sends_nothing_twice(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of two it had taken, one had left."""
    one, two = writes(office, mobile(1)), writes(office, mobile(2))
    carrier_text = type(office.services.carrier).text
    office.lose_webhooks()

    def dies(self: object, number: str, *args: object, **how: object) -> None:
        if number == mobile(2):
            carrier_text(self, number, *args, **how)  # type: ignore[arg-type]
        raise KeyboardInterrupt

    with monkeypatch.context() as dying:
        dying.setattr(type(office.services.carrier), "text", dies)
        for id in (one, two):
            with pytest.raises(KeyboardInterrupt):
                texts.send(id or TextId(""), office.services)
    office.run(until=90)

    assert {stands(office, id).state for id in (one, two)} == {State.SENT}
    assert [received(office, mobile(n)) for n in (1, 2)] == [1, 1]
