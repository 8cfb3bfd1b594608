"""Callers wait, and leave the queue by every door."""

import pytest

from dispatcher.simulator import Kind, Network, PhoneCall, WsgiPost, answers
from tests.simulator.rest_client import twilio_client
from tests.simulator.toy import BASE, Form, Toy

ROSE, LEA = "+33199000001", "+33199000002"
INES = "+33261910001"
LINE = "+33199000100"

ENQUEUE = '<Enqueue action="/left" waitUrl="/wait">attente</Enqueue><Say>Plus loin</Say>'
WAIT = '<Say>Merci de patienter</Say><Pause length="8"/>'


@pytest.fixture(autouse=True)
def waiting(toy: Toy) -> None:
    """A line where everybody waits."""
    toy.pages |= {"/voice": ENQUEUE, "/wait": WAIT, "/left": "<Hangup/>", "/go": "<Say>Va</Say>"}


async def _waits(network: Network, number: str = ROSE, stays: float = 30.0) -> PhoneCall:
    call = await network.phone(number).dials(LINE)
    await call.waits(stays)
    await call.hangs_up()
    return call


def test_the_wait_document_is_fetched_again_and_again(network: Network, toy: Toy) -> None:
    network.run(_waits(network, ROSE), _waits(network, LEA))

    fetches = [form for form in toy.forms("/wait") if form["From"] == LEA]
    assert [form["QueuePosition"] for form in fetches][:1] == ["2"]
    assert [form["CurrentQueueSize"] for form in fetches] == ["2"] * len(fetches)
    assert [int(form["QueueTime"]) for form in fetches] == [0, 9, 19, 28]


def test_a_caller_who_gives_up_is_reported(network: Network, toy: Toy) -> None:
    network.run(_waits(network))

    [left] = toy.forms("/left")
    assert (left["QueueResult"], left["CallStatus"]) == ("hangup", "completed")
    assert left["QueueTime"] == "30"
    assert network.queues.all["attente"].members == []


def test_nothing_is_reported_of_a_caller_who_never_got_into_the_queue(
    network: Network, toy: Toy, post: WsgiPost
) -> None:
    post.slow["/voice"] = 4.0

    network.run(_waits(network, stays=3.0))

    assert toy.forms("/left") == []
    assert toy.forms("/status")[0]["CallStatus"] == "no-answer"


def test_the_action_after_a_hang_up_may_never_come(network: Network, toy: Toy) -> None:
    network.switches.action_after_hangup = False

    network.run(_waits(network))

    assert toy.forms("/left") == []


def test_leaving_by_the_wait_document_asks_the_action(network: Network, toy: Toy) -> None:
    toy.pages |= {
        "/wait": lambda form: "<Leave/>" if form["QueueTime"] > "0" else WAIT,
        "/left": f'<Dial callerId="{LINE}"><Number>{INES}</Number></Dial>',
    }
    network.phone(INES).when_rung(answers(presses=None, talks_for=20))

    network.run(_waits(network, stays=60))

    assert toy.forms("/left")[0]["QueueResult"] == "leave"
    assert len(network.ledger.bridges(INES)) == 1


def test_leaving_without_an_action_goes_on_with_the_next_verb(network: Network, toy: Toy) -> None:
    toy.pages |= {"/voice": ENQUEUE.replace('action="/left" ', ""), "/wait": "<Leave/>"}

    async def rose() -> None:
        call = await network.phone(ROSE).dials(LINE)
        await call.hears("plus loin", within=5)

    network.run(rose())

    assert toy.forms("/left") == []


def test_keys_work_while_waiting(network: Network, toy: Toy) -> None:
    toy.pages |= {
        "/wait": f'<Gather action="/rappel" numDigits="1" timeout="1">{WAIT}</Gather>',
        "/rappel": "<Leave/>",
    }

    async def rose() -> None:
        call = await network.phone(ROSE).dials(LINE)
        await call.hears("patienter")
        await call.presses("1")
        await call.ends(within=5)

    network.run(rose())

    assert toy.forms("/left")[0]["QueueResult"] == "leave"


@pytest.mark.parametrize("first", [True, False])
def test_a_member_taken_out_goes_on_at_the_address_given(
    network: Network, toy: Toy, first: bool
) -> None:
    network.switches.dequeue_action_first = first
    client = twilio_client(network)

    def take() -> None:
        [queue] = client.queues.list()
        [member] = client.queues(queue.sid).members.list()
        member_of = client.queues(queue.sid).members(member.call_sid)
        assert member_of.update(url=f"{BASE}/go").call_sid == member.call_sid

    network.after(12, take)
    network.run(_waits(network))

    order = [path for path, _ in toy.posted if path in {"/left", "/go"}]
    assert order == (["/left", "/go"] if first else ["/go", "/left"])
    assert toy.forms("/left")[0]["QueueResult"] == "redirected"
    assert "Va" in [entry.detail for entry in network.ledger.of(Kind.SAID)]


def test_a_redirected_call_leaves_the_queue(network: Network, toy: Toy) -> None:
    client = twilio_client(network)

    async def rose() -> None:
        call = await network.phone(ROSE).dials(LINE)
        await call.hears("patienter")
        client.calls(call.sid).update(url=f"{BASE}/go")
        await call.hears("va")

    network.run(rose())

    assert toy.forms("/left")[0]["QueueResult"] == "redirected"


def test_a_full_queue_takes_nobody(network: Network, toy: Toy) -> None:
    async def second() -> None:
        call = await network.phone(ROSE).dials(LINE)
        await call.waits(2)
        network.queues.all["attente"].max_size = 1
        await _waits(network, LEA, stays=3)
        await call.hangs_up()

    network.run(second())

    assert [form["QueueResult"] for form in toy.forms("/left")] == ["queue-full", "hangup"]


def test_an_enqueue_may_fail(network: Network, toy: Toy) -> None:
    network.switches.enqueue_fails_with = "system-error"

    network.run(_waits(network))

    assert toy.forms("/left")[0]["QueueResult"] == "system-error"
    assert not network.ledger.of(Kind.QUEUED)


@pytest.mark.parametrize("page", ["<Dial><Number>+33261910001</Number></Dial>", "<Reject/>"])
def test_a_wait_document_with_other_verbs_is_an_error(
    network: Network, toy: Toy, page: str
) -> None:
    toy.pages["/wait"] = page

    network.run(_waits(network))

    assert toy.forms("/left")[0]["QueueResult"] == "error"
    assert network.ledger.of(Kind.ERROR)[0].status == 12200


def test_a_hang_up_of_the_wait_document_ends_the_call(network: Network, toy: Toy) -> None:
    toy.pages["/wait"] = "<Say>Nous fermons</Say><Hangup/>"

    network.run(_waits(network))

    left = toy.forms("/left")[0]
    assert (left["QueueResult"], left["CallStatus"]) == ("hangup", "completed")


def test_an_empty_wait_document_ends_in_an_error_not_in_a_loop(network: Network, toy: Toy) -> None:
    def empty(_: Form) -> str:
        return ""

    toy.pages["/wait"] = empty

    network.run(_waits(network))

    assert "leads to itself" in network.ledger.of(Kind.ERROR)[0].detail
    assert toy.forms("/left")[0]["QueueResult"] == "error"
