"""What an agent does with a call in a callback, where the line rang them first; and numbers outside."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from dispatcher.domain.callbacks import State as Promise
from dispatcher.domain.calls import Outcome
from dispatcher.domain.lines import Referral
from dispatcher.domain.numbers import PhoneNumber
from dispatcher.domain.transfers import Kind, Refusal, ToAgent, ToReferral
from dispatcher.operations import transfers
from dispatcher.simulator import PhoneCall, answers, lets_it_ring
from tests.office import Office, line, open_office
from tests.people import INES, MALO, ROSE
from tests.scenarios.colleagues import agent_id, offer_of, on_line, stays, transfer_of

LATER = "mon-sun 10:03-24:00"
CAF = Referral("caf", "La CAF", PhoneNumber("+33353010077"))


@pytest.fixture
def referring(
    sqlite_url: str, redis_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Office]:
    lines = (line(referrals=(CAF,)),)
    with open_office(sqlite_url, redis_url, tmp_path, monkeypatch, lines=lines) as office:
        yield office
    assert not office.network.ledger.overlapping_bridges()


async def _called_back(office: Office) -> PhoneCall:
    """Rose asked to be rung back, and talks with Ines, whom the line rang first."""
    office.has(replace(INES, slots=LATER), replace(MALO, slots="mon-sun 10:05-24:00"))
    stays(office, INES, MALO)
    office.network.phone(ROSE.number).when_rung(answers(at="tapez 1", talks_for=None))
    first = await office.asks(ROSE)
    await first.hears("Nous vous rappellerons")
    await first.hangs_up()
    await office.waits(330)
    rose = office.network.phone(ROSE.number).calls[-1]
    assert rose.with_whom == INES.number
    return rose


def test_a_desk_is_woken_when_the_citizen_of_a_callback_is_there(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    woken: list[bool] = []

    def wake(*_: object) -> None:
        woken.append(any(offer.reached_at for offer in office.open_offers()))

    monkeypatch.setattr(type(office.services.wakes), "wake", wake)

    async def live() -> None:
        rose = await _called_back(office)
        assert True in woken, "she may be held and passed on from now on"
        await rose.hangs_up()

    office.run(live())


def test_in_a_callback_somebody_is_held_and_taken_up_again(office: Office) -> None:
    async def live() -> None:
        rose = await _called_back(office)
        transfers.hold(offer_of(office, INES), office.services)
        await rose.hears("Un instant, s'il vous plaît")
        assert rose.with_whom is None
        transfers.resume(offer_of(office, INES), office.services)
        assert await rose.talks_with_somebody(within=20) == INES.number
        await on_line(office, INES).hangs_up()
        await rose.hears("Merci de votre appel")
        await rose.hangs_up()

    office.run(live())

    outcomes = {call.outcome for call in office.all_calls()}
    assert outcomes == {Outcome.CALLBACK, Outcome.ANSWERED}
    assert office.open_offers() == []
    assert not office.network.ledger.failures()


def test_in_a_callback_the_citizen_of_an_agent_who_hangs_up_is_served_by_another(
    office: Office,
) -> None:
    async def live() -> None:
        rose = await _called_back(office)
        transfers.hold(offer_of(office, INES), office.services)
        await rose.hears("Un instant, s'il vous plaît")
        await on_line(office, INES).hangs_up()
        assert await rose.talks_with_somebody(within=60) == MALO.number
        await rose.hangs_up()

    office.run(live())

    assert office.open_offers() == []
    assert office.network.phone(ROSE.number).rung == 1


@pytest.mark.parametrize("kind", [Kind.COLD, Kind.WARM])
def test_a_callback_is_passed_on(office: Office, kind: Kind) -> None:
    async def live() -> None:
        rose = await _called_back(office)
        to_malo = ToAgent(agent_id(office, MALO))
        transfers.begin(offer_of(office, INES), to_malo, kind, office.services)
        await office.waits(20)
        if kind is Kind.WARM:
            assert on_line(office, INES).with_whom == MALO.number
            transfers.complete(offer_of(office, INES), office.services)
            await office.waits(12)
        assert rose.with_whom == MALO.number
        assert on_line(office, INES).ended
        await rose.hangs_up()
        await office.waits(8)
        assert on_line(office, MALO).ended

    office.run(live())

    assert office.open_offers() == []
    with office.services.store.reading() as tx:
        assert [callback.state for callback in tx.callbacks.owed()] == []
        asked = next(c for c in office.all_calls() if c.outcome is Outcome.CALLBACK)
        kept = tx.callbacks.of(asked.sid)
    assert kept is not None
    assert kept.state is Promise.REACHED


def test_a_citizen_who_hangs_up_in_a_held_callback_leaves_nobody_alone(office: Office) -> None:
    async def live() -> None:
        rose = await _called_back(office)
        transfers.hold(offer_of(office, INES), office.services)
        await rose.hears("Un instant, s'il vous plaît")
        await rose.hangs_up()
        await office.waits(10)
        assert on_line(office, INES).ended

    office.run(live())

    assert office.open_offers() == []


def test_a_number_on_the_list_is_rung_straight_from_the_citizens_leg(referring: Office) -> None:
    office = referring
    office.network.phone(CAF.number).when_rung(answers(presses=None, talks_for=20))
    calls: list[PhoneCall] = []

    async def live() -> None:
        office.has(INES)
        stays(office, INES)
        calls.append(await office.asks(ROSE))
        await calls[0].talks_with_somebody()
        transfers.begin(offer_of(office, INES), ToReferral("caf"), Kind.COLD, office.services)
        await calls[0].hears("je vous passe un autre service")
        assert await calls[0].talks_with_somebody(within=30) == CAF.number
        assert office.open_offers() == []
        await calls[0].hears("Merci de votre appel")
        await calls[0].hangs_up()

    office.run(live())

    assert office.call(calls[0]).outcome is Outcome.ANSWERED


def test_a_number_on_the_list_that_does_not_answer_gives_the_citizen_back_to_the_line(
    referring: Office,
) -> None:
    office = referring
    office.network.phone(CAF.number).when_rung(lets_it_ring())

    async def live() -> None:
        office.has(INES, MALO)
        stays(office, INES, MALO)
        call = await office.asks(ROSE)
        await call.talks_with_somebody()
        transfers.begin(offer_of(office, INES), ToReferral("caf"), Kind.COLD, office.services)
        await office.waits(5)
        assert call.with_whom is None
        assert await call.talks_with_somebody(within=90) in {INES.number, MALO.number}
        await call.hangs_up()

    office.run(live())


def test_after_a_word_a_number_on_the_list_keeps_the_citizen(referring: Office) -> None:
    office = referring
    office.network.phone(CAF.number).when_rung(answers(presses=None, talks_for=None))

    async def live() -> None:
        office.has(INES)
        stays(office, INES)
        call = await office.asks(ROSE)
        await call.talks_with_somebody()
        transfers.begin(offer_of(office, INES), ToReferral("caf"), Kind.WARM, office.services)
        await office.waits(2)
        assert await on_line(office, INES).talks_with_somebody(within=30) == CAF.number
        transfers.complete(offer_of(office, INES), office.services)
        assert await call.talks_with_somebody(within=20) == CAF.number
        await office.waits(6)
        assert on_line(office, INES).ended
        assert not transfer_of(office, call).holding
        await office.network.phone(CAF.number).calls[0].hangs_up()
        await call.hears("Merci de votre appel")
        await call.hangs_up()

    office.run(live())

    assert office.open_offers() == []


def test_no_other_number_is_rung(referring: Office) -> None:
    office = referring

    async def live() -> None:
        office.has(INES)
        stays(office, INES)
        call = await office.asks(ROSE)
        await call.talks_with_somebody()
        to_nowhere = ToReferral("impots")
        refused = transfers.begin(offer_of(office, INES), to_nowhere, Kind.COLD, office.services)
        assert refused is Refusal.NOT_ALLOWED
        assert call.with_whom == INES.number
        await call.hangs_up()

    office.run(live())
