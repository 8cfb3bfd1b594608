"""A slot in one French sentence, written and read again."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.words import words
from dispatcher.domain.occurrences import Pattern
from dispatcher.domain.recurrences import Rule, Weeks
from dispatcher.domain.slot_readings import BadSentence, read
from dispatcher.domain.slot_sentences import write
from dispatcher.domain.slots import Span

WORDS = {**words("spoken"), **words("timetables")}
TODAY = date(2026, 11, 25)
PARIS = "Europe/Paris"
NINE_TO_NOON = Span(540, 720)


def reads(sentence: str) -> Pattern:
    return read(sentence, WORDS, today=TODAY, zone=PARIS)


def of(*days: int, span: Span = NINE_TO_NOON, first: date = TODAY, **rule: object) -> Pattern:
    return Pattern(Rule(first, days, **rule), span)  # type: ignore[arg-type]


SENTENCES = {
    "Tous les mardis de 9 h à 12 h, semaines paires, jusqu'au 30 juin 2027": of(
        1, weeks=Weeks.EVEN, until=date(2027, 6, 30)
    ),
    "Le 1er mercredi du mois de 14 h à 17 h 30": of(2, nth=(1,), span=Span(840, 1050)),
    "Les 2e et 4e samedis du mois de 9 h à 12 h": of(5, nth=(2, 4)),
    "Le dernier vendredi du mois de 9 h à 12 h": of(4, nth=(-1,)),
    "Tous les lundis, mardis et jeudis de 22 h à 6 h": of(0, 1, 3, span=Span(1320, 1800)),
    "Du lundi au vendredi de 9 h à 12 h, jours fériés compris": Pattern(
        Rule(TODAY, (0, 1, 2, 3, 4)), NINE_TO_NOON, holidays=True
    ),
    "Tous les jours de minuit à minuit": None,
    "Tous les jeudis de 9 h à 12 h, toutes les 3 semaines, à partir du 1er décembre 2026": of(
        3, every=3, first=date(2026, 12, 1)
    ),
    "Le mardi 24 novembre 2026 de 9 h à 12 h": of(first=date(2026, 11, 24)),
    "Tous les samedis de 9 h à 12 h, semaines impaires, pause de 10 h à 10 h 15": Pattern(
        Rule(TODAY, (5,), weeks=Weeks.ODD), NINE_TO_NOON, pauses=(Span(600, 615),)
    ),
}


@pytest.mark.parametrize(
    ("sentence", "pattern"), [each for each in SENTENCES.items() if each[1] is not None]
)
def test_a_sentence_says_a_slot_and_a_slot_that_sentence(sentence: str, pattern: Pattern) -> None:
    assert reads(sentence) == pattern
    assert write(pattern, WORDS, since=TODAY) == sentence


@pytest.mark.parametrize(
    ("sentence", "same"),
    [
        ("tous les Mardis de 9h à 12h, Semaines paires", of(1, weeks=Weeks.EVEN)),
        ("1er mercredi du mois de 09:00 à midi", of(2, nth=(1,))),
        ("2ème et 4ème samedis du mois de 9h00 à 12 h", of(5, nth=(2, 4))),
        ("le deuxième et le quatrième samedi du mois de 9 h à 12 h", of(5, nth=(2, 4))),
        ("le mardi de 9 h à 12 h, une semaine sur deux", of(1, every=2)),
        ("le 3 décembre de 9 h à 12 h", of(first=date(2026, 12, 3))),
        ("le 3 mars de 9 h à 12 h", of(first=date(2027, 3, 3))),
        ("tous les mardis de 9 h à 12 h, sauf jours fériés.", of(1)),
    ],
)  # fmt: skip
def test_what_people_write_is_read_all_the_same(sentence: str, same: Pattern) -> None:
    assert reads(sentence) == same


@pytest.mark.parametrize(
    ("sentence", "code"),
    [
        ("", "no_hours"),
        ("tous les mardis", "no_hours"),
        ("tous les jours ouvrables sauf un de 9 h à 9 h", "no_length"),
        ("de 9 h à 12 h", "no_day"),
        ("tous les mardis de 9 h à 25 h", "no_such_time"),
        ("tous les mardis de 9 h à 12 h 75", "no_such_time"),
        ("tous les mardis de 9 h à 12 h peut-être", "not_understood"),
        ("tous les mardis de 9 h à 12 h, selon la météo", "not_understood"),
        ("le 2e mardi de 9 h à 12 h", "not_understood"),
        ("le 31 novembre de 9 h à 12 h", "no_date"),
        ("tous les mardis de 9 h à 12 h, jusqu'au 3 brumaire", "no_date"),
        ("tous les mardis de 9 h à 12 h, jusqu'à demain", "no_date"),
        ("tous les mardis de 9 h à 12 h, jusqu'au 3 mars 2020", "ends_before"),
        ("le 1er mardi du mois de 9 h à 12 h, semaines paires", "two_rhythms"),
    ],
)
def test_what_is_not_understood_is_said_back(sentence: str, code: str) -> None:
    with pytest.raises(BadSentence) as caught:
        reads(sentence)

    assert caught.value.code == code


@given(
    days=st.sets(st.integers(0, 6)).map(lambda found: tuple(sorted(found))),
    rhythm=st.sampled_from(
        [{}, {"every": 2}, {"weeks": Weeks.ODD}, {"nth": (1,)}, {"nth": (3, -1)}, {"nth": (2, 5)}]
    ),
    first=st.dates(TODAY, date(2028, 1, 1)),
    lasts=st.none() | st.dates(date(2028, 1, 1), date(2029, 1, 1)),
    start=st.integers(0, 1439),
    length=st.integers(1, 1439),
    holidays=st.booleans(),
)  # fmt: skip
def test_whatever_is_written_is_read_as_the_same(
    days: tuple[int, ...],
    rhythm: dict[str, object],
    first: date,
    lasts: date | None,
    start: int,
    length: int,
    holidays: bool,
) -> None:
    rule = Rule(first, days, until=lasts, **rhythm) if days else Rule(first, until=lasts)  # type: ignore[arg-type]
    pattern = Pattern(rule, Span(start, start + length), holidays=holidays)

    assert reads(write(pattern, WORDS, since=TODAY)) == pattern
