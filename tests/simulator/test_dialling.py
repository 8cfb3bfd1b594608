"""A caller is put through to somebody: ringing, screening, talking, and every way out."""

import pytest

from dispatcher.simulator import (
    Behaviour,
    Kind,
    Network,
    PhoneCall,
    answers,
    busy,
    declines,
    does_not_exist,
    forwards_to,
    hangs_up_while_screened,
    lets_it_ring,
    off_network,
    refuses,
    voicemail,
    wrong_keys,
)
from tests.simulator.toy import Form, Toy

ROSE = "+33199000001"
INES = "+33261910001"
LINE = "+33199000100"

DIAL = (
    f'<Dial action="/after" callerId="{LINE}" timeout="15"><Number url="/screen" '
    'statusCallback="/child" statusCallbackEvent="initiated ringing answered completed">'
    f"{INES}</Number></Dial>"
)
SCREEN = '<Gather action="/pressed" numDigits="1"><Say>Tapez 1</Say></Gather><Hangup/>'


@pytest.fixture(autouse=True)
def screened(toy: Toy) -> None:
    """A line that rings Inès, who presses 1 to take the call."""

    def pressed(form: Form) -> str:
        return {"1": "", "2": "<Hangup/>"}.get(form["Digits"], "<Redirect>/screen</Redirect>")

    toy.pages |= {"/voice": DIAL, "/screen": SCREEN, "/pressed": pressed, "/after": "<Hangup/>"}


async def _rose(network: Network, stays: float = 120.0) -> PhoneCall:
    call = await network.phone(ROSE).dials(LINE)
    await call.waits(stays)
    await call.hangs_up()
    return call


def _statuses(toy: Toy) -> list[str]:
    return [form["CallStatus"] for form in toy.forms("/child")]


def test_somebody_who_presses_1_talks_with_the_caller(network: Network, toy: Toy) -> None:
    network.phone(INES).when_rung(answers(after=2, at="tapez 1", talks_for=30))

    async def rose() -> None:
        call = await network.phone(ROSE).dials(LINE)
        assert await call.talks_with_somebody(within=20) == INES
        await call.ends()
        assert call.with_whom is None
        assert call.talked_with == [INES]

    network.run(rose())

    [talk] = network.ledger.bridges(INES)
    assert talk.until == pytest.approx(talk.since + 30, abs=0.5)
    after = toy.forms("/after")[0]
    assert (after["DialCallStatus"], after["DialBridged"]) == ("completed", "true")
    assert after["DialCallDuration"] == "30"
    assert _statuses(toy) == ["initiated", "ringing", "in-progress", "completed"]
    assert toy.forms("/screen")[0]["ParentCallSid"] == after["CallSid"]
    assert [f["SequenceNumber"] for f in toy.forms("/child")] == ["0", "1", "2", "3"]


def test_a_wrong_key_asks_again(network: Network) -> None:
    network.phone(INES).when_rung(wrong_keys("5", "1", at="tapez 1", talks_for=5))

    network.run(_rose(network))

    assert len(network.ledger.bridges(INES)) == 1


@pytest.mark.parametrize(
    ("behaviour", "status", "moves"),
    [
        (declines(), "completed", ["initiated", "ringing", "in-progress", "completed"]),
        (
            hangs_up_while_screened(),
            "completed",
            ["initiated", "ringing", "in-progress", "completed"],
        ),
        (voicemail(), "completed", ["initiated", "ringing", "in-progress", "completed"]),
        (lets_it_ring(), "no-answer", ["initiated", "ringing", "no-answer"]),
        (refuses(), "busy", ["initiated", "ringing", "busy"]),
        (busy(), "busy", ["initiated", "busy"]),
        (does_not_exist(), "failed", ["initiated", "failed"]),
        (off_network(), "no-answer", ["initiated", "no-answer"]),
    ],
)
def test_nobody_is_bridged_without_pressing(
    network: Network, toy: Toy, behaviour: Behaviour, status: str, moves: list[str]
) -> None:
    network.phone(INES).when_rung(behaviour)

    network.run(_rose(network))

    after = toy.forms("/after")[0]
    assert (after["DialCallStatus"], after["DialBridged"]) == (status, "false")
    assert _statuses(toy) == moves
    assert network.ledger.bridges() == []


def test_a_number_that_does_not_exist_says_so(network: Network, toy: Toy) -> None:
    network.phone(INES).when_rung(does_not_exist())

    network.run(_rose(network))

    for form in (toy.forms("/child")[-1], toy.forms("/after")[0]):
        assert (form["ErrorCode"], form["SipResponseCode"]) == ("13224", "404")
    assert network.phone(INES).rung == 0


def test_somebody_screened_out_may_be_reported_as_no_answer(network: Network, toy: Toy) -> None:
    network.switches.screened_out_status = "no-answer"
    network.phone(INES).when_rung(declines())

    network.run(_rose(network))

    assert toy.forms("/after")[0]["DialCallStatus"] == "no-answer"
    assert _statuses(toy)[-1] == "no-answer"


@pytest.mark.parametrize("page", ["", "<Say>Un appel pour vous</Say>"])
def test_a_screening_that_falls_off_its_end_lets_a_voicemail_through(
    network: Network, toy: Toy, page: str
) -> None:
    toy.pages["/screen"] = page
    network.phone(INES).when_rung(voicemail(after=4, talks_for=20))

    async def rose() -> None:
        call = await network.phone(ROSE).dials(LINE)
        await call.hears("(voicemail)", within=20)

    network.run(rose())

    assert toy.forms("/after")[0]["DialBridged"] == "true"


@pytest.mark.parametrize("page", ["<Dial><Number>+33199000009</Number></Dial>", "<Leave/>"])
def test_a_screening_may_not_dial(network: Network, toy: Toy, page: str) -> None:
    toy.pages["/screen"] = page
    network.phone(INES).when_rung(answers(presses=None))

    network.run(_rose(network))

    assert network.ledger.of(Kind.ERROR)[0].status == 12200
    assert network.ledger.bridges() == []


@pytest.mark.parametrize(
    ("stays", "child", "bridged"),
    [(0.5, "no-answer", 0), (1.6, "no-answer", 0), (3.4, "completed", 0), (6.0, "completed", 1)],
    ids=["before it rings", "while it rings", "while screened", "while talking"],
)
def test_the_caller_hangs_up_at_every_stage(
    network: Network, toy: Toy, stays: float, child: str, bridged: int
) -> None:
    network.phone(INES).when_rung(answers(after=2, at="tapez 1", talks_for=60))

    network.run(_rose(network, stays))

    assert _statuses(toy)[-1] == child
    assert len(network.ledger.bridges()) == bridged
    after = toy.forms("/after")[0]
    assert (after["CallStatus"], after["DialCallStatus"]) == ("completed", child)
    assert network.live_legs() == []


def test_the_action_may_be_silent_about_a_caller_who_hung_up(network: Network, toy: Toy) -> None:
    network.switches.action_after_hangup = False
    network.switches.caller_gone_status = "canceled"

    network.run(_rose(network, stays=2.0))

    assert toy.forms("/after") == []
    assert _statuses(toy)[-1] == "canceled"


def test_whoever_is_talking_is_busy(network: Network, toy: Toy) -> None:
    network.phone(INES).when_rung(answers(after=1, talks_for=60))

    async def second() -> None:
        call = await network.phone("+33199000002").dials(LINE)
        await call.waits(20)
        await call.hangs_up()

    async def late() -> None:
        await network.phone(ROSE).calls[0].waits(10)
        await second()

    async def both() -> None:
        call = await network.phone(ROSE).dials(LINE)
        await late()
        assert call.with_whom == INES

    network.run(both())

    assert "busy" in [form["DialCallStatus"] for form in toy.forms("/after")]
    assert network.ledger.rung(INES) == 1


def test_people_behave_differently_from_call_to_call(network: Network, toy: Toy) -> None:
    toy.pages["/after"] = lambda form: DIAL if form["DialBridged"] == "false" else "<Hangup/>"
    network.phone(INES).when_rung(lets_it_ring(), busy(), answers(talks_for=10))

    network.run(_rose(network, stays=300))

    assert [f["DialCallStatus"] for f in toy.forms("/after")] == ["no-answer", "busy", "completed"]


def test_a_forwarded_telephone_brings_the_call_back_to_the_line(network: Network, toy: Toy) -> None:
    toy.pages["/voice"] = lambda form: "<Reject/>" if "ForwardedFrom" in form else DIAL
    network.phone(INES).when_rung(forwards_to(LINE))

    network.run(_rose(network))

    back = toy.forms("/voice")[1]
    assert (back["From"], back["ForwardedFrom"]) == (LINE, INES)
    assert toy.forms("/after")[0]["DialCallStatus"] == "busy"
