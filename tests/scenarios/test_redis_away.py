"""Redis does not answer at all: nobody is lost, and nobody hears an error."""

import pytest
from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from dispatcher.domain.callbacks import State
from dispatcher.simulator import PhoneCall, answers
from tests.office import Office
from tests.people import INES, ROSE


@pytest.fixture
def away(office: Office) -> Office:
    """An office whose board asks a Redis that is not there, until it is back."""
    here = office.services.board._redis
    nowhere = Redis(port=1, socket_connect_timeout=0.05, retry=Retry(NoBackoff(), 0))
    office.has(INES)
    office.network.phone(INES.number).when_rung(answers(at="tapez 1", talks_for=10))
    _connect(office, nowhere)
    office.network.after(60, lambda: _connect(office, here))
    return office


def _connect(office: Office, redis: Redis) -> None:
    office.services.board.__init__(redis)  # type: ignore[misc]


def test_a_caller_waits_and_is_served_when_it_is_back(away: Office) -> None:
    async def rose() -> None:
        call = await away.asks(ROSE)
        await call.hears("Votre place est gardée", within=30)
        assert await call.talks_with_somebody(within=120) == INES.number
        await call.ends()

    away.run(rose())

    assert not away.network.ledger.failures()


def test_a_caller_may_leave_for_a_callback_meanwhile(away: Office) -> None:
    away.network.phone(ROSE.number).when_rung(answers(at="tapez 1", talks_for=None))
    calls: list[PhoneCall] = []

    async def rose() -> None:
        call = await away.asks(ROSE)
        calls.append(call)
        await call.hears("sans perdre votre place", within=30)
        await call.presses("1")
        await call.hears("Nous vous rappellerons", within=20)
        await call.hangs_up()

    away.run(rose(), until=150)

    assert away.callback(calls[0]).state is State.REACHED
