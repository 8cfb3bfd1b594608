"""``/confidentialite``: what is kept, why and how long, in plain words and from the same values."""

import itertools
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from dispatcher.domain.retention import Periods
from dispatcher.web.app import create_app
from tests.office import Office, line, open_office
from tests.web.test_home import Page

PATH = "/confidentialite"


@pytest.fixture
def two_lines(
    sqlite_url: str, redis_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Office]:
    lines = (line(remember_days=90), replace(line(id="b"), public_number="3939"))
    with open_office(sqlite_url, redis_url, tmp_path, monkeypatch, lines=lines) as office:
        yield office


def page(office: Office, periods: str = "") -> Page:
    services = replace(office.services, periods=Periods.parse(periods))
    app = create_app(replace(office.parts, services=services))
    return Page(app.test_client().get(PATH).get_data(as_text=True))


def test_it_tells_the_periods_by_which_we_erase(two_lines: Office) -> None:
    usual, other = page(two_lines).text, page(two_lines, "numbers:45,history:730").text

    assert "6 mois après la fin de l’appel" in usual
    assert "Combien de temps\u00a0: 1 an." in usual
    assert "6 mois au plus" in usual, "the longest of the lines: 180 days"
    assert "45 jours après la fin de l’appel" in other
    assert "Combien de temps\u00a0: 2 ans." in other


def test_it_says_that_no_call_is_recorded_and_whom_to_ring(two_lines: Office) -> None:
    shown = page(two_lines)

    assert "Aucun appel n’est enregistré." in shown.text
    assert [a["href"] for a in shown.all("a")] == ["tel:+33199000100", "tel:3939", "/"]
    assert "01 99 00 01 00" in shown.text


def test_the_front_page_leads_to_it(office: Office) -> None:
    front = Page(office.app.test_client().get("/").get_data(as_text=True))

    assert PATH in [a["href"] for a in front.all("a")]


def test_a_screen_reader_finds_its_way_and_no_script_is_needed(office: Office) -> None:
    shown = page(office)

    assert shown.all("html") == [{"lang": "fr"}]
    assert [len(shown.all(tag)) for tag in ("title", "main", "h1")] == [1, 1, 1]
    levels = [int(tag[1]) for tag, _ in shown.found if re.fullmatch("h[1-6]", tag)]
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
    assert not shown.all("script")
    assert not shown.all("form")
    assert not [attributes for _, attributes in shown.found if "style" in attributes]


def test_its_sentences_are_short(office: Office) -> None:
    sentences = re.split(r"[.?!:;]\s|\n", page(office).text)

    assert len(sentences) > 30
    for sentence in sentences:
        assert len(sentence.split()) <= 20, sentence
