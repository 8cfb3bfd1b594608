"""What an application asks of its carrier, with Twilio's own client."""

from datetime import UTC, datetime

import pytest
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.rest import Client

from dispatcher.simulator import Kind, Network, answers, busy, lets_it_ring
from tests.simulator.rest_client import twilio_client
from tests.simulator.toy import BASE, Toy

ROSE, LEA = "+33199000001", "+33199000002"
INES = "+33261910001"
LINE = "+33199000100"
EVENTS = ["initiated", "ringing", "answered", "completed"]


@pytest.fixture
def client(network: Network) -> Client:
    return twilio_client(network)


def test_a_call_is_placed_and_lives(network: Network, client: Client, toy: Toy) -> None:
    toy.pages["/voice"] = "<Say>On vous rappelle</Say>"
    network.phone(ROSE).when_rung(answers(after=3, presses=None))

    call = client.calls.create(
        to=ROSE,
        from_=LINE,
        url=f"{BASE}/voice",
        status_callback=f"{BASE}/status",
        status_callback_event=EVENTS,
        machine_detection="Enable",
    )
    network.run(until=10)

    assert call.status == "queued"
    assert client.calls(str(call.sid)).fetch().status == "completed"
    moves = [form["CallStatus"] for form in toy.forms("/status")]
    assert moves == ["initiated", "ringing", "in-progress", "completed"]
    assert toy.forms("/voice")[0]["Direction"] == "outbound-api"
    network.phone(ROSE).calls[0].transcript.find("on vous rappelle")


def test_calls_leave_one_a_second(network: Network, client: Client) -> None:
    calls = [
        client.calls.create(to=number, from_=LINE, twiml="<Response/>")
        for number in (ROSE, LEA, INES)
    ]
    network.run(until=30)

    rung = [entry.at for entry in network.ledger.of(Kind.RINGING)]
    assert rung == [1.0, 2.0, 3.0]
    assert [call.queue_time for call in calls] == ["0", "1000", "2000"]


def test_a_call_that_is_not_answered_ends(network: Network, client: Client, toy: Toy) -> None:
    network.phone(ROSE).when_rung(lets_it_ring())
    network.phone(LEA).when_rung(busy())

    for number in (ROSE, LEA):
        client.calls.create(
            to=number, from_=LINE, url=f"{BASE}/voice", timeout=20, status_callback=f"{BASE}/status"
        )
    network.run(until=40)

    outcomes = {form["To"]: form["CallStatus"] for form in toy.forms("/status")}
    assert outcomes == {ROSE: "no-answer", LEA: "busy"}
    assert toy.forms("/voice") == []


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"to": "", "from_": LINE, "url": BASE}, 21201),
        ({"to": ROSE, "from_": "", "url": BASE}, 21213),
        ({"to": "0199000001", "from_": LINE, "url": BASE}, 21211),
        ({"to": ROSE, "from_": LINE}, 21205),
    ],
)
def test_a_call_that_cannot_be_placed_is_refused(
    client: Client, fields: dict[str, str], code: int
) -> None:
    with pytest.raises(TwilioRestException) as refusal:
        client.calls.create(**fields)

    assert (refusal.value.status, refusal.value.code) == (400, code)


def test_a_ringing_call_is_canceled(network: Network, client: Client) -> None:
    call = client.calls.create(to=ROSE, from_=LINE, twiml="<Response/>")
    network.after(5, lambda: client.calls(str(call.sid)).update(status="canceled"))
    network.run(until=10)

    assert client.calls(str(call.sid)).fetch().status == "canceled"
    assert network.phone(ROSE).calls[0].ended


def test_a_redirect_cuts_a_conversation(network: Network, client: Client, toy: Toy) -> None:
    toy.pages |= {
        "/voice": f'<Dial action="/after" callerId="{LINE}"><Number>{INES}</Number></Dial>',
        "/after": "<Hangup/>",
        "/moved": "<Say>Ailleurs</Say>",
    }
    network.phone(INES).when_rung(answers(presses=None, talks_for=None))

    async def rose() -> None:
        call = await network.phone(ROSE).dials(LINE)
        await call.talks_with_somebody()
        client.calls(call.sid).update(url=f"{BASE}/moved")
        await call.hears("ailleurs", within=5)

    network.run(rose())

    assert toy.forms("/after") == []
    assert network.phone(INES).calls[0].ended


def test_a_redirected_child_lets_its_parent_go_on(
    network: Network, client: Client, toy: Toy
) -> None:
    toy.pages |= {
        "/voice": f'<Dial action="/after" callerId="{LINE}"><Number>{INES}</Number></Dial>',
        "/after": "<Say>Un instant</Say><Pause length='20'/>",
        "/moved": "<Say>Vous êtes seul</Say><Pause length='5'/>",
    }
    network.phone(INES).when_rung(answers(presses=None, talks_for=None))

    async def rose() -> None:
        call = await network.phone(ROSE).dials(LINE)
        await call.talks_with_somebody()
        ines = network.phone(INES).calls[0]
        client.calls(ines.sid).update(url=f"{BASE}/moved")
        await call.hears("un instant", within=5)
        await ines.hears("vous êtes seul", within=5)

    network.run(rose())

    after = toy.forms("/after")[0]
    assert (after["DialCallStatus"], after["DialBridged"]) == ("completed", "true")


def test_a_call_that_is_over_cannot_be_changed(network: Network, client: Client, toy: Toy) -> None:
    toy.pages["/voice"] = "<Hangup/>"

    async def rose() -> None:
        call = await network.phone(ROSE).dials(LINE)
        await call.ends()
        for change in ({"status": "completed"}, {"url": BASE}):
            with pytest.raises(TwilioRestException) as refusal:
                client.calls(call.sid).update(**change)
            assert (refusal.value.status, refusal.value.code) == (400, 21220)

    network.run(rose())


def test_what_does_not_exist_is_not_found(client: Client) -> None:
    for ask in (client.calls("CA" + "f" * 32).fetch, client.queues("QU" + "f" * 32).fetch):
        with pytest.raises(TwilioRestException) as refusal:
            ask()
        assert (refusal.value.status, refusal.value.code) == (404, 20404)


def test_a_stranger_is_refused(network: Network) -> None:
    with pytest.raises(TwilioRestException) as refusal:
        twilio_client(network, token="another").calls("CA" + "f" * 32).fetch()

    assert (refusal.value.status, refusal.value.code) == (401, 20003)


def test_calls_are_listed_by_what_is_known_of_them(
    network: Network, client: Client, toy: Toy
) -> None:
    toy.pages["/voice"] = "<Say>Bonjour</Say><Pause length='60'/>"

    async def callers() -> None:
        for number in (ROSE, LEA, ROSE):
            await (await network.phone(number).dials(LINE)).hangs_up()
        await network.phone(LEA).dials(LINE)

    network.run(callers(), settle=2)

    assert len(client.calls.list()) == 4
    assert len(client.calls.list(page_size=1, limit=3)) == 3
    assert [call.status for call in client.calls.list(status="in-progress")] == ["in-progress"]
    assert len(client.calls.list(from_=ROSE)) == 2
    noon = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
    assert client.calls.list(start_time_after=noon) == []
    assert len(client.calls.list(start_time_before=noon)) == 4


def test_an_application_may_ask_from_inside_a_webhook(
    network: Network, client: Client, toy: Toy
) -> None:
    toy.pages["/voice"] = lambda _: str(
        client.calls.create(to=INES, from_=LINE, twiml="<Response/>").status
    ).replace("queued", "<Say>On appelle</Say>")

    async def rose() -> None:
        call = await network.phone(ROSE).dials(LINE)
        await call.hears("on appelle")

    network.run(rose())

    assert network.phone(INES).rung == 1


@pytest.mark.parametrize(("after_effect", "rung"), [(False, 0), (True, 1)])
@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_request_may_fail_before_or_after_its_effect(
    network: Network, client: Client, status: int, after_effect: bool, rung: int
) -> None:
    network.rest_faults.fail_next(status=status, after_effect=after_effect, path="/Calls")

    with pytest.raises(TwilioRestException) as failure:
        client.calls.create(to=ROSE, from_=LINE, twiml="<Response/>")
    network.run(until=5)

    assert failure.value.status == status
    assert network.phone(ROSE).rung == rung


def test_a_request_may_hang(network: Network, client: Client) -> None:
    network.rest_faults.fail_next(hang=True)

    with pytest.raises(TwilioException, match="did not answer"):
        client.queues.list()

    assert client.queues.list() == []


def test_a_text_message_arrives(network: Network, client: Client, toy: Toy) -> None:
    sent = client.messages.create(
        to=ROSE, from_=LINE, body="À demain", status_callback=f"{BASE}/status"
    )
    network.run(until=5)

    assert network.phone(ROSE).texts == ["À demain"]
    assert client.messages(str(sent.sid)).fetch().status == "delivered"
    assert [f["MessageStatus"] for f in toy.forms("/status")] == ["sent", "delivered"]


def test_a_text_message_is_answered(network: Network, toy: Toy) -> None:
    toy.pages["/sms"] = "<Message><Body>Bien reçu</Body></Message>"

    network.run(network.phone(ROSE).texts_to(LINE, "STOP"))

    assert toy.forms("/sms")[0]["Body"] == "STOP"
    assert network.phone(ROSE).texts == ["Bien reçu"]
