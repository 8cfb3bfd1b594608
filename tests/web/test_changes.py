"""Somebody sees, moves or cancels their callback at the page of its signed link."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from dispatcher.domain.callbacks import Callback, CallbackId, State
from dispatcher.domain.links import Purpose
from dispatcher.domain.offers import callback_waiter
from dispatcher.domain.wishes import Part
from dispatcher.operations import callbacks
from dispatcher.store.retention import NO_NUMBER
from dispatcher.store.schema import callbacks as callbacks_table
from tests.office import BASE, Office
from tests.people import ROSE
from tests.web.forms import Form, Stranger

THURSDAY_MORNING = datetime(2026, 11, 26, 8, 0, tzinfo=UTC)


@pytest.fixture
def rose(office: Office) -> Stranger:
    return Stranger(office.app)


@pytest.fixture
def link(rose: Stranger) -> str:
    return rose.gets_a_link()


def callback(office: Office, link: str) -> Callback:
    id = office.services.links.id(link.rsplit("/", 1)[1], Purpose.CHANGE)
    with office.services.store.reading() as tx:
        found = tx.callbacks.find(CallbackId(id or ""))
    assert found is not None
    return found


def stands(office: Office, link: str, state: State) -> None:
    kept = callback(office, link)
    with office.services.store.writing() as tx:
        at = office.services.now()
        assert tx.callbacks.move(kept.id, of=kept.state, to=state, at=at)


def moves(office: Office, link: str) -> int:
    with office.services.store.reading() as tx:
        return len(tx.callbacks.moves(callback(office, link).id))


def test_the_page_says_when_and_what_happens_and_nothing_of_whom(rose: Stranger, link: str) -> None:
    page = rose.opens(link).get_data(as_text=True)

    form = Form(page)
    assert "aujourd’hui, dès qu’une personne est libre, jusqu’à 12 h 30" in form.text
    assert "01 99 00 01 00" in form.text
    assert "tapez 1" in form.text
    for told in ("Rose", "01 99 00 00 01", ROSE.number, "Orcières", "démarche", "05170"):
        assert told not in page
    assert '<meta name="robots" content="noindex">' in page
    assert len(BASE + link) < 80, "it goes into a text"


ENDS = {
    State.CALLING: "en ce moment",
    State.REACHED: "Nous vous avons appelé",
    State.SERVED: "entre-temps",
    State.DECLINED: "ne plus vouloir",
    State.STOPPED: "ne plus vouloir",
    State.REDIRECTED: "Un autre service s’occupe de votre demande",
    State.CANCELLED: "annulée",
    State.DEAD: "n’existe pas",
    State.CLOSED: "plusieurs fois",
    State.ANSWERED: "vous est envoyée",
    State.REDIRECTED: "vous est envoyée",
}


@pytest.mark.parametrize("state", ENDS)
def test_what_became_of_it_is_told_kindly_and_nothing_can_be_changed_any_more(
    office: Office, rose: Stranger, link: str, state: State
) -> None:
    stands(office, link, state)

    page = rose.reads(link)
    rose.posts(link + "/cancel", {})
    rose.posts(link + "/move", {"when": "afternoon"})

    assert ENDS[state] in page.text
    assert "when" not in page.options
    assert callback(office, link).state is state


def test_every_state_has_its_words(office: Office, rose: Stranger, link: str) -> None:
    assert {State.WAITING, State.OFFERED, State.JOINED, *ENDS} == {*State}


def test_a_cancelled_callback_is_off_the_board_and_stays_so(
    office: Office, rose: Stranger, link: str
) -> None:
    callbacks.offer_due(office.services)
    waiter = callback_waiter(callback(office, link).id)
    assert waiter in office.services.board.waiting()

    for _ in range(2):
        assert rose.posts(link + "/cancel", {}).status_code == 303

    assert callback(office, link).state is State.CANCELLED
    assert waiter not in office.services.board.waiting()
    assert moves(office, link) == 2


def test_another_half_day_is_chosen_and_the_place_is_kept(
    office: Office, rose: Stranger, link: str
) -> None:
    callbacks.offer_due(office.services)
    before = callback(office, link)
    page = rose.reads(link)
    assert "2026-11-26" in "".join(page.options["when"])

    for _ in range(2):
        moved = rose.posts(link + "/move", {"when": "morning 2026-11-26"})
        assert moved.status_code == 303

    after = callback(office, link)
    assert (after.state, after.part) == (State.WAITING, Part.MORNING)
    assert after.due_at == THURSDAY_MORNING
    assert after.place_since == before.place_since
    assert callback_waiter(after.id) not in office.services.board.waiting()
    assert moves(office, link) == 2, "twice is once"
    again = rose.reads(moved.headers["Location"])
    assert "jeudi 26 novembre, entre 9 h et 12 h 30" in again.text
    assert again.ticked["when"] == "morning 2026-11-26"
    assert "C’est changé" in again.text


def test_somebody_who_put_it_off_may_want_it_as_soon_as_possible_after_all(
    office: Office, rose: Stranger, link: str
) -> None:
    rose.posts(link + "/move", {"when": "morning 2026-11-26"})
    rose.posts(link + "/move", {"when": "any"})

    after = callback(office, link)
    assert (after.part, after.due_at) == (Part.ANY, office.services.now())


@pytest.mark.parametrize(
    "when",
    [
        "",
        "night",
        "morning 2026-11-24",
        "morning 2026-11-29",
        "morning 2027-11-26",
        "any 2026-11-26",
    ],
    ids=["nothing", "no part", "today", "a Sunday", "a year ahead", "no half"],
)
def test_a_moment_at_which_nobody_is_rung_is_not_taken(
    office: Office, rose: Stranger, link: str, when: str
) -> None:
    before = callback(office, link)

    answer = rose.posts(link + "/move", {"when": when})

    form = Form(answer.get_data(as_text=True))
    assert answer.status_code == 422
    assert "n’est plus possible" in form.by_id["when-wrong"]
    assert form.fields["when"]["aria-invalid"] == "true"
    assert "#when" in form.links
    assert callback(office, link) == before


def test_somebody_who_changes_their_mind_for_ever_is_stopped(
    office: Office, rose: Stranger, link: str
) -> None:
    wants = ["morning 2026-11-26", "afternoon 2026-11-26"] * 11

    answers = [rose.posts(link + "/move", {"when": each}).status_code for each in wants]

    assert answers == [303] * 20 + [422] * 2


def test_who_is_offered_and_wants_it_later_is_not_rung_now(
    office: Office, rose: Stranger, link: str
) -> None:
    stands(office, link, State.OFFERED)

    rose.posts(link + "/move", {"when": "morning 2026-11-26"})

    assert callback(office, link).state is State.WAITING
    assert callback(office, link).due_at == THURSDAY_MORNING


def test_a_link_that_is_not_ours_leads_nowhere(office: Office, rose: Stranger, link: str) -> None:
    token = link.rsplit("/", 1)[1]
    id = office.services.links.id(token, Purpose.CHANGE) or ""
    swapped = token[:-1] + ("2" if token[-1] != "2" else "3")
    links = [
        *(swapped, token[:-1], token + "2", "0" * 29, "z" * 29, "é" * 29),
        office.services.links.token(id, Purpose.ASK),
        office.services.links.token("0" * 24, Purpose.CHANGE),
    ]

    for each in links:
        assert rose.opens(f"/r/{each}").status_code == 404
        for what in ("cancel", "move"):
            rose.posts(f"/r/{each}/{what}", {"when": "afternoon"})
    assert "Nous ne connaissons pas" in rose.reads(f"/r/{swapped}").text
    assert callback(office, link).state is State.WAITING
    assert callback(office, link).part is Part.ANY


@pytest.mark.parametrize("state", [State.REACHED, State.JOINED])
def test_a_link_whose_callback_was_erased_leads_nowhere(
    office: Office, rose: Stranger, link: str, state: State
) -> None:
    stands(office, link, state)
    with office.services.store.engine.begin() as connection:
        connection.execute(sa.update(callbacks_table).values(**NO_NUMBER))

    assert rose.opens(link).status_code == 404
    assert "Une demande ancienne est effacée" in rose.reads(link).text


def test_looking_changes_nothing(office: Office, rose: Stranger, link: str) -> None:
    """Telephones and mail programs open links by themselves."""
    before = callback(office, link)

    for path in (link, link + "/cancel", link + "/move"):
        rose.opens(path)

    assert callback(office, link) == before


def test_another_site_cannot_cancel(office: Office, rose: Stranger, link: str) -> None:
    answer = rose.posts(link + "/cancel", {}, Sec_Fetch_Site="cross-site")

    assert answer.status_code == 403
    assert callback(office, link).state is State.WAITING


def test_who_asked_twice_sees_where_the_first_stands(
    office: Office, rose: Stranger, link: str
) -> None:
    second = rose.gets_a_link()
    stands(office, link, State.CALLING)
    assert "en ce moment" in rose.reads(second).text

    stands(office, link, State.REACHED)

    assert "Nous vous avons appelé" in rose.reads(second).text
    third = rose.gets_a_link()
    assert "C’est noté" in rose.reads(third).text, "a new one, since the first was made"
    assert callback(office, third).state is State.WAITING


def test_windows_that_are_over_for_today_are_tomorrows(office: Office, rose: Stranger) -> None:
    link = rose.gets_a_link(part="morning")
    kept = callback(office, link)
    with office.services.store.writing() as tx:
        tomorrow = replace(kept, due_at=kept.due_at + timedelta(days=1))
        tx.callbacks.replan(tomorrow, of=State.WAITING, at=office.services.now())

    assert "demain, entre 10 h et 12 h 30" in rose.reads(link).text
