"""People in a conference: who hears whom, who is told, and what the REST requests do to them."""

import asyncio
from datetime import timedelta

import pytest
from twilio.base.exceptions import TwilioRestException

from dispatcher.simulator import Kind, Network, PhoneCall, answers
from tests.simulator.rest_client import twilio_client
from tests.simulator.toy import BASE, Form, Toy

ROSE, LEA = "+33199000001", "+33199000002"
INES = "+33261910001"
LINE = "+33199000100"
ROOM = '<Conference waitUrl="/wait" {}>salle</Conference>'
TOLD = 'statusCallback="/told" statusCallbackEvent="start end join leave hold"'


def _room(attributes: str = "") -> str:
    return f'<Dial action="/after">{ROOM.format(attributes)}</Dial>'


@pytest.fixture(autouse=True)
def meeting(toy: Toy) -> None:
    """A line where everybody is let into one conference."""
    toy.pages |= {
        "/voice": _room(TOLD),
        "/wait": '<Say>Un instant</Say><Pause length="8"/>',
        "/after": "<Say>Au revoir</Say>",
        "/told": "",
    }


async def _comes(network: Network, number: str, stays: float, after: float = 0.0) -> PhoneCall:
    handset = network.phone(number)
    await asyncio.sleep(after)
    call = await handset.dials(LINE)
    await call.waits(stays)
    await call.hangs_up()
    return call


def _events(toy: Toy) -> list[str]:
    """What was told, in the order of its happening: callbacks overtake each other."""
    told = sorted(toy.forms("/told"), key=lambda form: int(form["SequenceNumber"]))
    return [form["StatusCallbackEvent"] for form in told]


def test_whoever_is_first_hears_the_wait_document_again_and_again(
    network: Network, toy: Toy
) -> None:
    network.run(_comes(network, ROSE, 30))

    assert len(toy.forms("/wait")) == 4
    assert _events(toy) == ["participant-join", "participant-leave", "conference-end"]
    assert not network.ledger.bridges()


def test_two_hear_each_other_until_one_leaves(network: Network, toy: Toy) -> None:
    network.run(_comes(network, ROSE, 30), _comes(network, LEA, 10, after=5))

    [talk] = network.ledger.bridges()
    assert {talk.caller, talk.callee} == {ROSE, LEA}
    assert talk.until is not None
    assert 9 <= talk.until - talk.since <= 11
    assert _events(toy)[2] == "conference-start"
    assert len(toy.forms("/wait")) == 1, "alone again, they hear nothing"


def test_whether_somebody_alone_again_hears_the_wait_document_is_a_switch(
    network: Network, toy: Toy
) -> None:
    network.switches.alone_waits = True

    network.run(_comes(network, ROSE, 40), _comes(network, LEA, 10, after=5))

    assert len(toy.forms("/wait")) > 2


def test_nothing_begins_before_somebody_comes_who_starts_it(network: Network, toy: Toy) -> None:
    toy.pages["/voice"] = lambda form: _room(
        f'startConferenceOnEnter="{"true" if form["From"] == INES else "false"}"'
    )

    network.run(
        _comes(network, ROSE, 30), _comes(network, LEA, 25, after=5), _comes(network, INES, 5, 15)
    )

    assert {talk.since for talk in network.ledger.bridges()} == {
        network.ledger.bridges(INES)[0].since
    }
    assert len(network.ledger.bridges()) == 3


def test_the_one_whose_leaving_ends_it_lets_the_others_go_on(network: Network, toy: Toy) -> None:
    toy.pages["/voice"] = lambda form: _room(
        TOLD + (' endConferenceOnExit="true"' if form["From"] == LEA else "")
    )
    calls: list[PhoneCall] = []

    async def rose() -> None:
        calls.append(await network.phone(ROSE).dials(LINE))
        await calls[0].hears("au revoir")

    network.run(rose(), _comes(network, LEA, 10, after=5))

    [after] = [form for form in toy.forms("/after") if form["CallStatus"] == "in-progress"]
    assert (after["DialCallStatus"], after["From"]) == ("answered", ROSE)
    assert "DialCallSid" not in after
    [end] = [f for f in toy.forms("/told") if f["StatusCallbackEvent"] == "conference-end"]
    assert end["ReasonConferenceEnded"] == "participant-with-end-conference-on-exit-left"


def test_three_in_one_conference_are_no_overlapping_talks(network: Network, toy: Toy) -> None:
    network.run(*(_comes(network, number, 30) for number in (ROSE, LEA, INES)))

    assert len(network.ledger.bridges()) == 3
    assert not network.ledger.overlapping_bridges()


def test_a_redirected_child_and_the_parent_who_follows_meet(network: Network, toy: Toy) -> None:
    toy.pages |= {
        "/voice": f'<Dial action="/meet" callerId="{LINE}"><Number>{INES}</Number></Dial>',
        "/meet": _room(),
    }
    network.phone(INES).when_rung(answers(presses=None, talks_for=40))

    async def rose() -> None:
        call = await network.phone(ROSE).dials(LINE)
        await call.talks_with_somebody()
        child = network.phone(INES).calls[0].sid
        twilio_client(network).calls(child).update(url=f"{BASE}/meet")
        await call.waits(20)
        assert call.company == [INES]
        await call.hangs_up()

    network.run(rose())

    assert [talk.room != "" for talk in network.ledger.bridges()] == [False, True]
    [followed] = [form for form in toy.forms("/meet") if "DialBridged" in form]
    assert (followed["From"], followed["DialBridged"]) == (ROSE, "true")


def test_somebody_on_hold_hears_the_hold_document(network: Network, toy: Toy) -> None:
    toy.pages["/hold"] = '<Say>Ne quittez pas</Say><Pause length="5"/>'
    client = twilio_client(network)

    async def rose() -> None:
        call = await network.phone(ROSE).dials(LINE)
        await call.talks_with_somebody()
        [room] = client.conferences.list(friendly_name="salle", status="in-progress")
        seat = client.conferences(room.sid).participants(call.sid)
        held = seat.update(hold=True, hold_url=f"{BASE}/hold")
        assert held.hold is True
        await call.hears("ne quittez pas")
        assert call.with_whom is None
        assert seat.update(hold=False).hold is False
        await call.talks_with_somebody()
        await call.hangs_up()

    network.run(rose(), _comes(network, LEA, 60))

    assert len(network.ledger.bridges()) == 2
    assert {"participant-hold", "participant-unhold"} <= set(_events(toy))


def test_participants_are_listed_muted_and_put_out(network: Network, toy: Toy) -> None:
    client = twilio_client(network)

    async def rose() -> None:
        call = await network.phone(ROSE).dials(LINE)
        await call.talks_with_somebody()
        [room] = client.conferences.list()
        seats = client.conferences(room.sid).participants
        assert len(seats.list()) == 2
        seats(call.sid).update(muted=True)
        assert [seat.call_sid for seat in seats.list(muted=True)] == [call.sid]
        assert call.with_whom is None
        seats(call.sid).delete()
        await call.hears("au revoir")

    network.run(rose(), _comes(network, LEA, 20))


def test_somebody_is_called_into_a_conference(network: Network, toy: Toy) -> None:
    network.phone(INES).when_rung(answers(presses=None, talks_for=10))

    async def rose() -> None:
        call = await network.phone(ROSE).dials(LINE)
        await call.waits(2)
        made = (
            twilio_client(network)
            .conferences("salle")
            .participants.create(to=INES, from_=LINE, end_conference_on_exit=True)
        )
        assert made.call_sid
        assert await call.talks_with_somebody() == INES
        await call.hears("au revoir")

    network.run(rose())

    assert not network.ledger.of(Kind.ERROR)


def test_a_conference_not_visible_yet_or_over_is_not_there(network: Network, toy: Toy) -> None:
    client = twilio_client(network)
    network.rest_faults.visible_after = 3.0

    async def rose() -> None:
        call = await network.phone(ROSE).dials(LINE)
        await call.waits(1)
        assert client.conferences.list() == []
        await call.waits(4)
        [room] = client.conferences.list()
        client.conferences(room.sid).update(status="completed")
        await call.hears("au revoir")
        with pytest.raises(TwilioRestException) as gone:
            client.conferences(room.sid).participants(call.sid).fetch()
        assert gone.value.status == 404

    network.run(rose(), until=timedelta(minutes=1).total_seconds())


def test_a_full_conference_lets_nobody_in(network: Network, toy: Toy) -> None:
    toy.pages["/voice"] = _room('maxParticipants="2"')

    network.run(*(_comes(network, number, 30) for number in (ROSE, LEA, INES)))

    failed: list[Form] = [f for f in toy.forms("/after") if f["DialCallStatus"] == "failed"]
    assert len(failed) == 1
