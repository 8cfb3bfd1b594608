"""Somebody asks in writing at /rappel; an agent answers at the link of their turn."""

import logging
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text as sql

from dispatcher.domain.callbacks import CallbackId, State
from dispatcher.domain.inquiries import LONGEST_QUESTION, Inquiry
from dispatcher.domain.links import Purpose
from dispatcher.domain.numbers import PhoneNumber
from dispatcher.operations import inquiries, person
from dispatcher.web.app import create_app
from tests.office import Office
from tests.people import INES
from tests.web.forms import PAGE, ROSES, Form, Stranger
from tests.web.test_privacy import OURS, formatted

RELAY = "https://relais.exemple.test/appel"
MOBILE = "06 39 98 00 77"
BY_MAIL = {"reply": "email", "email": "rose@exemple.test", "question": "Où envoyer mon dossier ?"}
BY_TEXT = {"number": MOBILE, "reply": "sms", "question": "Où envoyer mon dossier ?"}


@pytest.fixture
def rose(office: Office) -> Stranger:
    return Stranger(office.app)


def with_relay(office: Office) -> Stranger:
    office.parts = replace(office.parts, services=replace(office.services, relay=RELAY))
    office.app = create_app(office.parts)
    return Stranger(office.app)


def inquiry(office: Office, link: str) -> Inquiry:
    id = office.services.links.id(link.split("/")[2], Purpose.CHANGE)
    with office.services.store.reading() as tx:
        found = tx.inquiries.find(CallbackId(id or ""))
    assert found is not None
    return found


def state(office: Office, link: str) -> State:
    with office.services.store.reading() as tx:
        found = tx.callbacks.find(inquiry(office, link).callback)
    assert found is not None
    return found.state


def handed(office: Office, link: str) -> str:
    """It is given to Inès: the path of her page."""
    office.has(INES)
    inquiries.sweep(office.services)
    turn = inquiry(office, link).turn
    assert turn is not None
    return f"/e/{office.services.links.token(turn, Purpose.ANSWER)}"


def texted(office: Office, number: str) -> list[str]:
    with office.services.store.reading() as tx:
        return [each.body for each in tx.person.texts(number)]  # type: ignore[arg-type]


def test_the_page_offers_what_there_is(office: Office, rose: Stranger) -> None:
    usual = {each for each in rose.reads(PAGE).fields if each.startswith("reply-")}

    assert usual == {"reply-group", "reply-sms", "reply-email"}
    assert "reply-relay" in with_relay(office).reads(PAGE).fields
    office.parts = replace(office.parts, services=replace(office.services, sender=None))
    assert "reply-sms" not in Stranger(create_app(office.parts)).reads(PAGE).fields


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        ({"reply": "pigeon"}, "reply"),
        ({"reply": "relay", "question": "x"}, "reply"),
        ({"reply": "sms", "question": "x"}, "reply"),
        (BY_MAIL | {"email": ""}, "email"),
        (BY_MAIL | {"email": "rose@exemple.test\r\nBcc: toutes@exemple.test"}, "email"),
        (BY_MAIL | {"email": "rose@exemple.test, zoe@exemple.test"}, "email"),
        (BY_MAIL | {"email": "rose@exemple.test\x00"}, "email"),
        (BY_MAIL | {"email": "Rose <rose@exemple.test>"}, "email"),
        (BY_MAIL | {"email": f"{'r' * 65}@exemple.test"}, "email"),
        (BY_MAIL | {"question": "  \n "}, "question"),
        (BY_MAIL | {"question": "x" * (LONGEST_QUESTION + 1)}, "question"),
        (BY_MAIL | {"question": "bonjour\x1b[2J"}, "question"),
        (BY_MAIL | {"question": "bonjour \u202e"}, "question"),
    ],
)
def test_what_is_wrong_is_said_where_it_is_and_what_was_written_is_kept(
    rose: Stranger, answers: dict[str, str], field: str
) -> None:
    asked = rose.asks(**answers)

    form = Form(asked.get_data(as_text=True))
    assert asked.status_code == 422
    assert f"{field}-wrong" in form.by_id
    assert f"#{field}" in form.links


def test_whoever_is_answered_by_telephone_need_not_write(office: Office, rose: Stranger) -> None:
    link = rose.gets_a_link(email="no address", question="")

    assert state_of_callback(office, link) is State.WAITING


def state_of_callback(office: Office, link: str) -> State:
    id = office.services.links.id(link.split("/")[2], Purpose.CHANGE)
    with office.services.store.reading() as tx:
        found = tx.callbacks.find(CallbackId(id or ""))
        assert tx.inquiries.find(CallbackId(id or "")) is None
    assert found is not None
    return found.state


def test_a_question_is_read_and_answered_by_text_and_its_link_says_so(
    office: Office, rose: Stranger
) -> None:
    link = rose.gets_a_link(**BY_TEXT)
    assert "par SMS" in rose.reads(link).text
    page = handed(office, link)
    ines = Stranger(office.app)
    assert "Où envoyer mon dossier ?" in ines.reads(page).text
    assert "39980077" not in ines.reads(page).text.replace(" ", "")

    for _ in range(2):
        sent = ines.posts(page, {"do": "answer", "answer": "Au guichet de Gap."})
        assert sent.status_code == 303

    answers = [each for each in texted(office, "+33639980077") if "guichet" in each]
    assert len(answers) == 1
    assert "01 99 00 01 00" in answers[0]
    assert state(office, link) is State.ANSWERED
    assert "vous est envoyée" in rose.reads(link).text
    assert "dossier" not in ines.reads(page).text, "it is done"


def test_an_answer_of_too_many_segments_is_counted_kept_on_the_page_and_not_sent(
    office: Office, rose: Stranger
) -> None:
    link = rose.gets_a_link(**BY_TEXT)
    page = handed(office, link)

    refused = Stranger(office.app).posts(page, {"do": "answer", "answer": "Mot " * 180})

    form = Form(refused.get_data(as_text=True))
    assert refused.status_code == 422
    assert "ferait 6 SMS" in form.by_id["answer-wrong"]
    assert "Mot Mot" in form.by_id["answer"]
    assert state(office, link) is State.OFFERED


def test_an_answer_by_mail_says_who_we_are_and_how_to_ask_again(
    office: Office, rose: Stranger, tmp_path: Path
) -> None:
    link = rose.gets_a_link(**BY_MAIL)
    page = handed(office, link)

    Stranger(office.app).posts(page, {"do": "elsewhere", "answer": "La mairie de Gap."})
    office.do_jobs()

    files = [each.read_text() for each in (tmp_path / "mail").glob("*.eml")]
    [letter] = [each for each in files if "La mairie de Gap." in each]
    assert "To: rose@exemple.test" in letter
    assert "/rappel" in letter
    assert state(office, link) is State.REDIRECTED


def test_whoever_passes_is_thanked_and_their_link_leads_to_nothing_any_more(
    office: Office, rose: Stranger
) -> None:
    link = rose.gets_a_link(**BY_MAIL)
    page, ines = handed(office, link), Stranger(office.app)

    passed = ines.posts(page, {"do": "pass"})

    assert "merci" in ines.reads(passed.headers["Location"]).text
    gone = ines.opens(page)
    assert gone.status_code == 404
    assert "dossier" not in gone.get_data(as_text=True)
    assert state(office, link) is State.WAITING


def test_by_the_relay_its_address_stands_on_both_pages_and_the_number_on_hers_alone(
    office: Office,
) -> None:
    rose = with_relay(office)
    link = rose.gets_a_link(reply="relay")
    page = handed(office, link)

    for shown in (rose.reads(link), rose.reads(page)):
        assert RELAY in shown.links
    assert "tel:+33199000001" in rose.reads(page).links
    moved = rose.posts(link + "/move", {"when": "afternoon"})
    assert moved.status_code == 422, "she may cancel it, and ask again"
    rose.posts(page, {"do": "reached"})

    assert state(office, link) is State.REACHED


def test_a_link_of_another_purpose_or_site_opens_nothing(office: Office, rose: Stranger) -> None:
    link = rose.gets_a_link(**BY_MAIL)
    page = handed(office, link)

    assert rose.opens(link.replace("/r/", "/e/")).status_code == 404
    assert rose.opens(page.replace("/e/", "/r/")).status_code == 404
    other = rose.posts(page, {"do": "pass"}, Origin="https://ailleurs.test")
    assert other.status_code == 403
    assert state(office, link) is State.OFFERED


def test_nothing_that_was_written_is_readable_in_sql_or_told_to_the_logs(
    office: Office, rose: Stranger, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    caplog.set_level(logging.DEBUG)
    link = rose.gets_a_link(**BY_MAIL | {"first_name": "Rosalinde"})
    page = handed(office, link)
    Stranger(office.app).posts(page, {"do": "answer", "answer": "Au guichet de Briançon."})
    office.do_jobs()

    with office.services.store.engine.connect() as connection:
        assert connection.execute(sql("SELECT count(*) FROM inquiries")).scalar() == 1
    office.services.store.engine.dispose()
    kept = b"".join(path.read_bytes() for path in tmp_path.glob("permanence.db*"))
    ours = [each for each in caplog.records if each.name.split(".")[0] in OURS]
    told = "".join(map(formatted, ours))
    for secret in ("dossier", "rose@exemple", "Rosalinde", "Brian"):
        assert secret.encode() not in kept, secret
        assert secret not in told, secret


def test_what_is_erased_is_erased_from_the_folder_of_mails_too(
    office: Office, rose: Stranger, tmp_path: Path
) -> None:
    link = rose.gets_a_link(**BY_MAIL)
    office.do_jobs()
    rose.posts(link + "/cancel", {})
    assert len(list((tmp_path / "mail").glob("*.eml"))) == 1

    person.erase(PhoneNumber("+33199000001"), office.parts.spool, office.services)

    assert list((tmp_path / "mail").glob("*.eml")) == []


def test_the_page_sent_twice_is_one_question_and_with_other_words_another(
    office: Office, rose: Stranger
) -> None:
    once = rose.reads(PAGE).value("once")
    form = ROSES | BY_MAIL | {"once": once}

    links = [rose.posts(PAGE, form).headers["Location"] for _ in range(2)]
    mended = rose.posts(PAGE, form | {"question": "Et combien ?"}).headers["Location"]

    assert links[0] == links[1] != mended
    assert (state(office, links[0]), state(office, mended)) == (State.CANCELLED, State.WAITING)
