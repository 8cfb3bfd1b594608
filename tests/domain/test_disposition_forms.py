"""What the answers of the form say, what is wrong with them, and until when it may be written."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from config.words import words
from dispatcher.domain.agents import AgentId
from dispatcher.domain.callbacks import CallbackId
from dispatcher.domain.calls import CallSid, OfferId
from dispatcher.domain.disposition_forms import (
    missing,
    read,
    read_edition,
    read_recap,
    read_wish,
)
from dispatcher.domain.dispositions import Edition, Outcome, Writing, is_writable, talked
from dispatcher.domain.follow_ups import When, Wish, from_when
from dispatcher.domain.gsm import spelt
from dispatcher.domain.mails import Address
from dispatcher.domain.matters import BY_TOPIC, Matter, Topic
from dispatcher.domain.offers import End, Offer
from dispatcher.domain.recaps import Asked, By, Paper, Recap

TODAY = date(2026, 11, 24)
NOON = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)
PARIS = "Europe/Paris"
OFFER = Offer(OfferId("o1"), AgentId(1), NOON, NOON, call=CallSid("c1"), accepted_at=NOON)
OVER = replace(OFFER, closed_at=NOON, end=End.ANSWERED)
RUNG_BACK = replace(OFFER, call=None, callback=CallbackId("k1"))
ABOUT = Writing(Matter.MONEY_TAXES, Outcome.SETTLED)


def test_there_are_ten_subjects_and_the_digital_themes_and_each_matter_is_under_one() -> None:
    assert set(BY_TOPIC) == set(Topic)
    assert len(Topic) == 11
    assert [each for matters in BY_TOPIC.values() for each in matters] == list(Matter)


def test_a_subject_in_a_text_is_short_enough_for_its_segments() -> None:
    said = words("dispositions")

    assert max(len(spelt(said[each])) for each in Matter) <= 60
    assert len(", ".join(said[each] for each in Paper)) <= 120


def test_what_is_half_written_is_kept_and_only_the_button_says_what_is_missing() -> None:
    half = read({"matter": "", "outcome": "sent_on", "note": "  Revient\r\njeudi "})

    assert half == Writing(None, Outcome.SENT_ON, "", "Revient\njeudi")
    assert [each.field for each in missing(half)] == ["matter", "service"]
    assert missing(ABOUT) == ()


@pytest.mark.parametrize(
    ("form", "field", "key"),
    [
        ({"note": "n" * 1001}, "note", "suivi.wrong.long"),
        ({"service": "s" * 81}, "service", "suivi.wrong.long"),
        ({"note": "a\u202eb"}, "note", "suivi.wrong.signs"),
    ],
)
def test_what_cannot_be_kept_is_said(form: dict[str, str], field: str, key: str) -> None:
    found = read(form)

    assert isinstance(found, tuple)
    assert [(each.field, each.key) for each in found] == [(field, key)]


def test_codes_that_nobody_made_are_no_answer() -> None:
    assert read({"matter": "topic.money", "outcome": "<b>"}) == Writing()


@pytest.mark.parametrize(
    ("form", "edition"),
    [
        ({"version": "3", "tab": "0123456789abcdef", "turn": "2"}, (3, "0123456789abcdef", 2)),
        ({}, (-1, "", -1)),
        ({"version": "-1", "tab": "Z" * 16, "turn": "1e9"}, (-1, "", -1)),
        ({"version": "9" * 40, "tab": "0" * 17, "turn": "²"}, (-1, "", -1)),
    ],
)
def test_an_unreadable_edition_fits_no_version(
    form: dict[str, str], edition: tuple[int, str, int]
) -> None:
    assert read_edition(form) == Edition(*edition)


def test_another_call_is_booked_for_a_moment_or_a_day() -> None:
    assert read_wish({"mine": "1", "when": "soon", "day": "x"}, TODAY) == Wish(True, When.SOON)
    day = read_wish({"mine": "0", "when": "on_a_day", "day": "3/12/2026"}, TODAY)

    assert day == Wish(False, When.ON_A_DAY, date(2026, 12, 3))
    at = from_when(When.ON_A_DAY, zone=PARIS, at=NOON, day=date(2026, 12, 3))
    assert at == datetime(2026, 12, 2, 23, tzinfo=UTC)
    assert from_when(When.ON_A_DAY, zone=PARIS, at=NOON, day=TODAY) == NOON, "not in the past"


@pytest.mark.parametrize(
    ("form", "fields"),
    [
        ({}, ["mine", "when"]),
        ({"mine": "2", "when": "never"}, ["mine", "when"]),
        ({"mine": "1", "when": "on_a_day"}, ["day"]),
        ({"mine": "1", "when": "on_a_day", "day": "23/11/2026"}, ["day"]),
        ({"mine": "1", "when": "on_a_day", "day": "24/11/2027"}, ["day"]),
    ],
)
def test_a_wish_that_cannot_be_is_said(form: dict[str, str], fields: list[str]) -> None:
    found = read_wish(form, TODAY)

    assert isinstance(found, tuple)
    assert [each.field for each in found] == fields


def test_a_recap_is_a_template_and_the_fields_it_has() -> None:
    form = {"recap": "recap.bring", "by": "sms", "paper.bank": "1", "paper.taxes": "1"}
    form |= {"place": "Mairie de  Gap", "date": "2026-12-03", "address": "not asked"}

    assert read_recap(form, ABOUT, TODAY) == Asked(
        Recap.BRING,
        By.TEXT,
        None,
        (Paper.BANK, Paper.TAXES),
        "Mairie de Gap",
        date(2026, 12, 3),
    )
    mail = {"recap": "recap.done", "by": "email", "address": "rose@exemple.fr"}
    assert read_recap(mail, ABOUT, TODAY) == Asked(Recap.DONE, By.MAIL, Address("rose@exemple.fr"))


@pytest.mark.parametrize(
    ("form", "fields"),
    [
        ({}, ["recap", "by"]),
        ({"recap": "callback.kept", "by": "fax"}, ["recap", "by"]),
        ({"recap": "recap.done", "by": "email", "address": "a@b.fr, c@d.fr"}, ["address"]),
        ({"recap": "recap.bring", "by": "sms"}, ["place", "paper.identity", "date"]),
        ({"recap": "recap.service", "by": "sms", "place": "p" * 61}, ["place"]),
    ],
)
def test_a_recap_that_cannot_be_is_said(form: dict[str, str], fields: list[str]) -> None:
    found = read_recap(form, ABOUT, TODAY)

    assert isinstance(found, tuple)
    assert [each.field for each in found] == fields


def test_a_recap_of_what_is_done_says_of_what() -> None:
    found = read_recap({"recap": "recap.done", "by": "sms"}, Writing(), TODAY)

    assert isinstance(found, tuple)
    assert [each.field for each in found] == ["matter"]


@pytest.mark.parametrize(
    ("offer", "do"),
    [
        (OFFER, True),
        (OVER, True),
        (replace(OFFER, accepted_at=None), False),
        (RUNG_BACK, False),
        (replace(RUNG_BACK, reached_at=NOON), True),
        (replace(RUNG_BACK, closed_at=NOON, end=End.UNREACHED), False),
        (replace(OVER, end=End.CALLER_GONE), False),
    ],
)
def test_a_conversation_is_where_two_people_talk(offer: Offer, do: bool) -> None:
    assert talked(offer) is do


@pytest.mark.parametrize(
    ("hours", "days", "may"),
    [(0, 0, True), (12, 0, False), (35, 1, True), (36, 1, False), (24 * 7, 7, True)],
)
def test_it_is_written_of_until_the_end_of_the_follow_up_days(
    hours: int, days: int, may: bool
) -> None:
    at = NOON + timedelta(hours=hours)

    assert is_writable(OVER, days=days, zone=PARIS, at=at) is may
    assert is_writable(OFFER, days=days, zone=PARIS, at=at), "they talk still"
