"""A strict network refuses requests that Twilio does not document, and it is seen."""

from typing import Any

import pytest

from dispatcher.simulator import Network
from dispatcher.simulator.documented.rest import undocumented
from tests.simulator.toy import ACCOUNT, TOKEN

Asked = dict[str, list[str]]
CALL, QUEUE = "CA" + "1" * 32, "QU" + "2" * 32
HERE = "https://permanence.test/here"
WHO = {"To": "+33465710001", "From": "+33199000100"}
REFUSED: dict[str, tuple[str, str, Asked]] = {
    "an unknown field": ("POST", "/Calls.json", {"Too": ["+33465710001"]}),
    "an unknown method": ("POST", "/Calls.json", {"Method": ["FOO"]}),
    "an unknown status": ("POST", f"/Calls/{CALL}.json", {"Status": ["finished"]}),
    "a word for a number": ("POST", "/Calls.json", {"Timeout": ["soon"]}),
    "no truth": ("POST", "/Calls.json", {"Record": ["perhaps"]}),
    "a filter that is none": ("GET", "/Calls.json", {"Direction": ["inbound"]}),
    "a page too large": ("GET", "/Calls.json", {"PageSize": ["1001"]}),
    "a page of nothing": ("GET", "/Messages.json", {"PageSize": ["0"]}),
    "half an address": ("POST", "/Calls.json", {"Url": ["/here"]}),
    "an address without a place": ("POST", "/Calls.json", {"StatusCallback": ["https:///here"]}),
    "an address with a space": ("POST", "/Calls.json", {"Url": [HERE + " and there"]}),
    "another protocol": ("POST", "/Messages.json", {"StatusCallback": ["ftp://permanence.test"]}),
    "half an address for a member": (
        "POST",
        f"/Queues/{QUEUE}/Members/{CALL}.json",
        {"Url": ["/here"]},
    ),
    "an unknown event": ("POST", "/Calls.json", {"StatusCallbackEvent": ["answered", "sung"]}),
    "no date": ("GET", "/Calls.json", {"StartTime>": ["yesterday"]}),
    "a month too many": ("GET", "/Calls.json", {"EndTime": ["2026-13-01"]}),
    "a week": ("GET", "/Calls.json", {"StartTime": ["2026-W48-2"]}),
    "two telephones": ("POST", "/Calls.json", {"To": ["+33465710001", "+33465710002"]}),
}
NOWHERE = {
    "a call's id that is none": ("GET", "/Calls/CA123.json"),
    "a text's id that is a call's": ("GET", f"/Messages/{CALL}.json"),
    "a queue's name for its id": ("GET", "/Queues/ligne/Members.json"),
    "a resource that is none": ("POST", "/Dreams.json"),
}
TAKEN: dict[str, tuple[str, str, Asked]] = {
    "a call": (
        "POST",
        "/Calls.json",
        {"To": ["+33465710001"], "Timeout": ["15"], "Method": ["POST"], "Url": [HERE]},
    ),
    "several events": ("POST", "/Calls.json", {"StatusCallbackEvent": ["initiated", "completed"]}),
    "a member": ("POST", f"/Queues/{QUEUE}/Members/{CALL}.json", {"Url": [HERE]}),
    "the first of them": ("GET", f"/Queues/{QUEUE}/Members/Front.json", {}),
    "a list": ("GET", "/Calls.json", {"StartTime>": ["2026-11-24T09:00:00Z"], "PageSize": ["50"]}),
    "the largest page": ("GET", "/Calls.json", {"StartTime": ["2026-11-24"], "PageSize": ["1000"]}),
    "a text": ("POST", "/Messages.json", {"To": ["+33639980001"], "Body": ["Bonjour"]}),
}


@pytest.mark.parametrize(("method", "path", "fields"), REFUSED.values(), ids=REFUSED)
def test_a_request_that_is_not_documented_is_found(method: str, path: str, fields: Asked) -> None:
    assert undocumented(method, path, fields)


@pytest.mark.parametrize(("method", "path", "fields"), TAKEN.values(), ids=TAKEN)
def test_a_documented_request_is_taken(method: str, path: str, fields: Asked) -> None:
    assert undocumented(method, path, fields) == []


def test_what_is_not_documented_is_refused_and_a_failure(network: Network) -> None:
    status, answer = ask(network, "POST", "/Calls.json", WHO | {"Url": "/here"})

    assert (status, answer["code"]) == (400, 20001)
    assert [entry.detail for entry in network.ledger.failures()] == ["Url='/here'"]
    assert network.undocumented() == network.ledger.failures()
    assert not network.legs


@pytest.mark.parametrize(("method", "path"), NOWHERE.values(), ids=NOWHERE)
def test_what_leads_nowhere_is_not_found_and_a_failure(
    network: Network, method: str, path: str
) -> None:
    status, answer = ask(network, method, path)

    assert (status, answer["code"]) == (404, 20404)
    assert [entry.path for entry in network.undocumented()] == [f"{method} {path}"]


def test_a_call_that_is_no_more_is_not_found_and_no_failure(network: Network) -> None:
    status, _ = ask(network, "GET", f"/Calls/{CALL}.json")

    assert status == 404
    assert not network.ledger.failures()


def test_what_an_address_gives_twice_is_heard_twice(network: Network) -> None:
    twice = "To=%2B33465710001&To=%2B33465710002"

    status, answer = ask(network, "GET", f"/Calls.json?{twice}")

    assert (status, answer["message"]) == (400, "To is given 2 times")


def test_an_address_and_a_body_that_give_the_same_give_it_twice(network: Network) -> None:
    status, answer = ask(network, "POST", "/Calls.json?To=%2B33465710002", WHO | {"Url": HERE})

    assert (status, answer["message"]) == (400, "To is given 2 times")


@pytest.mark.usefixtures("lenient")
def test_a_lenient_network_asks_no_such_questions(network: Network) -> None:
    status, _ = ask(network, "GET", "/Calls.json?Direction=inbound&PageSize=1001")

    assert status == 200
    assert not network.ledger.failures()


def ask(network: Network, method: str, path: str, fields: dict[str, str] | None = None) -> Any:
    """What the account's own application is answered."""
    account = f"/2010-04-01/Accounts/{ACCOUNT}"
    return network.rest(method, account + path, fields or {}, (ACCOUNT, TOKEN))
