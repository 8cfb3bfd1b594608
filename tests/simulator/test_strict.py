"""A strict network refuses documents that Twilio does not document, and finds nothing in others."""

from xml.etree import ElementTree

import pytest

from dispatcher.simulator import Network
from dispatcher.simulator.documented.twiml import undocumented
from tests.simulator.toy import Toy

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
  <Dial><Sip>sip:rose@permanence.test<Uri priority="1">sip:ines@permanence.test</Uri></Sip></Dial>
  <Dial>+33465710001</Dial><Refer><Sip>sip:rose@permanence.test</Sip></Refer>
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
    "a class for a tag": "<Refer><ReferSip>sip:rose@permanence.test</ReferSip></Refer>",
    "what another Sip may have": '<Refer><Sip username="rose">sip:rose@permanence.test</Sip></Refer>',
    "a Uri alone": "<Dial><Uri>sip:rose@permanence.test</Uri></Dial>",
    "text between verbs": "Bonjour<Hangup/>",
    "text after a verb": "<Hangup/>Bonjour",
    "text in Hangup": "<Hangup>Au revoir</Hangup>",
    "text beside a question": "<Gather>Tapez 1.<Say>Tapez 2.</Say></Gather>",
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
    assert any("speed" in entry.detail for entry in network.undocumented())


@pytest.mark.parametrize(("page", "odd"), [("<Say>", True), ("<Parle/>", True), (None, False)])
def test_of_failures_only_what_was_said_wrongly_is_undocumented(
    network: Network, toy: Toy, page: str | None, odd: bool
) -> None:
    if page is not None:
        toy.pages["/voice"] = page

    async def somebody() -> None:
        await (await network.phone("+33199000001").dials("+33199000100")).ends(within=30)

    network.run(somebody())

    assert network.ledger.failures()
    assert bool(network.undocumented()) is odd
