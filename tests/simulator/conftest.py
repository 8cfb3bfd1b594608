"""A network with a toy application on it."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from dispatcher.simulator import IncomingNumber, Network, WsgiPost
from tests.simulator.toy import ACCOUNT, BASE, TOKEN, Toy


@pytest.fixture
def toy() -> Toy:
    return Toy({"/status": "", "/child": ""})


@pytest.fixture
def post(toy: Toy) -> WsgiPost:
    return WsgiPost(toy)


@pytest.fixture
def network(toy: Toy, post: WsgiPost) -> Iterator[Network]:
    line = IncomingNumber(f"{BASE}/voice", status_url=f"{BASE}/status", sms_url=f"{BASE}/sms")
    starts_at = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
    with Network(
        post, {"*": line}, account_sid=ACCOUNT, auth_token=TOKEN, starts_at=starts_at
    ) as network:
        yield network
    assert not toy.bad_signatures
    assert not network.ledger.overlapping_bridges()


@pytest.fixture
def lenient(network: Network) -> None:
    """The network passes over what is not documented, with a warning, as Twilio itself does."""
    network.strict = False
