"""The one way out, at each of the four places where something is dialled or texted."""

import logging
from collections.abc import Callable
from xml.etree import ElementTree

import pytest

from config.words import words
from dispatcher.carrier.barring import Barred, Barring
from dispatcher.carrier.rest import Carrier, Refused
from dispatcher.carrier.twiml import Renderer
from dispatcher.domain import doors
from dispatcher.domain.calls import OfferId
from dispatcher.domain.channels import Softphone
from dispatcher.domain.numbers import PhoneNumber, is_mobile
from dispatcher.domain.offers import no_such_number
from dispatcher.domain.script import Ring, Say
from dispatcher.domain.texts import Reason, TextId
from tests.carrier.traps import ALWAYS, FICTION, SERVED, TRAPS
from tests.office import BASE
from tests.operations.wire import Wire
from tests.simulator.toy import ACCOUNT, TOKEN

OFFER = OfferId("abc")
LINE = "+33199000100"


class Out:
    """Every way out of one deployment, and what went through each."""

    def __init__(self, *, fiction: bool = False, barring: Barring | None = None) -> None:
        barring, self.wire = barring or Barring(fiction=fiction), Wire()
        self.carrier = Carrier(
            ACCOUNT, TOKEN, public_base_url=BASE, barring=barring, http_client=self.wire
        )
        self.renderer = Renderer(words("spoken"), BASE, barring=barring)

    def rings(self, number: str) -> None:
        self.carrier.ring_agent(PhoneNumber(number), OFFER, caller_id=LINE, seconds=15)

    def texts(self, number: str) -> None:
        self.carrier.text(PhoneNumber(number), "Bonjour", sender="Permanence", id=TextId("a1"))

    def dials(self, number: str, *, door: str = "ended") -> list[ElementTree.Element]:
        ring = Ring(PhoneNumber(number), LINE, 15, "/screen", None, doors.offer(OFFER, door))
        return list(ElementTree.fromstring(self.renderer.render((Say("offer.connecting"), ring))))

    def dials_browser(self, softphone: Softphone) -> list[ElementTree.Element]:
        ring = Ring(softphone, LINE, 15, "/screen", "/legs", doors.offer(OFFER, "ended"))
        return list(ElementTree.fromstring(self.renderer.render((ring,))))

    def replies(self, number: str, **how: bool) -> list[ElementTree.Element]:
        document = self.renderer.reply(PhoneNumber(number), "Bonjour", **how)
        return list(ElementTree.fromstring(document))


def test_there_are_traps_enough() -> None:
    assert len(set(TRAPS)) == len(TRAPS) >= 60


@pytest.mark.parametrize("number", TRAPS)
@pytest.mark.parametrize("way", [Out.rings, Out.texts])
def test_no_trap_is_rung_or_texted_by_a_request(
    way: Callable[[Out, str], None], number: str
) -> None:
    out = Out()

    with pytest.raises(Refused) as refused:
        way(out, number)

    assert out.wire.asked == []
    assert (refused.value.permanent, refused.value.status) == (True, None)
    assert no_such_number(refused.value.code)
    assert str(refused.value).startswith("barred: ")
    assert len(number) < 7 or number not in str(refused.value)
    assert refused.value.__cause__ is None


@pytest.mark.parametrize("number", TRAPS)
def test_no_trap_is_dialled_from_a_leg_which_goes_on_as_after_a_dial_that_failed(
    number: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)

    said, redirect = Out().dials(number)

    assert (said.tag, redirect.tag) == ("Say", "Redirect")
    assert redirect.text == f"{BASE}/voice/offers/abc/ended?DialCallStatus=failed"
    assert "barred" in caplog.text
    assert len(number) < 7 or number not in caplog.text


@pytest.mark.parametrize("number", TRAPS)
def test_no_trap_is_answered_a_text(number: str) -> None:
    assert Out().replies(number) == []


@pytest.mark.parametrize("number", ALWAYS)
def test_a_simulated_carrier_opens_the_mobiles_of_films_and_nothing_else(number: str) -> None:
    with pytest.raises(Barred):
        Barring(fiction=True).let_out(number)


@pytest.mark.parametrize("number", FICTION)
def test_over_a_simulated_carrier_the_mobiles_of_films_are_rung(number: str) -> None:
    out = Out(fiction=True)

    out.rings(number)
    out.texts(number)

    assert [asked.fields["To"] for asked in out.wire.asked] == [number, number]
    assert [verb.tag for verb in out.dials(number)] == ["Say", "Dial"]
    assert [verb.tag for verb in out.replies(number)] == ["Message"]


@pytest.mark.parametrize("number", SERVED)
def test_whom_we_serve_is_let_out(number: str) -> None:
    out = Out()

    out.rings(number)

    assert [asked.fields["To"] for asked in out.wire.asked] == [number]
    [_, dial] = out.dials(number)
    assert [each.text for each in dial] == [number]
    [message] = out.replies(number)
    assert (message.get("to"), message.text) == (number, "Bonjour")


@pytest.mark.parametrize("number", SERVED)
def test_of_whom_we_serve_mobiles_are_texted_and_landlines_are_not(number: str) -> None:
    out, mobile = Out(), is_mobile(number)

    if not mobile:
        with pytest.raises(Refused) as refused:
            out.texts(number)
        assert (refused.value.reason, refused.value.code) == (Reason.NOT_MOBILE, 21614)
    else:
        out.texts(number)

    assert [asked.fields["To"] for asked in out.wire.asked] == [number] * mobile


def test_whoever_said_stop_is_texted_only_that_it_is_heeded() -> None:
    barring = Barring(fiction=True, stopped=lambda number: number == FICTION[0])
    out = Out(barring=barring)

    with pytest.raises(Refused) as refused:
        out.texts(FICTION[0])
    out.texts(FICTION[1])

    assert (refused.value.reason, refused.value.code) == (Reason.STOPPED, 21610)
    assert [asked.fields["To"] for asked in out.wire.asked] == [FICTION[1]]
    assert out.replies(FICTION[0]) == []
    assert len(out.replies(FICTION[0], confirms=True)) == 1
    assert [verb.tag for verb in out.dials(FICTION[0])] == ["Say", "Dial"], "they may be rung"


def test_what_is_made_without_a_word_on_barring_bars_all() -> None:
    wire = Wire()
    carrier = Carrier(ACCOUNT, TOKEN, public_base_url=BASE, http_client=wire)

    with pytest.raises(Refused):
        carrier.text(PhoneNumber(FICTION[0]), "Bonjour", sender="P", id=TextId("a1"))

    assert wire.asked == []
    assert Renderer(words("spoken"), BASE).barring == Barring(fiction=False)


@pytest.mark.parametrize("identity", ["", "+33899000000", "nina", "0" * 23, "0" * 25, "G" * 24])
def test_a_browser_is_rung_by_an_id_that_is_nobodys_number_nor_name(identity: str) -> None:
    out, strange = Out(), Softphone(identity)

    with pytest.raises(Refused):
        out.carrier.ring_agent(strange, OFFER, caller_id=LINE, seconds=15)
    [redirect] = out.dials_browser(strange)

    assert redirect.tag == "Redirect"
    assert out.wire.asked == []


def test_a_browser_of_ours_is_rung_by_its_id() -> None:
    out, identity = Out(), "0123456789abcdef01234567"

    out.carrier.ring_agent(Softphone(identity), OFFER, caller_id=LINE, seconds=15)
    [dial] = out.dials_browser(Softphone(identity))

    assert out.wire.asked[0].fields["To"] == f"client:{identity}"
    assert [(each.tag, each.text) for each in dial] == [("Client", identity)]
