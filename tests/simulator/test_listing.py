"""The carrier's list of calls, read by Twilio's own client."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from twilio.base.exceptions import TwilioException
from twilio.rest import Client

from dispatcher.simulator import IncomingNumber, Kind, Network, WsgiPost
from tests.simulator.rest_client import twilio_client
from tests.simulator.toy import ACCOUNT, BASE, Toy

ROSE, LEA = "+33199000001", "+33199000002"
LINE, OTHER_LINE = "+33199000100", "+33199000200"
NINE = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


@pytest.fixture
def client(network: Network) -> Client:
    return twilio_client(network)


@pytest.fixture
def day(network: Network, toy: Toy) -> Network:
    """A day of seven calls, one every ten minutes from nine on, the fourth to another line."""
    toy.pages["/voice"] = "<Say>Bonjour</Say>"

    async def calls(number: int) -> None:
        await asyncio.sleep(number * 600)
        line = OTHER_LINE if number == 3 else LINE
        await (await network.phone(f"+33199000{number:03d}").dials(line)).ends()

    network.run(*(calls(number) for number in range(7)))
    return network


def _at(minutes: int) -> datetime:
    return NINE + timedelta(minutes=minutes)


def _callers(calls: list[object]) -> list[int]:
    return [int(str(getattr(call, "_from", ""))[-3:]) for call in calls]


def test_all_calls_come_newest_first_whatever_the_pages(day: Network, client: Client) -> None:
    for size in (1, 2, 3, 7, 50, None):
        listed = list(client.calls.stream(page_size=size))

        assert _callers(listed) == [6, 5, 4, 3, 2, 1, 0]


def test_calls_to_a_line_after_a_moment(day: Network, client: Client) -> None:
    listed = client.calls.stream(start_time_after=_at(20), to=LINE, page_size=2)

    assert _callers(list(listed)) == [6, 5, 4, 2]


def test_calls_between_two_moments(day: Network, client: Client) -> None:
    started = client.calls.list(start_time_after=_at(20), start_time_before=_at(49))
    ended = client.calls.list(end_time_after=_at(20), end_time_before=_at(49))
    ended_at = client.calls.list(end_time_after=_at(50), end_time_before=_at(50))

    assert _callers(started) == _callers(ended) == [4, 3, 2]
    assert ended_at == []


def test_moments_may_count_as_whole_days(day: Network, client: Client) -> None:
    day.switches.filters_by_moment = False
    yesterday, tomorrow = NINE - timedelta(days=1), NINE + timedelta(days=1)

    assert len(client.calls.list(start_time_after=NINE + timedelta(hours=10))) == 7
    assert len(client.calls.list(start_time_before=NINE - timedelta(hours=2))) == 7
    assert client.calls.list(start_time_after=tomorrow) == []
    assert client.calls.list(start_time_before=yesterday) == []


def test_calls_of_a_day(day: Network, client: Client) -> None:
    assert len(client.calls.list(start_time=NINE + timedelta(hours=3))) == 7
    assert client.calls.list(start_time=NINE + timedelta(days=1)) == []


def test_a_call_that_comes_while_a_list_is_read_shifts_nothing(
    day: Network, client: Client
) -> None:
    page = client.calls.page(page_size=3)
    first = list(page)

    day.run(_calls_for(day, 1.0))
    page = page.next_page()
    second = list(page)
    last = list(page.next_page())

    assert _callers(first + second + last) == [6, 5, 4, 3, 2, 1, 0]


def test_a_call_that_ends_while_its_page_is_read_shifts_nothing(
    network: Network, client: Client, toy: Toy
) -> None:
    toy.pages["/voice"] = "<Pause length='1'/><Say>Bonjour</Say><Pause length='60'/>"
    calls = [_calls_for(network, 30.0 + stays, f"+3319900000{stays}") for stays in range(4)]
    seen: list[object] = []

    def read() -> None:
        page = client.calls.page(status="in-progress", page_size=2)
        seen.extend(page)
        last = seen[-1]
        client.calls(str(getattr(last, "sid", ""))).update(status="completed")
        seen.extend(page.next_page())

    network.after(10, read)
    network.run(*calls)

    assert sorted(_callers(seen)) == [0, 1, 2, 3]


def test_an_incoming_call_that_the_application_never_heard_of_is_listed(
    network: Network, client: Client, toy: Toy
) -> None:
    network.numbers["*"] = IncomingNumber(f"{BASE}/down", fallback_url=f"{BASE}/down/too")

    async def callers() -> None:
        call = await network.phone(ROSE).dials(LINE)
        await call.hears("application error")
        await call.ends()

    network.run(callers())

    [call] = client.calls.list(to=LINE, start_time_after=NINE)
    assert (call.direction, call.status, call._from) == ("inbound", "completed", ROSE)
    assert (call.start_time, call.duration) == (NINE, "4")
    assert [entry.status for entry in network.ledger.of(Kind.ERROR)] == [11200, 11200]


def test_a_caller_who_gave_up_before_the_application_answered_is_listed(
    network: Network, client: Client, post: WsgiPost
) -> None:
    post.latency = 16.0

    network.run(_calls_for(network, 5.0))

    [call] = client.calls.list(to=LINE, status="no-answer")
    assert (call.start_time, call.duration) == (NINE, "0")


def test_a_call_that_leaves_is_queued_in_the_list_too(network: Network, client: Client) -> None:
    client.calls.create(to=ROSE, from_=LINE, twiml="<Response/>")
    client.calls.create(to=LEA, from_=LINE, twiml="<Response/>")
    network.run(until=0.5, settle=0)

    assert len(client.calls.list(status="queued")) == 2
    assert _callers(client.calls.list(start_time_after=NINE)) == [100]
    assert [call.to for call in client.calls.list(start_time_after=NINE)] == [ROSE]


def test_a_list_that_makes_no_sense_is_refused(day: Network, client: Client) -> None:
    for fields in ({"start_time_after": "yesterday"}, {"page_size": "many"}):
        with pytest.raises(TwilioException, match=r"HTTP 400 .*20001"):
            client.calls.page(**fields)


@pytest.mark.usefixtures("lenient")
def test_a_page_holds_a_thousand_calls_at_most(day: Network) -> None:
    path = f"/2010-04-01/Accounts/{ACCOUNT}/Calls.json?PageSize=5000"

    _, listed = day.rest("GET", path)

    assert (listed["page_size"], len(listed["calls"]), listed["next_page_uri"]) == (1000, 7, None)


async def _calls_for(network: Network, seconds: float, number: str = LEA) -> None:
    call = await network.phone(number).dials(LINE)
    await call.waits(seconds)
    await call.hangs_up()
