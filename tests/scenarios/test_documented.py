"""An office in which something was said or asked that Twilio does not document cannot close."""

from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

import pytest

from dispatcher.simulator import Network, answers
from tests.office import open_office
from tests.people import INES, LINE
from tests.simulator.toy import ACCOUNT

ACCOUNTS = f"/2010-04-01/Accounts/{ACCOUNT}"


def says_it(network: Network) -> None:
    """A call whose document has a verb of ours."""
    network.phone(INES.number).when_rung(answers())
    document = "<Response><Parle>Bonjour</Parle></Response>"
    call = {"To": INES.number, "From": LINE, "Twiml": document}
    assert network.rest("POST", f"{ACCOUNTS}/Calls.json", call)[0] == 201


def asks_it(network: Network) -> None:
    """A list chosen by a field of ours."""
    assert network.rest("GET", f"{ACCOUNTS}/Calls.json?Direction=inbound")[0] == 400


def leads_nowhere(network: Network) -> None:
    """A call's id that is none."""
    assert network.rest("GET", f"{ACCOUNTS}/Calls/CA123.json")[0] == 404


@pytest.mark.parametrize("on_purpose", [False, True])
@pytest.mark.parametrize(
    ("does", "told"),
    [(says_it, "<Parle>"), (asks_it, "Direction"), (leads_nowhere, "CA123")],
)
def test_an_office_closes_only_over_what_is_documented_or_meant(
    sqlite_url: str,
    redis_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    does: Callable[[Network], None],
    told: str,
    on_purpose: bool,
) -> None:
    closing = nullcontext() if on_purpose else pytest.raises(AssertionError, match=told)

    with closing, open_office(sqlite_url, redis_url, tmp_path, monkeypatch) as office:
        office.undocumented_on_purpose = on_purpose
        does(office.network)
        office.run(office.waits(30))
