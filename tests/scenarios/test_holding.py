"""Holding a call and taking it up again, passing it on straight; and whoever hangs up meanwhile."""

import pytest

from dispatcher.domain.agents import Need
from dispatcher.domain.calls import Outcome, Step
from dispatcher.domain.transfers import Kind, Place, Refusal, State, ToAgent, ToNeed
from dispatcher.operations import departures, transfers
from dispatcher.simulator import PhoneCall, Switches, declines, lets_it_ring
from dispatcher.simulator.people.behaviours import busy, does_not_exist
from dispatcher.simulator.people.handset import Behaviour, Tone
from dispatcher.simulator.wire.faults import Faults
from tests.office import Office
from tests.people import INES, MALO, NOE, ROSE, Helper
from tests.scenarios.colleagues import agent_id, offer_of, on_line, stays, transfer_of


async def _talking(office: Office, *others: Helper) -> PhoneCall:
    """Rose talks with Ines."""
    office.has(INES, *others)
    stays(office, INES, *others)
    call = await office.asks(ROSE)
    assert await call.talks_with_somebody() == INES.number
    return call


def _ines(office: Office) -> PhoneCall:
    return office.network.phone(INES.number).calls[0]


async def _held(office: Office, *others: Helper) -> PhoneCall:
    call = await _talking(office, *others)
    assert not isinstance(transfers.hold(offer_of(office, INES), office.services), Refusal)
    await call.hears("Un instant, s'il vous plaît")
    return call


def test_somebody_on_hold_hears_so_and_is_taken_up_again(office: Office) -> None:
    async def rose() -> None:
        call = await _held(office)
        await call.hears("toujours en ligne")
        assert call.with_whom is None
        transfers.resume(offer_of(office, INES), office.services)
        assert await call.talks_with_somebody(within=15) == INES.number
        await call.waits(60)
        await call.hangs_up()
        await office.waits(5)
        assert _ines(office).ended, "nobody is left alone"

    office.run(rose())

    assert not office.network.ledger.failures()
    assert office.open_offers() == []


def test_held_again_and_again_they_are_never_two_conversations(office: Office) -> None:
    async def rose() -> None:
        call = await _talking(office)
        for _ in range(3):
            transfers.hold(offer_of(office, INES), office.services)
            await call.hears("Un instant, s'il vous plaît")
            transfers.resume(offer_of(office, INES), office.services)
            assert await call.talks_with_somebody(within=15) == INES.number
        await call.hangs_up()

    office.run(rose())

    assert len(office.network.ledger.bridges(ROSE.number)) == 4


def test_hold_and_resume_before_any_leg_was_moved_leave_them_together(office: Office) -> None:
    async def rose() -> None:
        call = await _talking(office)
        transfers.hold(offer_of(office, INES), office.services)
        transfers.resume(offer_of(office, INES), office.services)
        await call.waits(3)
        assert call.with_whom == INES.number
        await call.hangs_up()

    office.run(rose())

    assert office.all_calls()[0].outcome is Outcome.ANSWERED


def test_an_agent_who_hangs_up_after_a_hold_ends_the_call_as_any_other(office: Office) -> None:
    async def rose() -> None:
        call = await _held(office)
        transfers.resume(offer_of(office, INES), office.services)
        await call.talks_with_somebody(within=15)
        await _ines(office).hangs_up()
        await call.hears("Merci de votre appel")
        await call.hangs_up()

    office.run(rose())

    [call] = office.all_calls()
    assert (call.outcome, office.open_offers()) == (Outcome.ANSWERED, [])


@pytest.mark.parametrize("told_twice", [True, False])
def test_the_citizen_of_an_agent_who_hangs_up_during_the_hold_is_served_by_another(
    office: Office, told_twice: bool
) -> None:
    office.network.switches.action_after_hangup = told_twice
    calls: list[PhoneCall] = []

    async def rose() -> None:
        calls.append(await _held(office, MALO))
        await _ines(office).hangs_up()
        assert await calls[0].talks_with_somebody(within=40) == MALO.number
        await calls[0].hangs_up()

    office.run(rose())

    call = office.call(calls[0])
    assert call.outcome is Outcome.ANSWERED
    assert call.waiting_since is not None
    assert (call.waiting_since - call.started_at).total_seconds() < 30, "their place was kept"


def test_a_citizen_who_hangs_up_during_the_hold_leaves_nobody_alone(office: Office) -> None:
    async def rose() -> None:
        call = await _held(office)
        await call.hangs_up()
        await office.waits(2)
        assert _ines(office).transcript.find("C'est terminé pour vous") is not None
        await office.waits(6)
        assert _ines(office).ended

    office.run(rose())

    assert office.open_offers() == []


def test_a_hold_that_lasts_too_long_ends_by_itself(office: Office) -> None:
    async def rose() -> None:
        call = await _held(office)
        await call.waits(280)
        assert call.with_whom is None
        assert await call.talks_with_somebody(within=40) == INES.number
        await call.hangs_up()

    office.run(rose())


def test_passed_on_straight_the_colleague_has_the_call_and_the_first_agent_rests(
    office: Office,
) -> None:
    calls: list[PhoneCall] = []

    async def rose() -> None:
        calls.append(await _talking(office, MALO))
        to_malo = ToAgent(agent_id(office, MALO))
        transfers.begin(offer_of(office, INES), to_malo, Kind.COLD, office.services)
        await office.waits(5)
        assert await calls[0].talks_with_somebody(within=30) == MALO.number
        assert _ines(office).ended
        await calls[0].hangs_up()

    office.run(rose())

    assert not office.network.ledger.failures()
    assert office.ends(calls[0]) == ["answered", "answered"]
    assert office.network.phone(MALO.number).rung == 1
    heard = office.network.phone(MALO.number).calls[0].transcript
    assert "Un collègue vous passe cet appel" in str(heard)


@pytest.mark.parametrize(
    "behaviour",
    [lets_it_ring(), busy(), declines(at="tapez 1"), does_not_exist()],
    ids=["silent", "busy", "declines", "dead"],
)
def test_passed_on_to_whom_does_not_take_it_they_are_served_by_others(
    office: Office, behaviour: Behaviour | Tone
) -> None:
    calls: list[PhoneCall] = []

    async def rose() -> None:
        calls.append(await _talking(office, MALO, NOE))
        office.network.phone(MALO.number).when_rung(behaviour)
        to_malo = ToAgent(agent_id(office, MALO))
        transfers.begin(offer_of(office, INES), to_malo, Kind.COLD, office.services)
        await office.waits(5)
        assert await calls[0].talks_with_somebody(within=90) in {NOE.number, INES.number}
        await calls[0].hangs_up()

    office.run(rose())

    assert office.call(calls[0]).outcome is Outcome.ANSWERED


def test_passed_on_for_another_need_it_goes_to_who_serves_that(office: Office) -> None:
    calls: list[PhoneCall] = []

    async def rose() -> None:
        calls.append(await _talking(office, NOE))
        need = ToNeed(Need.MEDIATION)
        transfers.begin(offer_of(office, INES), need, Kind.COLD, office.services)
        await office.waits(5)
        assert await calls[0].talks_with_somebody(within=30) == NOE.number
        await calls[0].hangs_up()

    office.run(rose())

    assert office.call(calls[0]).need == "mediation"


def test_a_colleague_who_is_taken_is_not_taken_twice_and_nothing_changes(office: Office) -> None:
    async def rose() -> None:
        call = await _talking(office, MALO)
        to_malo = ToAgent(agent_id(office, MALO))
        other = await office.asks(office.other(ROSE))
        assert await other.talks_with_somebody() == MALO.number
        refused = transfers.begin(offer_of(office, INES), to_malo, Kind.COLD, office.services)
        assert refused is Refusal.NOBODY_FREE
        assert call.with_whom == INES.number
        await call.hangs_up()
        await other.hangs_up()

    office.run(rose())


def test_a_citizen_who_hangs_up_as_they_are_passed_on_rings_nobody_in_vain(office: Office) -> None:
    async def rose() -> None:
        call = await _talking(office, MALO)
        to_malo = ToAgent(agent_id(office, MALO))
        transfers.begin(offer_of(office, INES), to_malo, Kind.COLD, office.services)
        await call.hangs_up()
        await office.waits(20)
        assert office.open_offers() == []
        assert _ines(office).ended

    office.run(rose())

    assert office.network.phone(MALO.number).rung == 0


def test_a_job_that_was_killed_is_done_again_by_the_sweep(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    moved: list[str] = []
    move = departures.move

    def killed_once(id: str, services: object) -> None:
        moved.append(id)
        if len(moved) > 1:
            move(id, services)  # type: ignore[arg-type]

    async def rose() -> None:
        call = await _talking(office)
        monkeypatch.setattr(departures, "move", killed_once)
        transfers.hold(offer_of(office, INES), office.services)
        await call.waits(3)
        assert call.with_whom == INES.number
        await call.hears("Un instant, s'il vous plaît")
        assert transfer_of(office, call).state is State.HELD
        await call.hangs_up()

    office.run(rose())

    assert len(moved) >= 2


@pytest.mark.parametrize("after_effect", [True, False])
def test_a_carrier_that_fails_before_or_after_moving_a_leg_is_asked_again(
    office: Office, after_effect: bool
) -> None:
    async def rose() -> None:
        call = await _talking(office)
        office.network.rest_faults.fail_next(after_effect=after_effect, path="/Calls/")
        transfers.hold(offer_of(office, INES), office.services)
        await call.hears("Un instant, s'il vous plaît")
        await call.waits(10)
        transfers.resume(offer_of(office, INES), office.services)
        assert await call.talks_with_somebody(within=20) == INES.number
        await call.hangs_up()

    office.run(rose())


def test_when_the_carrier_moves_nobody_they_talk_on_as_if_nothing_had_been_asked(
    office: Office,
) -> None:
    async def rose() -> None:
        call = await _talking(office)
        office.network.rest_faults.fail_next(40, path="/Calls/")
        transfers.hold(offer_of(office, INES), office.services)
        await call.waits(60)
        assert call.with_whom == INES.number
        assert not transfer_of(office, call).open
        await _ines(office).hangs_up()
        await call.hears("Merci de votre appel")
        await call.hangs_up()

    office.run(rose())

    assert office.all_calls()[0].outcome is Outcome.ANSWERED


@pytest.mark.parametrize("seed", range(3))
def test_doubled_late_and_disordered_webhooks_change_nothing(office: Office, seed: int) -> None:
    office.network.faults = Faults(
        seed=seed, duplicate=0.5, twins=0.3, reorder=0.5, held_for=(1.0, 6.0)
    )

    async def rose() -> None:
        call = await _held(office, MALO)
        transfers.resume(offer_of(office, INES), office.services)
        assert await call.talks_with_somebody(within=20) == INES.number
        await call.waits(10)
        assert call.with_whom == INES.number
        to_malo = ToAgent(agent_id(office, MALO))
        transfers.begin(offer_of(office, INES), to_malo, Kind.COLD, office.services)
        await office.waits(20)
        assert call.with_whom == MALO.number
        await call.hangs_up()

    office.run(rose())

    assert office.open_offers() == []


def test_where_nobody_talks_nothing_is_held(office: Office) -> None:
    async def rose() -> None:
        office.has(INES)
        office.network.phone(INES.number).when_rung(lets_it_ring())
        call = await office.asks(ROSE)
        await office.waits(3)
        [offer] = office.open_offers()
        assert transfers.hold(offer.id, office.services) is Refusal.NO_CONVERSATION
        assert office.call(call).step is Step.OFFERED
        await call.hangs_up()

    office.run(rose())


def test_each_leg_is_where_it_is_wanted_once_they_are_moved(office: Office) -> None:
    async def rose() -> None:
        call = await _held(office)
        transfer = transfer_of(office, call)
        assert (transfer.citizen_at, transfer.agent_at) == (Place.HOLD, Place.ROOM)
        assert transfer.arrived()
        await call.hangs_up()

    office.run(rose())


@pytest.mark.parametrize(
    "switches",
    [
        Switches(action_after_redirect=True),
        Switches(action_after_hangup=False),
        Switches(alone_waits=True),
        Switches.alternatives()[-1],
    ],
    ids=str,
)
def test_where_the_carriers_documents_are_silent_it_is_right_both_ways(
    office: Office, switches: Switches
) -> None:
    office.network.switches = switches

    async def rose() -> None:
        call = await _held(office, MALO)
        transfers.resume(offer_of(office, INES), office.services)
        assert await call.talks_with_somebody(within=20) == INES.number
        to_malo = ToAgent(agent_id(office, MALO))
        transfers.begin(offer_of(office, INES), to_malo, Kind.WARM, office.services)
        await on_line(office, INES).hears("Nous appelons votre collègue")
        assert await on_line(office, INES).talks_with_somebody(within=40) == MALO.number
        transfers.complete(offer_of(office, INES), office.services)
        assert await call.talks_with_somebody(within=20) == MALO.number
        await on_line(office, MALO).hangs_up()
        await call.hears("Merci de votre appel")
        await call.hangs_up()

    office.run(rose())

    assert office.open_offers() == []
