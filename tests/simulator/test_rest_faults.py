"""Requests to the carrier that fail by chance, and what is not there yet."""

from collections import Counter
from collections.abc import Callable
from contextlib import suppress

import pytest
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.rest import Client

from dispatcher.simulator import IncomingNumber, Network, RestRates, WsgiPost
from tests.simulator.rest_client import twilio_client
from tests.simulator.toy import ACCOUNT, BASE, TOKEN, Toy

ROSE, LEA = "+33199000001", "+33199000002"
LINE = "+33199000100"


@pytest.fixture
def client(network: Network) -> Client:
    return twilio_client(network)


def _place(client: Client) -> str:
    """Try to place a call; tell what came of it."""
    try:
        client.calls.create(to=ROSE, from_=LINE, twiml="<Response/>")
    except TwilioRestException as failure:
        return str(failure.status)
    except TwilioException:
        return "silence"
    return "placed"


@pytest.mark.parametrize(
    ("rates", "outcomes", "effects"),
    [
        (RestRates(throttled=1.0), {"429"}, 0),
        (RestRates(fails_before=1.0), {"500", "503"}, 0),
        (RestRates(fails_after=1.0), {"500", "503"}, 20),
        (RestRates(), {"placed"}, 20),
    ],
)
def test_requests_fail_before_or_after_their_effect(
    network: Network, client: Client, rates: RestRates, outcomes: set[str], effects: int
) -> None:
    network.rest_faults.rates.append(rates)

    seen = {_place(client) for _ in range(20)}

    assert seen == outcomes
    assert len(network.legs) == effects


def test_a_request_that_hangs_may_have_had_its_effect(network: Network, client: Client) -> None:
    network.rest_faults.rates.append(RestRates(hangs=1.0))

    seen = {_place(client) for _ in range(20)}

    assert seen == {"silence"}
    assert 0 < len(network.legs) < 20


def test_everything_happens_about_as_often_as_told(network: Network, client: Client) -> None:
    network.rest_faults.rates.append(
        RestRates(throttled=0.2, fails_before=0.2, fails_after=0.2, hangs=0.2)
    )

    seen = Counter(_place(client) for _ in range(500))

    assert 60 < seen["429"] < 140
    assert 140 < seen["500"] + seen["503"] < 260
    assert 60 < seen["silence"] < 140
    assert 60 < seen["placed"] < 140


def test_the_same_seed_fails_the_same_requests() -> None:
    def lives(seed: int) -> list[str]:
        line = {"*": IncomingNumber(f"{BASE}/voice")}
        with Network(WsgiPost(Toy()), line, account_sid=ACCOUNT, auth_token=TOKEN) as network:
            network.rest_faults.rates.append(RestRates(seed, throttled=0.3, hangs=0.3))
            return [_place(twilio_client(network)) for _ in range(30)]

    assert lives(3) == lives(3)
    assert lives(3) != lives(4)


def test_only_the_path_meant_fails(network: Network, client: Client) -> None:
    network.rest_faults.rates += [
        RestRates(path="/Messages", fails_before=1.0),
        RestRates(path="/Queues", throttled=1.0),
    ]

    assert _place(client) == "placed"
    for ask, status in ((client.messages.list, "50[03]"), (client.queues.list, "429")):
        with pytest.raises(TwilioException, match=f"HTTP {status}"):
            ask()


def test_planned_faults_come_first(network: Network, client: Client) -> None:
    network.rest_faults.rates.append(RestRates(throttled=1.0))
    network.rest_faults.fail_next(status=502)

    assert [_place(client) for _ in range(2)] == ["502", "429"]


@pytest.mark.parametrize("chances", [{"hangs": 1.1}, {"throttled": -0.1}, {"fails_before": 0.6, "fails_after": 0.6}])  # fmt: skip
def test_chances_that_are_none_are_refused(chances: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="chances from 0 to 1"):
        RestRates(**chances)  # type: ignore[arg-type]  # chances only


def test_what_was_just_made_is_not_found_for_some_seconds(network: Network, client: Client) -> None:
    network.rest_faults.visible_after = 5.0
    call = client.calls.create(to=ROSE, from_=LINE, twiml="<Response/>")
    text = client.messages.create(to=ROSE, from_=LINE, body="À demain")
    fetches: list[Callable[[], object]] = [
        client.calls(str(call.sid)).fetch,
        client.messages(str(text.sid)).fetch,
        lambda: client.calls(str(call.sid)).update(status="canceled"),
    ]

    network.run(until=4.9, settle=0)
    assert client.calls.list() == client.messages.list() == []
    for fetch in fetches:
        with pytest.raises(TwilioRestException) as failure:
            fetch()
        assert (failure.value.status, failure.value.code) == (404, 20404)
    network.run(until=5.1, settle=0)

    assert len(client.calls.list()) == len(client.messages.list()) == 1
    for fetch in fetches:
        fetch()


def test_who_just_joined_a_queue_is_not_found_for_some_seconds(
    network: Network, client: Client, toy: Toy
) -> None:
    toy.pages |= {
        "/voice": '<Enqueue waitUrl="/wait">file</Enqueue>',
        "/wait": "<Pause length='9'/>",
        "/go": "<Say>Va</Say>",
    }
    network.rest_faults.visible_after = 5.0
    found: list[float] = []

    def take() -> None:
        with suppress(TwilioRestException):
            for queue in client.queues.list():
                for member in client.queues(queue.sid).members.list():
                    client.queues(queue.sid).members(member.call_sid).update(url=f"{BASE}/go")
                    found.append(network.seconds())

    async def rose() -> None:
        call = await network.phone(ROSE).dials(LINE)
        await call.hears("va")
        await call.ends()

    network.every(1.0, take)
    network.run(rose())

    assert found == [6.0]


def test_who_just_joined_others_in_a_queue_is_not_found_for_some_seconds(
    network: Network, client: Client, toy: Toy
) -> None:
    toy.pages |= {
        "/voice": '<Enqueue waitUrl="/wait">file</Enqueue>',
        "/wait": "<Pause length='9'/>",
    }
    network.rest_faults.visible_after = 5.0

    async def callers() -> None:
        lea = await network.phone(LEA).dials(LINE)
        await lea.waits(10)
        rose = await network.phone(ROSE).dials(LINE)
        await rose.waits(2)
        queue = client.queues(client.queues.list()[0].sid)
        assert [member.call_sid for member in queue.members.list()] == [lea.sid]
        with pytest.raises(TwilioRestException, match="not found"):
            queue.members(rose.sid).fetch()
        await rose.waits(4)
        assert [member.call_sid for member in queue.members.list()] == [lea.sid, rose.sid]
        for call in (lea, rose):
            await call.hangs_up()

    network.run(callers())


def test_a_queue_known_by_its_id_holds_nobody_who_just_joined(
    network: Network, client: Client, toy: Toy
) -> None:
    toy.pages |= {
        "/voice": '<Enqueue waitUrl="/wait">file</Enqueue>',
        "/wait": "<Pause length='60'/>",
    }

    async def rose() -> None:
        call = await network.phone(ROSE).dials(LINE)
        await call.waits(1)
        queue = network.queues.all["file"].sid
        member = client.queues(queue).members(call.sid)
        network.rest_faults.visible_after = 5.0
        for ask in (client.queues(queue).fetch, member.fetch, lambda: member.update(url=BASE)):
            with pytest.raises(TwilioRestException, match="not found"):
                ask()
        await call.waits(5)
        assert member.fetch().position == 1
        await call.hangs_up()

    network.run(rose())
