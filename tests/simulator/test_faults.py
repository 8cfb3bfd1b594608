"""Doubled, late and reordered webhooks, repeatable by their seed."""

import pytest

from dispatcher.simulator import Faults, IncomingNumber, Network, WsgiPost, answers
from tests.simulator.toy import ACCOUNT, BASE, TOKEN, Toy

ROSE = "+33199000001"
INES = "+33261910001"
LINE = "+33199000100"
DIAL = (
    f'<Dial callerId="{LINE}"><Number statusCallback="/child" '
    f'statusCallbackEvent="initiated ringing answered completed">{INES}</Number></Dial>'
)


def _history(faults: Faults) -> list[tuple[str, str, str]]:
    toy = Toy({"/voice": DIAL, "/child": "", "/status": ""})
    line = IncomingNumber(f"{BASE}/voice", status_url=f"{BASE}/status")
    network = Network(WsgiPost(toy), {"*": line}, account_sid=ACCOUNT, auth_token=TOKEN)
    network.faults = faults
    network.phone(INES).when_rung(answers(presses=None, after=1, talks_for=2))

    async def rose() -> None:
        await (await network.phone(ROSE).dials(LINE)).ends()

    with network:
        network.run(rose())
    tokens = [headers["I-Twilio-Idempotency-Token"] for headers in toy.headers]
    return [
        (path, form["CallStatus"], token)
        for (path, form), token in zip(toy.posted, tokens, strict=True)
    ]


def test_without_faults_everything_comes_once_and_in_order() -> None:
    moves = [status for path, status, _ in _history(Faults()) if path == "/child"]

    assert moves == ["initiated", "ringing", "in-progress", "completed"]


def test_the_same_seed_lives_the_same_day() -> None:
    def faults(seed: int) -> Faults:
        return Faults(seed, duplicate=0.4, delay=(0, 5), reorder=0.3, voice_delay=(0, 2))

    assert _history(faults(3)) == _history(faults(3))
    assert _history(faults(3)) != _history(faults(4))


def test_a_doubled_webhook_carries_the_same_token() -> None:
    history = _history(Faults(2, duplicate=1.0))

    assert len(history) == 12
    assert {history.count(entry) for entry in history} == {2}


def test_held_back_callbacks_are_overtaken() -> None:
    orders = {
        tuple(status for path, status, _ in _history(Faults(seed, reorder=0.5)) if path == "/child")
        for seed in range(8)
    }

    assert len(orders) > 1


def test_an_answer_that_is_lost_is_asked_for_again() -> None:
    toy = Toy({"/voice": "<Hangup/>"})
    line = IncomingNumber(f"{BASE}/voice")
    network = Network(
        WsgiPost(toy, latency=16.0), {"*": line}, account_sid=ACCOUNT, auth_token=TOKEN
    )

    async def rose() -> None:
        call = await network.phone(ROSE).dials(LINE)
        await call.hears("application error", within=60)

    with network:
        network.run(rose())

    assert [entry.status for entry in network.ledger.webhooks("/voice")] == [0, 0]
    assert network.ledger.failures()[-1].status == 11205


@pytest.mark.parametrize("seed", range(3))
def test_a_retried_request_for_twiml_uses_one_answer(seed: int) -> None:
    toy = Toy({"/voice": lambda _: f"<Say>Fois {len(toy.forms('/voice'))}</Say>"})
    line = IncomingNumber(f"{BASE}/voice")
    network = Network(WsgiPost(toy), {"*": line}, account_sid=ACCOUNT, auth_token=TOKEN)
    network.faults = Faults(seed, duplicate=1.0)

    async def rose() -> None:
        call = await network.phone(ROSE).dials(LINE)
        await call.hears("fois")
        await call.ends()

    with network:
        network.run(rose())

    assert len(toy.forms("/voice")) == 2
