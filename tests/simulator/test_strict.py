"""A strict network refuses what Twilio does not document, and finds nothing in what it does."""

from xml.etree import ElementTree

import pytest

from dispatcher.simulator import Network
from dispatcher.simulator.documented import rest
from dispatcher.simulator.documented.twiml import undocumented
from tests.simulator.toy import ACCOUNT, TOKEN, Toy

RICH = """<Response>
  <Say voice="Polly.Lea" language="fr-FR" loop="2">Bonjour <break strength="weak"/>
    <lang xml:lang="en-GB">Permanence</lang>
    <prosody rate="88%">à <say-as interpret-as="telephone">0199000001</say-as></prosody></Say>
  <Gather input="dtmf speech" language="fr-FR" hints="Gap,Vars" speechTimeout="auto" numDigits="5"
    finishOnKey="*" actionOnEmptyResult="true" action="/answer" method="POST" timeout="7">
    <Play loop="1">/sounds/greeting.mp3</Play><Pause length="1"/><Say>Tapez.</Say>
  </Gather>
  <Dial callerId="+33199000100" timeout="15" ringTone="fr" action="/ended" answerOnBridge="true">
    <Number url="/screen" statusCallback="/legs"
      statusCallbackEvent="initiated ringing answered completed">+33465710001</Number>
  </Dial>
  <Enqueue waitUrl="/wait" waitUrlMethod="POST" action="/left">ligne</Enqueue>
  <Redirect method="POST">/next</Redirect><Leave/><Reject reason="busy"/><Hangup/>
</Response>"""
PLANTED = {
    "an unknown verb": "<Parle>Bonjour</Parle>",
    "an unknown attribute": '<Say speed="slow">Bonjour</Say>',
    "a word for a number": '<Gather numDigits="un"/>',
    "a unit": '<Dial timeout="20s">+33465710001</Dial>',
    "no truth": '<Gather actionOnEmptyResult="yes"/>',
    "an unknown input": '<Gather input="dtmf smell"/>',
    "an unknown voice": '<Say voice="Polly.Rose">Bonjour</Say>',
    "an unknown language": '<Say language="fr-XX">Bonjour</Say>',
    "an unknown method": '<Redirect method="FOO">/next</Redirect>',
    "an unknown reason": '<Reject reason="tired"/>',
    "an unknown event": '<Dial><Number statusCallbackEvent="sung">+33465710001</Number></Dial>',
    "a tone of nowhere": '<Dial ringTone="xx">+33465710001</Dial>',
    "Dial in Gather": "<Gather><Dial>+33465710001</Dial></Gather>",
    "Say in Dial": "<Dial><Say>Bonjour</Say></Dial>",
    "Number at the top": "<Number>+33465710001</Number>",
    "an attribute of another": '<Dial url="/screen"><Number>+33465710001</Number></Dial>',
}


def test_what_is_documented_is_found_to_be() -> None:
    assert undocumented(ElementTree.fromstring(RICH)) == []
    reply = "<Response><Message>Appelez le 01 99 00 01 00.</Message></Response>"
    assert undocumented(ElementTree.fromstring(reply), kind="message") == []


@pytest.mark.parametrize("planted", PLANTED.values(), ids=PLANTED)
def test_whatever_is_not_is_found(planted: str) -> None:
    document = f"<Response>{planted}</Response>"

    assert undocumented(ElementTree.fromstring(document))


@pytest.mark.parametrize("strict", [True, False])
def test_a_strict_network_refuses_what_twilio_would_pass_over(
    network: Network, toy: Toy, strict: bool
) -> None:
    network.strict = strict
    toy.pages["/voice"] = '<Say speed="slow">Bonjour</Say><Hangup/>'

    async def somebody() -> None:
        call = await network.phone("+33199000001").dials("+33199000100")
        await call.ends(within=30)
        assert ("Bonjour" in str(call.transcript)) is not strict

    network.run(somebody())

    assert any("speed" in entry.detail for entry in network.ledger.failures())


CALL, QUEUE = "CA" + "1" * 32, "QU" + "2" * 32
REFUSED = {
    "an unknown field": ("POST", "/Calls.json", {"Too": ["+33465710001"]}),
    "an unknown method": ("POST", "/Calls.json", {"Method": ["FOO"]}),
    "an unknown status": ("POST", f"/Calls/{CALL}.json", {"Status": ["finished"]}),
    "a call's id that is none": ("GET", "/Calls/CA123.json", {}),
    "a word for a number": ("POST", "/Calls.json", {"Timeout": ["soon"]}),
    "no truth": ("POST", "/Calls.json", {"Record": ["perhaps"]}),
    "a filter that is none": ("GET", "/Calls.json", {"Direction": ["inbound"]}),
    "a resource that is none": ("POST", "/Dreams.json", {}),
}
TAKEN = {
    "a call": (
        "POST",
        "/Calls.json",
        {"To": ["+33465710001"], "Timeout": ["15"], "Method": ["POST"]},
    ),
    "several events": ("POST", "/Calls.json", {"StatusCallbackEvent": ["initiated", "completed"]}),
    "a member": (
        "POST",
        f"/Queues/{QUEUE}/Members/{CALL}.json",
        {"Url": ["https://permanence.test"]},
    ),
    "a list": ("GET", "/Calls.json", {"StartTime>": ["2026-11-24T09:00:00Z"], "PageSize": ["50"]}),
    "a text": ("POST", "/Messages.json", {"To": ["+33639980001"], "Body": ["Bonjour"]}),
}


@pytest.mark.parametrize(("method", "path", "fields"), REFUSED.values(), ids=REFUSED)
def test_a_request_that_is_not_documented_is_found(
    method: str, path: str, fields: dict[str, list[str]]
) -> None:
    assert rest.undocumented(method, path, fields)


@pytest.mark.parametrize(("method", "path", "fields"), TAKEN.values(), ids=TAKEN)
def test_a_documented_request_is_taken(
    method: str, path: str, fields: dict[str, list[str]]
) -> None:
    assert rest.undocumented(method, path, fields) == []


def test_a_strict_network_answers_it_with_a_400(network: Network) -> None:
    network.strict = True
    account = f"/2010-04-01/Accounts/{ACCOUNT}"

    status, answer = network.rest("POST", f"{account}/Calls.json", {"Too": "me"}, (ACCOUNT, TOKEN))

    assert (status, answer["code"]) == (400, 20001)
