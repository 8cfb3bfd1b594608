"""What Twilio's documentation leaves open is lived both ways."""

from dataclasses import fields

import pytest

from dispatcher.simulator import Network, Switches, answers
from tests.simulator.rest_client import twilio_client
from tests.simulator.toy import BASE, Form, Toy

ROSE = "+33199000001"
INES = "+33261910001"
LINE = "+33199000100"

DIAL = f'<Dial action="/after" callerId="{LINE}"><Number>{INES}</Number></Dial>'


def test_each_switch_is_turned_once_alone_and_once_with_all_others() -> None:
    alternatives = Switches.alternatives()

    names = [switch.name for switch in fields(Switches) if switch.name != "enqueue_fails_with"]
    assert [switches.turned for switches in alternatives] == [[name] for name in names] + [names]
    assert all(switches.enqueue_fails_with == "" for switches in alternatives)
    assert Switches() not in alternatives


def test_switches_are_named_by_what_is_turned() -> None:
    assert str(Switches()) == "as usual"
    assert str(Switches(type_ahead=False)) == "type_ahead=False"
    assert str(Switches.alternatives()[-1]) == "all turned"


@pytest.mark.parametrize("switches", [Switches(), *Switches.alternatives()], ids=str)
def test_a_conversation_comes_about_both_ways(
    network: Network, toy: Toy, switches: Switches
) -> None:
    network.switches = switches
    toy.pages |= {
        "/voice": '<Gather action="/keyed" numDigits="1"><Say>Tapez 1</Say></Gather>',
        "/keyed": '<Enqueue action="/left" waitUrl="/wait">file</Enqueue>',
        "/wait": '<Say>Merci de patienter</Say><Redirect method="POST">/still</Redirect>',
        "/still": lambda form: "<Leave/>" if form.get("QueueTime", "0") > "3" else "<Say>Ah</Say>",
        "/left": DIAL,
        "/after": "<Hangup/>",
    }
    if switches.wait_starts_over:
        toy.pages["/wait"] = lambda form: "<Leave/>" if form["QueueTime"] > "0" else "<Say>Ah</Say>"
    network.phone(INES).when_rung(answers(presses=None, talks_for=9))

    async def rose() -> None:
        call = await network.phone(ROSE).dials(LINE)
        await call.hears("tapez 1")
        await call.presses("1")
        assert await call.talks_with_somebody() == INES
        await call.ends()

    network.run(rose())

    assert len(network.ledger.bridges(INES)) == 1


@pytest.mark.parametrize("sent", [True, False])
def test_the_key_that_finished_an_answer_may_not_be_told(
    network: Network, toy: Toy, sent: bool
) -> None:
    network.switches.finished_on_key = sent
    toy.pages |= {"/voice": '<Gather action="/keyed" finishOnKey="*"/>', "/keyed": "<Hangup/>"}

    network.run(_presses(network, "05*"))

    told = toy.forms("/keyed")[0]
    assert told["Digits"] == "05"
    assert told.get("FinishedOnKey") == ("*" if sent else None)


@pytest.mark.parametrize(("ends", "digits"), [(True, ["", "05"]), (False, ["05"])])
def test_a_finishing_key_without_digits_may_do_nothing(
    network: Network, toy: Toy, ends: bool, digits: list[str]
) -> None:
    network.switches.finish_key_alone = ends
    toy.pages |= {
        "/voice": '<Gather action="/keyed" finishOnKey="*" actionOnEmptyResult="true"/>',
        "/keyed": lambda form: "<Hangup/>" if form["Digits"] else "<Redirect>/voice</Redirect>",
    }

    network.run(_presses(network, "*05*"))

    assert [form["Digits"] for form in toy.forms("/keyed")] == digits


def test_a_finishing_key_that_does_nothing_leaves_the_question_open(
    network: Network, toy: Toy
) -> None:
    network.switches.finish_key_alone = False
    toy.pages |= {"/voice": '<Gather action="/keyed" finishOnKey="*"/>', "/keyed": "<Hangup/>"}

    network.run(_presses(network, "*"))

    assert toy.forms("/keyed") == []


@pytest.mark.parametrize(
    ("over", "order"),
    [
        (True, ["/wait", "/repeat", "/wait", "/wait"]),
        (False, ["/wait", "/repeat", "/repeat", "/repeat"]),
    ],
)
def test_a_wait_goes_on_with_its_first_document_or_its_last(
    network: Network, toy: Toy, over: bool, order: list[str]
) -> None:
    network.switches.wait_starts_over = over
    toy.pages |= {
        "/voice": '<Enqueue waitUrl="/wait">file</Enqueue>',
        "/wait": '<Gather action="/repeat" numDigits="1" timeout="9"><Say>Attendez</Say></Gather>',
        "/repeat": "<Say>Attendez encore</Say><Pause length='8'/>",
    }

    async def rose() -> None:
        call = await network.phone(ROSE).dials(LINE)
        await call.hears("attendez")
        await call.presses("*")
        await call.waits(20)
        await call.hangs_up()

    network.run(rose())

    waits = [(path, form) for path, form in toy.posted if path in {"/wait", "/repeat"}]
    assert [path for path, _ in waits] == order
    assert [form.get("QueuePosition") for _, form in waits] == ["1", None, "1", "1"]
    assert [form.get("Digits") for _, form in waits] == [None, "*", None, None]


@pytest.mark.parametrize("asked", [True, False])
def test_the_action_of_a_dial_torn_by_a_redirect(network: Network, toy: Toy, asked: bool) -> None:
    network.switches.action_after_redirect = asked
    toy.pages |= {"/voice": DIAL, "/after": "<Say>Jamais</Say>", "/moved": "<Say>Ailleurs</Say>"}
    network.phone(INES).when_rung(answers(presses=None, talks_for=None))
    client = twilio_client(network)

    async def rose() -> None:
        call = await network.phone(ROSE).dials(LINE)
        await call.talks_with_somebody()
        client.calls(call.sid).update(url=f"{BASE}/moved")
        await call.hears("ailleurs", within=5)
        await call.ends()

    network.run(rose())

    told: list[Form] = toy.forms("/after")
    assert [form["DialCallStatus"] for form in told] == ["completed"] * asked
    assert "Jamais" not in network.phone(ROSE).transcript


async def _presses(network: Network, keys: str) -> None:
    call = await network.phone(ROSE).dials(LINE)
    await call.waits(1)
    await call.presses(keys)
    await call.ends()
