"""The simulated network, over loopback, of a service whose processes run with these settings."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import datetime

from dispatcher.simulator import FastLoop, HttpPost, IncomingNumber, Network
from dispatcher.simulator.server import RestServer

DOORS = ("/voice/incoming", "/voice/fallback", "/voice/status", "/sms/incoming")


@contextmanager
def network_of(
    environ: Mapping[str, str], *, speed: float, starts_at: datetime, seed: int = 1
) -> Iterator[Network]:
    """It calls the service's doors and serves its REST requests, until the end of the block."""
    url = environ["PUBLIC_BASE_URL"]
    with (
        closing(HttpPost()) as post,
        Network(
            post,
            {"*": IncomingNumber(*(url + door for door in DOORS))},
            account_sid=environ["TWILIO_ACCOUNT_SID"],
            auth_token=environ["TWILIO_AUTH_TOKEN"],
            loop=FastLoop(speed),
            seed=seed,
            starts_at=starts_at,
        ) as network,
        closing(RestServer(network, int(environ["TWILIO_API_BASE_URL"].rpartition(":")[2]))),
    ):
        network.when_missed = _is_no_matter
        yield network


def _is_no_matter(missed: AssertionError) -> None:
    """Somebody's ring came to nothing, as rings do."""
    logging.getLogger(__name__).debug("%s", missed)
