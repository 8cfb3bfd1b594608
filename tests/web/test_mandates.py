"""Pages of mandates: an authorised agent's, the link of whoever is asked, and the public one."""

import html
import logging
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from redis import Redis

from dispatcher.domain.agents import AgentId
from dispatcher.domain.holders import Holder
from dispatcher.domain.mandates import Mandate, State
from dispatcher.domain.roles import Grant, Role
from dispatcher.domain.users import Email
from dispatcher.operations import mandates
from dispatcher.store.schema import texts
from tests.office import BASE, Office
from tests.operations.mandating import ADULT
from tests.operations.mandating import PAPERS as WANTED
from tests.operations.mandating import ROSE as ROSE_HERSELF
from tests.payloads import PAYLOADS
from tests.people import INES, MALO
from tests.web.accounts import Browser, enrols, passes, signed_in

PAGE = "/agent/mandats"
NAME, NUMBER, TYPED = "Rosemonde Canari", "+33639980042", "06 39 98 00 42"
ROSE = {
    "nom": NAME,
    "numero": TYPED,
    "majeur": "oui",
    "protege": "non",
    "demarche1": "topic.papers",
    "precision1": "refaire sa carte d’identité",
    "duree1": "31",
}
AUTHORISED = (Grant(Role.AGENT, "orcieres"), Grant(Role.AUTHORISED, "orcieres"))


@pytest.fixture
def ines(office: Office) -> Browser:
    """She is authorised, and signed in with her telephone's code."""
    office.has(INES, MALO)
    browser = signed_in(office, Email(INES.email), *AUTHORISED)
    enrols(office, browser)
    return browser


def prepared(browser: Browser, **changes: str) -> str:
    answer = browser.posts(PAGE, **(ROSE | changes))
    assert answer.status_code == 303
    return answer.headers["Location"].partition("?")[0]


def asked_by_link(office: Office, browser: Browser) -> tuple[str, str]:
    """The page of a mandate, and the path of the link that was texted."""
    page = prepared(browser)
    browser.posts(page, acte="demander", voie="link", identite="identity.known")
    [consent] = mandate(office).consents
    return page, office.services.links.to_consent(consent.id).removeprefix(BASE)


def mandate(office: Office) -> Mandate:
    with office.services.store.reading() as tx:
        return tx.mandates.of_structure("orcieres")[0]


def state(office: Office) -> State:
    return mandate(office).state(office.services.now())


def heading(page: str) -> str:
    found = page.partition("<h1>")[2].partition("</h1>")[0]
    return html.unescape(found).replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("status", "code", "reason"),
    [
        ("volunteer", True, "Un bénévole"),
        ("elected", True, "Un élu"),
        ("civic_service", True, "service civique"),
        ("employed", False, "le code de votre téléphone"),
    ],
)
def test_whoever_may_hold_none_reads_why_and_finds_nothing_else(
    office: Office, status: str, code: bool, reason: str
) -> None:
    office.has(type(INES)(INES.name, INES.number, INES.structure, status=status))
    browser = signed_in(office, Email(INES.email), *AUTHORISED)
    if code:
        enrols(office, browser)

    assert reason in browser.reads(PAGE)
    assert "Préparer" not in browser.reads(PAGE)
    assert browser.opens(f"{PAGE}/nouveau").status_code == 404
    assert browser.posts(PAGE, **ROSE).status_code == 404


HERE, ELSEWHERE = Grant(Role.AUTHORISED, "orcieres"), Grant(Role.AUTHORISED, "gap")
OURS, THEIRS, NONE = range(3)
WHO = {
    "authorised": ((HERE,), INES, {OURS}),
    "authorised of another house": ((ELSEWHERE,), MALO, {THEIRS}),
    "authorised where they are no agent": ((ELSEWHERE,), INES, set[int]()),
    "agent": ((Grant(Role.AGENT, "orcieres"),), INES, set[int]()),
    "manager": ((Grant(Role.MANAGER, "orcieres"),), INES, set[int]()),
    "technical": ((Grant(Role.TECHNICAL),), INES, set[int]()),
}
"""Their roles, who they are in the directory, and whose mandates are there for them."""


@pytest.mark.parametrize("who", WHO)
def test_each_role_finds_its_doors_and_mandates_and_no_others(office: Office, who: str) -> None:
    grants, helper, whose = WHO[who]
    office.has(INES, MALO)
    browser = signed_in(office, Email(helper.email), *grants)
    enrols(office, browser)
    pages = {NONE: f"{PAGE}/{'f' * 24}"}
    for house, structure, agent in ((OURS, "orcieres", 1), (THEIRS, "gap", 2)):
        by = Holder(AgentId(agent), structure, "employed", (Grant(Role.AUTHORISED, structure),))
        by = replace(by, second_factor=True)
        made = mandates.prepare(by, ROSE_HERSELF, [WANTED], ADULT, office.services)
        assert isinstance(made, Mandate)
        pages[house] = f"{PAGE}/{made.id}"

    seen = {which for which, page in pages.items() if browser.opens(page).status_code == 200}
    pressed = {
        which
        for which, page in pages.items()
        if browser.posts(page, acte="abandonner").status_code == 303
    }
    drafts = {browser.opens(f"{PAGE}/nouveau").status_code, browser.posts(PAGE).status_code}

    assert seen == pressed == whose
    assert drafts == ({200, 422} if whose else {404})


def test_she_prepares_asks_by_link_and_notes_an_act(office: Office, ines: Browser) -> None:
    page, link = asked_by_link(office, ines)
    rose = Browser(office.app)
    first = rose.reads(link)
    rose.client.post(f"{link}/lu", base_url=BASE)
    second = rose.reads(link)
    answer = rose.client.post(f"{link}/reponse", data={"reponse": "yes"}, base_url=BASE)

    used = ines.posts(page, acte="utiliser", demarche="topic.papers", resultat="Dossier envoyé")

    assert heading(first) == "Un mandat vous est demandé"
    assert "Oui" not in first
    assert heading(second) == "Êtes-vous d’accord ?"
    assert answer.status_code == 303
    assert heading(rose.reads(link)) == "Vous avez donné ce mandat"
    assert used.status_code == 303
    assert "Dossier envoyé" in ines.reads(page)
    assert "en cours" in ines.reads(PAGE)


def test_no_is_noted_and_a_replay_of_yes_changes_nothing(office: Office, ines: Browser) -> None:
    _, link = asked_by_link(office, ines)
    rose = office.app.test_client()
    rose.post(f"{link}/lu", base_url=BASE)
    rose.post(f"{link}/reponse", data={"reponse": "no"}, base_url=BASE)

    rose.post(f"{link}/reponse", data={"reponse": "yes"}, base_url=BASE)

    assert state(office) is State.REFUSED


def test_an_answer_without_the_question_or_a_day_later_is_none(
    office: Office, ines: Browser
) -> None:
    _, link = asked_by_link(office, ines)
    rose = office.app.test_client()
    rose.post(f"{link}/reponse", data={"reponse": "yes"}, base_url=BASE)
    early = state(office)
    rose.post(f"{link}/lu", base_url=BASE)
    passes(office, timedelta(days=1))

    rose.post(f"{link}/reponse", data={"reponse": "yes"}, base_url=BASE)

    late = mandate(office).state(office.services.now() + timedelta(days=1))
    assert (early, late) == (State.RECAPPED, State.UNANSWERED)
    assert heading(Browser(office.app).reads(link)) == "Cette demande n’est plus ouverte"


def test_the_link_revokes_and_the_public_page_says_so_and_names_nobody(
    office: Office, ines: Browser
) -> None:
    _, link = asked_by_link(office, ines)
    rose = Browser(office.app)
    public = f"/m/{mandate(office).reference}"
    before = rose.opens(public).status_code
    rose.client.post(f"{link}/lu", base_url=BASE)
    rose.client.post(f"{link}/reponse", data={"reponse": "yes"}, base_url=BASE)
    valid = rose.reads(public)

    rose.client.post(f"{link}/retrait", base_url=BASE)

    assert before == 404
    assert heading(valid) == "Ce mandat est valable"
    assert heading(rose.reads(public)) == "Ce mandat est révoqué"
    assert "France services d&#39;Orcières" in valid
    for secret in (NAME, "Canari", "39980042", "identité", "Papiers"):
        assert secret not in valid
    assert rose.opens("/m/nothingthere").status_code == 404


def test_another_site_answers_nothing_and_other_links_open_nothing(
    office: Office, ines: Browser
) -> None:
    _, link = asked_by_link(office, ines)
    rose = office.app.test_client()

    elsewhere = rose.post(f"{link}/lu", base_url=BASE, headers={"Sec-Fetch-Site": "cross-site"})

    assert elsewhere.status_code == 403
    assert state(office) is State.RECAPPED
    for path in ("/mandat/x", "/mandat/" + "1" * 29):
        assert rose.get(path, base_url=BASE).status_code == 404
        assert rose.post(f"{path}/retrait", base_url=BASE).status_code == 404
    duty = office.services.links.to_duty(mandate(office).consents[0].id).rpartition("/")[2]
    assert rose.get(f"/mandat/{duty}", base_url=BASE).status_code == 404


def test_an_agent_of_another_house_finds_no_mandate_of_ours(office: Office, ines: Browser) -> None:
    page = prepared(ines)
    grants = (Grant(Role.AGENT, "gap"), Grant(Role.AUTHORISED, "gap"))
    malo = signed_in(office, Email(MALO.email), *grants)
    enrols(office, malo)

    assert NAME not in malo.reads(PAGE)
    assert malo.opens(page).status_code == 404
    assert malo.posts(page, acte="finir", fin="revoked").status_code == 404
    assert ines.opens(page).status_code == 200


MISSING = [
    ({"nom": ""}, "nom"),
    ({"numero": "12"}, "numero"),
    ({"numero": "+44 20 7946 0000"}, "numero"),
    ({"majeur": ""}, "majeur"),
    ({"protege": "oui"}, "protege"),
    ({"majeur": "non"}, "protege"),
    ({"precision1": "tout"}, "precision1"),
    ({"duree1": "9999"}, "duree1"),
    ({"demarche1": "topic.digital"}, "demarche1"),
    ({"demarche1": ""}, "demarche1"),
]


def test_what_is_missing_is_said_beside_its_field_and_what_was_typed_stays(
    office: Office, ines: Browser
) -> None:
    for changes, field in MISSING:
        answer = ines.posts(PAGE, **(ROSE | changes))

        page = answer.get_data(as_text=True)
        assert answer.status_code == 422
        assert f'id="{field}-wrong"' in page, changes
        assert "nom" in changes or f'value="{NAME}"' in page
    with office.services.store.reading() as tx:
        assert tx.mandates.of_structure("orcieres") == []


def test_nothing_that_is_typed_becomes_a_part_of_a_page(office: Office, ines: Browser) -> None:
    for payload in PAYLOADS:
        page = prepared(ines, nom=payload[:80], precision1=payload[:90].ljust(10, "."))
        ines.posts(page, acte="demander", voie="paper", identite="identity.known")
        ines.posts(page, acte="utiliser", demarche="topic.papers", resultat=payload[:200])
        [consent] = mandate(office).consents
        link = office.services.links.to_consent(consent.id).removeprefix(BASE)

        for shown in (ines.reads(page), ines.reads(PAGE), ines.reads(link)):
            assert "<" not in payload or payload[:80] not in shown


def test_her_name_and_number_are_in_no_log_address_job_or_redis(
    office: Office, ines: Browser, redis_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    page, link = asked_by_link(office, ines)
    ines.posts(page, acte="demander", voie="code", identite="identity.questions")
    ines.posts(page, acte="code", code="123")
    ines.posts(page, acte="non")
    with office.services.store.reading() as tx:
        told = [repr(row) for row in tx.journal.rows()]
    with Redis.from_url(redis_url) as redis:
        kept = [repr(key) + repr(redis.dump(key)) for key in redis.scan_iter()]

    said = [caplog.text, page, link, *told, *kept]

    assert told
    for secret in ("Rosemonde", "Canari", "639980042", "39 98 00 42"):
        assert not any(secret in each for each in said)


def test_a_message_that_did_not_go_is_said_and_is_no_refusal(office: Office, ines: Browser) -> None:
    page, _ = asked_by_link(office, ines)
    before = ines.reads(page)
    with office.services.store.engine.begin() as connection:
        connection.execute(sa.update(texts).values(state="failed"))

    after = ines.reads(page)

    assert "n’est pas parti" not in before
    assert "n’est pas parti. Ce n’est pas un refus" in after
    assert state(office) is State.RECAPPED


def test_every_button_says_what_came_of_it(office: Office, ines: Browser) -> None:
    page = prepared(ines)

    def presses(**form: str) -> tuple[int, str]:
        answer = ines.posts(page, **form)
        return answer.status_code, answer.headers.get("Location", "").partition("fait=")[2]

    assert presses(acte="") == (422, "")
    assert presses(acte="demander", voie="code") == (422, "")
    assert presses(acte="demander", voie="reply", identite="identity.known") == (409, "")
    known = {"acte": "demander", "identite": "identity.known"}
    assert presses(voie="code", **known) == (303, "asked")
    assert presses(acte="code", code="1") == (303, "wrong_code")
    assert [presses(acte="renvoyer")[0] for _ in range(3)] == [303, 303, 409]
    assert presses(voie="word", **known) == (303, "given")
    assert presses(acte="utiliser", demarche="topic.papers", resultat="") == (422, "")
    assert presses(acte="finir", fin="replaced") == (422, "")
    assert presses(acte="finir", fin="renounced") == (303, "ended")
    assert presses(acte="abandonner") == (409, "")
    assert ines.opens(page).status_code == 200
    with office.services.store.reading() as tx:
        assert {agent for _, agent in tx.mandate_deeds.readings(mandate(office).id)} == {AgentId(1)}
