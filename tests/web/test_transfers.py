"""The page on which an agent holds a call, passes it on, brings somebody in: without a script."""

import html
import re
from dataclasses import replace

import pytest

from dispatcher.domain.agents import AgentId
from dispatcher.domain.calls import OfferId
from dispatcher.domain.lines import Referral
from dispatcher.domain.numbers import PhoneNumber
from dispatcher.domain.roles import Grant, Role
from dispatcher.domain.users import Email
from dispatcher.operations import passing
from dispatcher.web import guards
from tests.conversations import rings_back, talks
from tests.office import Office
from tests.people import INES, MALO, NOE, ROSE
from tests.scenarios.colleagues import offer_of, on_line, stays
from tests.web.accounts import Browser, signed_in

MINE = "/agent/appels/o1/transfert"
CAF = Referral("caf", "La CAF des Hautes-Alpes", PhoneNumber("+33465710077"))


@pytest.fixture
def ines(office: Office) -> Browser:
    office.has(INES, MALO, NOE)
    return signed_in(office, Email(INES.email), Grant(Role.AGENT, "orcieres"))


def text(page: str) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", "", page)))


def test_a_colleague_is_asked_has_a_word_and_then_the_call(office: Office, ines: Browser) -> None:
    stays(office, INES, MALO)
    colleague = signed_in(office, Email(MALO.email), Grant(Role.AGENT, "gap"))

    async def rose() -> None:
        call = await office.asks(ROSE)
        assert await call.talks_with_somebody() == INES.number
        path = f"/agent/appels/{offer_of(office, INES)}/transfert"
        page = ines.reads(path)
        [malo] = re.findall(r'value="(agent:\d+)"[^>]*><label[^>]*>Malo', page)
        assert "Mettre en attente" in page

        assert ines.posts(path, do="begin", to=malo, how="warm").status_code == 303
        assert "Nous appelons Malo" in text(ines.reads(path))
        while on_line(office, INES).with_whom != MALO.number:
            await office.waits(1)
        assert "Vous parlez avec Malo" in text(ines.reads(path))
        his = colleague.reads("/agent")
        assert "Vous parlez avec Ines" in text(his)
        assert "Mettre en attente" not in his, "nobody is with him whom he could hold"

        assert ines.posts(path, do="complete").headers["Location"].startswith("/agent?")
        assert await call.talks_with_somebody(within=20) == MALO.number
        assert ines.opens(path).status_code == 404
        await on_line(office, MALO).hangs_up()
        await call.hangs_up()

    office.run(rose())

    assert not office.network.ledger.failures()


def test_a_hold_is_taken_up_again_and_twice_says_how_it_stands(
    office: Office, ines: Browser
) -> None:
    stays(office, INES)

    async def rose() -> None:
        call = await office.asks(ROSE)
        assert await call.talks_with_somebody() == INES.number
        path = f"/agent/appels/{offer_of(office, INES)}/transfert"
        assert ines.posts(path, do="hold").status_code == 303
        await office.waits(10)
        assert "La personne attend" in text(ines.reads(path))

        again = ines.posts(path, do="hold")
        assert again.status_code == 409
        assert "Ce n’est plus possible" in again.get_data(as_text=True)
        assert ines.posts(path, do="resume").status_code == 303
        assert await call.talks_with_somebody(within=20) == INES.number
        await call.hangs_up()

    office.run(rose())


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"how": "warm"}, "Choisissez à qui"),
        ({"to": "agent:2"}, "Choisissez comment"),
        ({"to": "agent:2", "how": "hold"}, "Choisissez comment"),
        ({"to": "agent:²", "how": "warm"}, "Choisissez à qui"),
        ({"to": "need:either", "how": "warm"}, "Choisissez à qui"),
        ({"to": "referral:none", "how": "warm"}, "Choisissez à qui"),
        ({"to": "place", "how": "warm"}, "Tapez les cinq chiffres"),
        ({"to": "place", "postal_code": "05999", "how": "warm"}, "Tapez les cinq chiffres"),
        ({"to": "place", "postal_code": "05 000", "how": "warm"}, "La Freissinouse"),
        (
            {"to": "place", "postal_code": "05000", "commune": "75056", "how": "cold"},
            "Choisissez la",
        ),
    ],
    ids=str,
)
def test_what_is_missing_is_said_and_what_was_typed_stays(
    office: Office, ines: Browser, form: dict[str, str], said: str
) -> None:
    talks(office.services, ended=False)

    answer = ines.posts(MINE, do="begin", **form)

    page = answer.get_data(as_text=True)
    assert (answer.status_code, said in page) == (422, True)
    assert form.get("postal_code", "") in page


def test_whoever_is_free_near_the_citizen_is_offered_and_the_list_of_the_line(
    office: Office, ines: Browser
) -> None:
    services = office.services
    lines = tuple(replace(each, referrals=(CAF,)) for each in services.lines)
    parts = replace(office.parts, services=replace(services, lines=lines))
    ines.app.extensions[guards.EXTENSION] = parts
    talks(office.services, ended=False)
    office.run(office.waits(20))

    page = text(ines.reads(MINE))

    assert "Malo" in page
    assert "Ines" not in page
    assert "La CAF des Hautes-Alpes" in page
    assert CAF.number not in ines.reads(MINE)


@pytest.mark.parametrize("offer", ["o2", "none", "%00", "o1%2F.."])
def test_the_conversation_of_another_is_not_there(
    office: Office, ines: Browser, offer: str
) -> None:
    talks(office.services, ended=False)
    talks(office.services, AgentId(2), 2, ended=False)
    path = f"/agent/appels/{offer}/transfert"

    assert ines.opens(path).status_code == 404
    assert ines.posts(path, do="hold").status_code == 404


def test_nothing_is_passed_on_before_somebody_is_there_or_after_they_left(
    office: Office, ines: Browser
) -> None:
    services = office.services
    over = talks(services)
    ringing = talks(services, n=3, ended=False, accepted_at=None)

    for offer in (over, ringing, OfferId("none")):
        assert passing.look(AgentId(1), offer, services) is None


@pytest.mark.parametrize("reached", [False, True])
def test_in_a_callback_it_takes_the_citizen(office: Office, ines: Browser, reached: bool) -> None:
    offer = rings_back(office.services, ended=False, reached=reached)

    found = passing.look(AgentId(1), offer, office.services)

    assert (found is not None) is reached
