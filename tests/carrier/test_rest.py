"""Asking the carrier: what comes back, and whether asking again can help."""

from collections.abc import Iterator

import pytest

from dispatcher.carrier.inside import InsideClient
from dispatcher.carrier.rest import Carrier, CarrierError
from dispatcher.domain.calls import CallSid, OfferId
from dispatcher.domain.numbers import PhoneNumber
from dispatcher.simulator import IncomingNumber, Network, WsgiPost, answers, lets_it_ring
from tests.office import BASE
from tests.simulator.toy import ACCOUNT, TOKEN, Toy

INES = PhoneNumber("+33465710001")


@pytest.fixture
def network() -> Iterator[Network]:
    number = IncomingNumber(f"{BASE}/voice")
    with Network(WsgiPost(Toy()), {"*": number}, account_sid=ACCOUNT, auth_token=TOKEN) as network:
        network.phone(INES).when_rung(lets_it_ring())
        yield network


@pytest.fixture
def carrier(network: Network) -> Carrier:
    http = InsideClient(network.rest)
    return Carrier(ACCOUNT, TOKEN, public_base_url=BASE, http_client=http)


def ring(carrier: Carrier) -> None:
    carrier.ring_agent(INES, OfferId("abc"), caller_id="+33199000100", seconds=15)


def test_an_agent_is_rung_and_told_at_the_offers_own_doors(
    network: Network, carrier: Carrier
) -> None:
    ring(carrier)
    network.run(until=5)

    [told] = network.ledger.webhooks("/voice/offers/abc/legs")[-1:]
    assert told.form["To"] == INES
    assert network.ledger.rung(INES) == 1


@pytest.mark.parametrize(
    ("status", "permanent"), [(400, True), (401, True), (429, False), (500, False), (503, False)]
)
def test_whether_asking_again_can_help(
    network: Network, carrier: Carrier, status: int, permanent: bool
) -> None:
    network.rest_faults.fail_next(status=status)

    with pytest.raises(CarrierError) as refused:
        ring(carrier)

    assert (refused.value.permanent, refused.value.status) == (permanent, status)
    assert INES not in str(refused.value)


def test_silence_is_no_no(network: Network, carrier: Carrier) -> None:
    network.rest_faults.fail_next(hang=True)

    with pytest.raises(CarrierError) as silence:
        ring(carrier)

    assert (silence.value.permanent, silence.value.status) == (False, None)


def test_nobody_at_the_other_end_is_no_no() -> None:
    nowhere = Carrier(ACCOUNT, TOKEN, public_base_url=BASE, base_url="http://127.0.0.1:1")

    with pytest.raises(CarrierError) as refused:
        ring(nowhere)

    assert not refused.value.permanent


def test_a_call_that_is_not_there_has_ended(carrier: Carrier) -> None:
    assert carrier.state(CallSid("CA" + "9" * 32)).over


def test_somebody_who_is_not_in_the_queue_is_not_taken_out_of_it(carrier: Carrier) -> None:
    assert not carrier.dequeue("QU" + "1" * 32, CallSid("CA" + "9" * 32), OfferId("abc"))


def test_a_leg_is_redirected_to_a_door_of_ours_and_nowhere_when_it_is_over(
    network: Network, carrier: Carrier
) -> None:
    pause = '<Pause length="60"/>'
    pages = {"/voice/offers/abc/screen": pause, "/voice/transfers/abc/way": pause}
    network.webhooks.post = WsgiPost(Toy({**pages, "/voice/offers/abc/legs": ""}))
    network.phone(INES).when_rung(answers(presses=None, talks_for=None))
    ring(carrier)
    network.run(until=8, settle=0)
    [leg] = network.legs

    assert carrier.redirect(CallSid(leg), "/voice/transfers/abc/way")
    network.run(until=12, settle=0)
    network.legs[leg].end()

    assert not carrier.redirect(CallSid(leg), "/voice/transfers/abc/way")
    assert not carrier.redirect(CallSid("CA" + "0" * 32), "/voice/transfers/abc/way")
    assert [e.path for e in network.ledger.webhooks("/voice/transfers")] == [
        "/voice/transfers/abc/way"
    ]


def test_a_call_is_ended_whatever_it_does_and_one_that_has_ended_is_no_error(
    network: Network, carrier: Carrier
) -> None:
    ring(carrier)
    [leg] = network.legs.values()

    assert carrier.hang_up(CallSid(leg.sid))
    assert not leg.live
    assert not carrier.hang_up(CallSid(leg.sid))
    assert not carrier.hang_up(CallSid("CA" + "9" * 32))

    network.rest_faults.fail_next(status=500)
    with pytest.raises(CarrierError):
        carrier.hang_up(CallSid(leg.sid))
