"""Which calls reached the carrier for one of our numbers, as its list tells it."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from dispatcher.carrier import rest
from dispatcher.carrier.inside import InsideClient
from dispatcher.carrier.rest import Carrier, CarrierError, Inbound
from dispatcher.domain.calls import CallSid
from dispatcher.simulator import IncomingNumber, Network, PhoneCall, WsgiPost, answers
from tests.office import BASE, TUESDAY
from tests.operations.wire import Wire, inbound, listing
from tests.people import INES, LINE, ROSE
from tests.simulator.toy import ACCOUNT, TOKEN, Toy

RING = f"<Dial><Number>{INES.number}</Number></Dial>"


@pytest.fixture
def network() -> Iterator[Network]:
    toy = Toy({"/voice": RING})
    number = IncomingNumber("https://toy.test/voice")
    with Network(
        WsgiPost(toy),
        {"*": number},
        account_sid=ACCOUNT,
        auth_token=TOKEN,
        starts_at=TUESDAY,
    ) as network:
        network.phone(INES.number).when_rung(answers(presses=None, talks_for=5))
        yield network


@pytest.fixture
def carrier(network: Network) -> Carrier:
    http = InsideClient(network.rest)
    return Carrier(ACCOUNT, TOKEN, public_base_url=BASE, http_client=http)


def rings(network: Network, last: int, *, shows: str | None = None) -> PhoneCall:
    """Somebody rings, and talks with Ines for five seconds."""
    calls: list[PhoneCall] = []

    async def somebody() -> None:
        number = f"+3319900010{last}"
        calls.append(await network.phone(number).dials(LINE, shows=shows))
        await calls[0].ends()

    network.run(somebody())
    return calls[0]


def test_a_call_is_listed_as_it_was_and_the_legs_that_we_rang_are_not(
    network: Network, carrier: Carrier
) -> None:
    call = rings(network, 1)

    listed = carrier.inbound(since=TUESDAY)

    [found] = listed.calls
    assert isinstance(found, Inbound)
    assert (found.sid, found.called, found.number) == (call.sid, LINE, "+33199000101")
    assert found.started_at == TUESDAY
    assert found.over
    assert found.ended_at is not None
    assert found.ended_at > found.started_at
    assert listed.whole


def test_a_call_that_still_lives_has_no_end(network: Network, carrier: Carrier) -> None:
    listed: list[Inbound] = []

    async def rose() -> None:
        call = await network.phone(ROSE.number).dials(LINE)
        await call.talks_with_somebody()
        listed.extend(carrier.inbound(since=TUESDAY).calls)
        await call.ends()

    network.run(rose())

    assert [(call.over, call.ended_at) for call in listed] == [(False, None)]


def test_a_masked_caller_has_no_number(network: Network, carrier: Carrier) -> None:
    rings(network, 1, shows="anonymous")

    [found] = carrier.inbound(since=TUESDAY).calls

    assert found.number is None


def test_of_spans_that_follow_each_other_each_call_is_in_one(
    network: Network, carrier: Carrier
) -> None:
    rung = [rings(network, last).sid for last in range(4)]

    found: list[CallSid] = []
    for start in range(0, 200, 7):
        since = TUESDAY + timedelta(seconds=start)
        found += [
            each.sid
            for each in carrier.inbound(since=since, before=since + timedelta(seconds=7)).calls
        ]

    assert found == rung


def test_a_list_of_several_pages_is_read_to_its_end_or_said_not_to_be(
    network: Network, carrier: Carrier, monkeypatch: pytest.MonkeyPatch
) -> None:
    rung = [rings(network, last).sid for last in range(4)]  # eight legs
    monkeypatch.setattr(rest, "_PAGE", 4)

    whole = carrier.inbound(since=TUESDAY)
    monkeypatch.setattr(rest, "_PAGES", 1)
    half = carrier.inbound(since=TUESDAY)

    assert [call.sid for call in whole.calls] == rung[::-1]
    assert whole.whole
    assert [call.sid for call in half.calls] == rung[:1:-1]
    assert not half.whole


@pytest.mark.parametrize("fault", [{"status": 500}, {"status": 429}, {"hang": True}])
def test_a_list_that_does_not_come_is_no_empty_list(
    network: Network, carrier: Carrier, fault: dict[str, Any]
) -> None:
    network.rest_faults.fail_next(**fault)

    with pytest.raises(CarrierError) as refused:
        carrier.inbound(since=TUESDAY)

    assert not refused.value.permanent


@pytest.mark.parametrize("body", [{}, {"sid": "CA1", "status": "queued"}, {"calls": 5}, [], None])
def test_an_answer_that_is_no_list_is_no_empty_list(body: Any) -> None:
    wire = Wire()
    wire.will((200, body))
    carrier = Carrier(ACCOUNT, TOKEN, public_base_url=BASE, http_client=wire)

    with pytest.raises(CarrierError):
        carrier.inbound(since=TUESDAY)


def test_a_row_that_is_no_call_is_left_out() -> None:
    wire = Wire()
    good = inbound("CA" + "1" * 32, starts=TUESDAY, ends=None)
    undated = {**good, "start_time": None, "date_created": None}
    wire.will(listing({}, undated, {**good, "sid": None}, good))
    carrier = Carrier(ACCOUNT, TOKEN, public_base_url=BASE, http_client=wire)

    assert len(carrier.inbound(since=TUESDAY).calls) == 1
