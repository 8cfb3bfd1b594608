"""Whatever people and requests do, at whatever moment: the network itself never gets stuck."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from random import Random

import pytest
from twilio.base.exceptions import TwilioException

from dispatcher.simulator import (
    Behaviour,
    Faults,
    IncomingNumber,
    Kind,
    Network,
    RestRates,
    Switches,
    WsgiPost,
    answers,
    busy,
    declines,
    forwards_to,
    hangs_up_while_screened,
    lets_it_ring,
    off_network,
    refuses,
    voicemail,
)
from tests.simulator.rest_client import twilio_client
from tests.simulator.toy import ACCOUNT, BASE, TOKEN, Form, Toy

LINE = "+33199000100"
CALLERS = [f"+331990000{n:02d}" for n in range(12)]
AGENTS = [f"+332619100{n:02d}" for n in range(4)]
LISTEN = '<Gather input="dtmf speech" action="/wait" speechTimeout="auto" timeout="2"/>'
SCREEN = '<Gather action="/pressed" numDigits="1"><Say>Tapez 1</Say></Gather><Hangup/>'


def _toy(dice: Random) -> Toy:
    def dial(_: Form) -> str:
        agent = dice.choice(AGENTS)
        return (
            f'<Dial action="/after" callerId="{LINE}" timeout="10"><Number url="/screen" '
            f'statusCallback="/status" statusCallbackEvent="initiated answered completed">{agent}'
            "</Number></Dial>"
        )

    def wait(_: Form) -> str:
        pages = ["<Leave/>", "<Say>Patience</Say>", "<Pause length='3'/>", "<Hangup/>", LISTEN]
        return dice.choice(pages)

    def after(form: Form) -> str:
        return dial(form) if form["DialBridged"] == "false" else "<Hangup/>"

    return Toy(
        {
            "/voice": '<Enqueue action="/left" waitUrl="/wait">file</Enqueue>',
            "/wait": wait,
            "/left": dial,
            "/after": after,
            "/screen": SCREEN,
            "/pressed": lambda form: "" if form["Digits"] == "1" else "<Hangup/>",
            "/status": "",
        }
    )


def _behaviours() -> list[Behaviour]:
    kinds: list[Callable[[], Behaviour]] = [
        declines, voicemail, lets_it_ring, busy, refuses, off_network,
        hangs_up_while_screened,
    ]  # fmt: skip
    return [answers(talks_for=15)] * 8 + [kind() for kind in kinds] + [forwards_to(LINE)]


@pytest.mark.parametrize("seed", range(15))
def test_a_day_of_chance_ends_with_every_call_over(seed: int) -> None:
    dice = Random(seed)
    toy, line = _toy(dice), IncomingNumber(f"{BASE}/voice", status_url=f"{BASE}/status")
    network = Network(WsgiPost(toy), {"*": line}, account_sid=ACCOUNT, auth_token=TOKEN, seed=seed)
    network.faults = Faults(
        seed, duplicate=0.3, delay=(0, 5), reorder=0.3, voice_delay=(0, 1), unheard=0.3
    )
    network.switches = dice.choice(Switches.alternatives())
    network.rest_faults.rates.append(
        RestRates(seed, throttled=0.1, fails_before=0.1, fails_after=0.1, hangs=0.1)
    )
    client = twilio_client(network)
    for agent in AGENTS:
        network.phone(agent).when_rung(*dice.choices(_behaviours(), k=12))

    async def caller(number: str) -> None:
        await asyncio.sleep(dice.uniform(0, 60))
        call = await network.phone(number).dials(LINE)
        ends_at = network.seconds() + dice.uniform(0, 200)
        while network.seconds() < ends_at and not call.ended:
            await dice.choice([call.says, call.presses])("1")
            await call.waits(dice.uniform(0, 10))
        await call.hangs_up()

    def meddle() -> None:
        live = network.live_legs()
        if not live:
            return
        change = dice.choice([{"status": "completed"}, {"url": f"{BASE}/left"}])
        with suppress(TwilioException):
            client.calls(dice.choice(live).sid).update(**change)

    network.every(11.3, meddle)
    with network:
        network.run(*(caller(number) for number in CALLERS), settle=600)

        assert network.live_legs() == []
        assert network.ledger.overlapping_bridges() == []
        assert all(talk.until is not None for talk in network.ledger.talks)
        assert not network.ledger.of(Kind.ERROR)
        ended = [entry.call for entry in network.ledger.of(Kind.ENDED)]
        assert sorted(ended) == sorted(network.legs)
    assert not toy.bad_signatures
