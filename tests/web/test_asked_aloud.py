"""The page of a mandate while its person is on the line: asked there, and what they answered."""

import html
import re

from dispatcher.domain.roles import Grant, Role
from dispatcher.domain.users import Email
from tests.office import Office
from tests.people import INES, ROSE
from tests.scenarios.colleagues import stays
from tests.web.accounts import enrols, signed_in

BUTTON = "Demander l’accord au téléphone"
DRAFT = {
    "nom": "Rosemonde Canari",
    "numero": ROSE.number,
    "majeur": "oui",
    "protege": "non",
    "demarche1": "topic.papers",
    "precision1": "refaire sa carte d’identité",
    "duree1": "procedure",
}


def text(page: str) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", "", page)))


def test_an_agent_asks_on_the_call_and_the_page_says_what_was_answered(office: Office) -> None:
    office.has(INES)
    stays(office, INES)
    grants = (Grant(Role.AGENT, "orcieres"), Grant(Role.AUTHORISED, "orcieres"))
    ines = signed_in(office, Email(INES.email), *grants)
    enrols(office, ines)

    async def rose() -> None:
        answer = ines.posts("/agent/mandats", **DRAFT)
        page = answer.headers["Location"].partition("?")[0]
        assert BUTTON not in ines.reads(page), "nobody is on the line"
        early = ines.posts(page, acte="appel", connue="identity.questions")
        assert early.status_code == 409
        assert "pas en ligne" in early.get_data(as_text=True)
        call = await office.asks(ROSE)
        assert await call.talks_with_somebody() == INES.number

        assert BUTTON in ines.reads(page)
        assert ines.posts(page, acte="appel").status_code == 422, "how was she known?"
        assert ines.posts(page, acte="appel", connue="identity.questions").status_code == 303
        await call.hears("Durée : jusqu’à la fin de la démarche, 365 jours au plus")
        assert "La personne l’entend maintenant" in text(ines.reads(page))
        assert BUTTON not in ines.reads(page), "once is enough"
        await call.hears("Êtes-vous d'accord", within=60)
        await call.presses("1")
        assert await call.talks_with_somebody(within=30) == INES.number
        assert "En cours. Tenu par" in text(ines.reads(page))
        await call.hangs_up()

    office.run(rose())

    assert not office.network.ledger.failures()
