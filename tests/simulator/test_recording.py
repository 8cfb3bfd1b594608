"""What is said after the beep is kept by the carrier, and told to whoever asked."""

import pytest
from twilio.base.exceptions import TwilioRestException

from dispatcher.carrier.inside import InsideClient
from dispatcher.carrier.recordings import over_http
from dispatcher.simulator import Network
from dispatcher.simulator.server import RestServer
from tests.simulator.rest_client import twilio_client
from tests.simulator.toy import ACCOUNT, TOKEN, Toy

ROSE, LINE = "+33199000001", "+33199000100"
RECORD = (
    '<Record action="/done" maxLength="20" timeout="5" recordingStatusCallback="/told" '
    'recordingStatusCallbackEvent="completed absent"/><Redirect>/silent</Redirect>'
)


def lives(
    network: Network, toy: Toy, *, says: str = "", presses: str = "", stays: bool = True
) -> None:
    toy.pages |= {"/voice": RECORD, "/done": "<Hangup/>", "/silent": "<Hangup/>", "/told": ""}

    async def rose() -> None:
        call = await network.phone(ROSE).dials(LINE)
        await call.hears("(beep)")
        if says:
            await call.says(says)
        if presses:
            await call.presses(presses)
        if not stays:
            await call.hangs_up()
        await call.ends()

    network.run(rose(), until=60)


@pytest.mark.parametrize(("presses", "stays"), [("#", True), ("", True), ("", False)])
def test_what_is_said_is_kept_until_a_key_silence_or_the_end(
    network: Network, toy: Toy, presses: str, *, stays: bool
) -> None:
    lives(network, toy, says="bonjour", presses=presses, stays=stays)

    [done], [told] = toy.forms("/done"), toy.forms("/told")
    assert done["Digits"] == (presses if stays else "hangup")
    assert told["RecordingStatus"] == "completed"
    assert told["RecordingSid"] in done["RecordingUrl"]
    [there] = network.recordings.left
    assert (there.sid, there.words) == (told["RecordingSid"], "bonjour")


def test_silence_is_no_recording_and_the_document_goes_on(network: Network, toy: Toy) -> None:
    lives(network, toy)

    assert not toy.forms("/done")
    assert len(toy.forms("/silent")) == 1
    assert [form["RecordingStatus"] for form in toy.forms("/told")] == ["absent"]
    assert not network.recordings.left


def test_it_lasts_no_longer_than_asked(network: Network, toy: Toy) -> None:
    lives(network, toy, says="a" * 14 * 40)

    [done] = toy.forms("/done")
    assert done["RecordingDuration"] == "20"


def test_a_recording_is_listed_with_its_call_fetched_and_deleted_once(
    network: Network, toy: Toy
) -> None:
    lives(network, toy, says="bonjour", presses="#")
    client = twilio_client(network)
    call = toy.forms("/done")[0]["CallSid"]

    [listed] = client.calls(call).recordings.list()
    path = f"https://api.twilio.com/2010-04-01/Accounts/{ACCOUNT}/Recordings/{listed.sid}.mp3"
    fetched = InsideClient(network.rest).fetch(path, (ACCOUNT, TOKEN), 99)

    assert listed.status == "completed"
    assert fetched == (200, b"bonjour")
    assert client.recordings(str(listed.sid)).delete() is True
    assert client.calls(call).recordings.list() == []
    with pytest.raises(TwilioRestException, match="was not found"):
        client.recordings(str(listed.sid)).delete()


def test_a_sound_comes_over_http_and_no_more_of_it_than_is_wanted(
    network: Network, toy: Toy
) -> None:
    lives(network, toy, says="bonjour", presses="#")
    [there] = network.recordings.left
    server = RestServer(network)
    url = f"{server.url}/2010-04-01/Accounts/{ACCOUNT}/Recordings/{there.sid}.mp3"
    found: list[tuple[int, bytes]] = []

    async def fetches() -> None:
        loop = network.loop
        found.append(await loop.run_in_executor(None, over_http, url, (ACCOUNT, TOKEN), 99))
        found.append(await loop.run_in_executor(None, over_http, url, (ACCOUNT, "wrong"), 99))

    try:
        network.run(fetches())
    finally:
        server.close()

    assert found[0] == (200, b"bonjour")
    assert found[1][0] == 401
