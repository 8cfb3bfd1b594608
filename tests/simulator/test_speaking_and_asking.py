"""What a caller hears, and the keys they press."""

import pytest

from dispatcher.simulator import Kind, Network, NotHeardError, PhoneCall, WsgiPost
from tests.simulator.toy import Form, Toy

ROSE = "+33199000001"
LINE = "+33199000100"

ASK = '<Gather action="/keyed" numDigits="5"><Say>Tapez votre code postal.</Say></Gather>'


def test_a_caller_hears_what_the_application_says(network: Network, toy: Toy) -> None:
    toy.pages["/voice"] = "<Say>Bonjour, vous êtes bien à la permanence.</Say><Hangup/>"

    async def rose() -> None:
        call = await network.phone(ROSE).dials(LINE)
        await call.hears("bonjour")
        await call.hears("la permanence")
        assert await call.ends() == "completed"

    network.run(rose())

    first, last = toy.forms("/voice")[0], toy.forms("/status")[0]
    assert (first["CallStatus"], first["From"], first["To"]) == ("ringing", ROSE, LINE)
    assert (last["CallStatus"], last["CallDuration"]) == ("completed", "3")


def test_words_are_heard_when_they_are_spoken_and_only_once(network: Network, toy: Toy) -> None:
    toy.pages["/voice"] = f"<Say>{'a' * 140}</Say><Say>l’agence répond</Say>"

    async def rose() -> None:
        call = await network.phone(ROSE).dials(LINE)
        line = await call.hears("l'agence répond")
        assert line.at == pytest.approx(10.1)
        assert network.seconds() == pytest.approx(10.1 + 15 / 14)
        with pytest.raises(NotHeardError, match="did not hear 'agence'"):
            await call.hears("agence", within=5)

    network.run(rose())


def test_slow_speech_and_breaks_last_longer(network: Network, toy: Toy) -> None:
    toy.pages["/voice"] = (
        '<Say voice="Polly.Lea-Neural"><prosody rate="50%">0123456789abcd</prosody>'
        '<break time="500ms"/>0123456789abcd</Say>'
    )

    network.run(_listens(network))

    assert network.ledger.of(Kind.ENDED)[0].at == pytest.approx(0.1 + 2.0 + 0.5 + 1.0)
    assert not network.ledger.failures()


def test_a_key_cuts_the_prompt_short(network: Network, toy: Toy) -> None:
    toy.pages |= {"/voice": ASK, "/keyed": "<Hangup/>"}

    async def rose() -> PhoneCall:
        call = await network.phone(ROSE).dials(LINE)
        await call.hears("tapez")
        await call.presses("05170")
        await call.ends()
        assert call.transcript.lines[1].cut
        return call

    network.run(rose())

    keyed = toy.forms("/keyed")[0]
    assert (keyed["Digits"], keyed["FinishedOnKey"]) == ("05170", "")


@pytest.mark.parametrize(
    ("finish", "keys", "expected"),
    [
        ("", "051#", ("051#", "")),
        ('finishOnKey="#"', "051#", ("051", "#")),
        ('finishOnKey=""', "051#", ("051#", "")),
        ('finishOnKey="*"', "051*", ("051", "*")),
    ],
)
def test_a_key_may_finish_an_answer(
    network: Network, toy: Toy, finish: str, keys: str, expected: tuple[str, str]
) -> None:
    attributes = finish or 'finishOnKey=""'
    toy.pages |= {"/voice": f'<Gather action="/keyed" {attributes}/>', "/keyed": "<Hangup/>"}

    network.run(_presses(network, keys))

    keyed = toy.forms("/keyed")[0]
    assert (keyed["Digits"], keyed["FinishedOnKey"]) == expected


def test_the_hash_key_finishes_unless_told_otherwise(network: Network, toy: Toy) -> None:
    toy.pages |= {"/voice": '<Gather action="/keyed"/>', "/keyed": "<Hangup/>"}

    network.run(_presses(network, "05#"))

    assert toy.forms("/keyed")[0]["FinishedOnKey"] == "#"


def test_silence_falls_through_to_the_next_verb(network: Network, toy: Toy) -> None:
    toy.pages["/voice"] = '<Gather action="/keyed" timeout="4"/><Say>Rien entendu</Say>'

    network.run(_listens(network))

    assert toy.forms("/keyed") == []
    assert network.ledger.of(Kind.SAID)[0].at == pytest.approx(4.1)


def test_silence_is_an_answer_when_it_is_wanted(network: Network, toy: Toy) -> None:
    toy.pages |= {
        "/voice": '<Gather action="/keyed" actionOnEmptyResult="true"/>',
        "/keyed": "<Hangup/>",
    }

    network.run(_listens(network))

    assert toy.forms("/keyed")[0]["Digits"] == ""


@pytest.mark.parametrize(("kept", "digits"), [(True, "12"), (False, "")])
def test_keys_typed_before_the_question_may_wait_for_it(
    network: Network, toy: Toy, kept: bool, digits: str
) -> None:
    network.switches.type_ahead = kept
    toy.pages |= {
        "/voice": '<Pause length="5"/><Gather action="/keyed" actionOnEmptyResult="true"/>',
        "/keyed": "<Hangup/>",
    }

    network.run(_presses(network, "12", after=1.0))

    assert toy.forms("/keyed")[0]["Digits"] == digits


@pytest.mark.parametrize(("kept", "digits"), [(True, "2"), (False, "")])
@pytest.mark.parametrize("pause", [0.0, 1.0])
def test_keys_too_many_for_a_question_may_wait_for_the_next(
    network: Network, toy: Toy, kept: bool, digits: str, pause: float
) -> None:
    network.switches.type_ahead = kept
    toy.pages |= {
        "/voice": '<Gather action="/keyed" numDigits="1"/>',
        "/keyed": '<Pause length="3"/><Gather action="/next" actionOnEmptyResult="true"/>',
        "/next": "<Hangup/>",
    }

    async def rose() -> None:
        call = await network.phone(ROSE).dials(LINE)
        await call.waits(1)
        call.leg.press("1")
        await call.waits(pause)
        call.leg.press("2")
        await call.ends()

    network.run(rose())

    assert toy.forms("/next")[0]["Digits"] == digits


def test_a_finishing_key_alone_is_no_answer(network: Network, toy: Toy) -> None:
    toy.pages["/voice"] = '<Gather action="/keyed"/><Say>Rien entendu</Say>'

    network.run(_presses(network, "#"))

    assert toy.forms("/keyed") == []
    assert network.ledger.of(Kind.SAID)[0].at == pytest.approx(1.0)


def test_a_caller_who_hangs_up_during_a_question_answers_nothing(
    network: Network, toy: Toy
) -> None:
    toy.pages |= {"/voice": ASK, "/keyed": "<Hangup/>"}

    async def rose() -> None:
        call = await network.phone(ROSE).dials(LINE)
        await call.hears("code")
        await call.hangs_up()

    network.run(rose())

    assert toy.forms("/keyed") == []
    assert toy.forms("/status")[0]["CallStatus"] == "completed"


def test_a_caller_who_hangs_up_while_the_webhook_is_under_way(
    network: Network, toy: Toy, post: WsgiPost
) -> None:
    toy.pages["/voice"] = "<Say>Trop tard</Say>"
    post.slow["/voice"] = 3.0

    async def rose() -> PhoneCall:
        call = await network.phone(ROSE).dials(LINE)
        await call.waits(1.0)
        await call.hangs_up()
        return call

    network.run(rose())

    assert len(toy.forms("/voice")) == 1
    assert toy.forms("/status")[0]["CallStatus"] == "no-answer"
    assert not network.ledger.of(Kind.SAID)


def test_a_document_that_leads_to_itself_ends_the_call(network: Network, toy: Toy) -> None:
    toy.pages["/voice"] = "<Redirect/>"

    network.run(_listens(network))

    assert len(toy.forms("/voice")) == 100
    assert "leads to itself" in network.ledger.of(Kind.ERROR)[0].detail


def test_a_refused_call_is_not_answered(network: Network, toy: Toy) -> None:
    toy.pages["/voice"] = '<Reject reason="busy"/>'

    network.run(_listens(network))

    assert toy.forms("/status")[0]["CallStatus"] == "busy"
    assert not network.ledger.of(Kind.ANSWERED)


def test_a_first_pause_delays_the_answer(network: Network, toy: Toy) -> None:
    toy.pages["/voice"] = '<Pause length="3"/><Say>Bonjour</Say>'

    network.run(_listens(network))

    assert network.ledger.of(Kind.ANSWERED)[0].at == pytest.approx(3.1)


def test_relative_addresses_start_from_the_document(network: Network, toy: Toy) -> None:
    toy.pages |= {
        "/voice": '<Redirect method="GET">deep/page?nom=caf%C3%A9 é</Redirect>',
        "/deep/page": "<Redirect>next</Redirect>",
        "/deep/next": "<Hangup/>",
    }

    network.run(_listens(network))

    assert toy.forms("/deep/page")[0]["nom"] == "café é"
    assert toy.forms("/deep/next")


def test_an_error_leads_to_the_fallback(network: Network, toy: Toy) -> None:
    def crashes(_: Form) -> str:
        raise ZeroDivisionError

    toy.pages |= {"/voice": crashes, "/fallback": "<Say>Laissez votre numéro</Say>"}
    line = network.numbers["*"]
    network.numbers["*"] = type(line)(line.voice_url, fallback_url="https://toy.test/fallback")

    network.run(_listens(network))

    told = toy.forms("/fallback")[0]
    assert (told["ErrorCode"], told["ErrorUrl"]) == ("11200", "https://toy.test/voice")
    assert "ZeroDivisionError" in network.ledger.failures()[0].detail


@pytest.mark.parametrize("page", ["<Say>", "<Sing/>", "<Leave/>", "<Gather><Dial/></Gather>"])
def test_a_bad_document_is_an_apology_and_an_error(network: Network, toy: Toy, page: str) -> None:
    toy.pages["/voice"] = page

    network.run(_listens(network))

    assert network.ledger.of(Kind.ERROR)[0].status in {12100, 12200}
    assert "application error" in network.ledger.of(Kind.SAID)[0].detail


@pytest.mark.usefixtures("lenient")
def test_odd_attributes_are_warnings(network: Network, toy: Toy) -> None:
    toy.pages["/voice"] = '<Gather timeout="five" numdigits="5"/>'

    network.run(_listens(network))

    assert len(network.ledger.of(Kind.WARNING)) == 2


@pytest.mark.parametrize("shown", ["", "anonymous", "Restricted", "sip:rose@toy.test"])
def test_a_caller_shows_what_they_choose(network: Network, toy: Toy, shown: str) -> None:
    toy.pages["/voice"] = "<Hangup/>"

    async def rose() -> None:
        await network.phone(ROSE).dials(LINE, shows=shown, forwarded_from="+33199000200")

    network.run(rose())

    asked = toy.forms("/voice")[0]
    assert (asked["From"], asked["ForwardedFrom"]) == (shown, "+33199000200")


async def _listens(network: Network) -> None:
    call = await network.phone(ROSE).dials(LINE)
    await call.ends()


async def _presses(network: Network, keys: str, after: float = 1.0) -> None:
    call = await network.phone(ROSE).dials(LINE)
    await call.waits(after)
    await call.presses(keys)
    await call.ends()
