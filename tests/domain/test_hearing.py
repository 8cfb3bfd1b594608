"""What is said aloud is understood, or it is no answer."""

import pytest

from dispatcher.domain.hearing import fold, place_said
from tests.office import EARS

GAP = ["Gap", "La Freissinouse", "Pelleautier", "Châteauvieux", "La Rochette", "Rambaud"]


@pytest.mark.parametrize(
    ("said", "index"),
    [
        ("Gap.", 0),
        ("c'est à Gap", 0),
        ("la fressinouze", 1),
        ("Pelotier", 2),
        ("chateau vieux", 3),
        ("Châteauvieux", 3),
        ("Paris", None),
        ("", None),
        ("euh", None),
    ],
)
def test_a_commune_is_known_by_its_name_or_what_it_sounds_like(
    said: str, index: int | None
) -> None:
    assert place_said(said, GAP) == index


def test_saints_are_the_same_however_they_are_written() -> None:
    names = ["Saint-Bonnet-en-Champsaur", "Sainte-Bonnette"]

    assert place_said("st bonnet en champsaur", names) == 0
    assert fold("SAINT-Étienne-d'Œuf") == "st etienne d oeuf"


def test_the_longest_name_said_is_meant() -> None:
    names = ["Bourg", "Bourg-d'Oisans"]

    assert place_said("le Bourg d'Oisans", names) == 1
    assert place_said("Bourg", names) == 0


def test_a_name_unlike_any_is_none() -> None:
    assert place_said("Paris", ["Gap"]) is None


def test_of_two_that_sound_alike_neither_is_taken() -> None:
    assert place_said("rambo", ["Rambaud", "Rambeau"]) is None
    assert place_said("Sainte Colombe", ["Sainte-Colombe", "Sainte-Colombe"]) is None


@pytest.mark.parametrize(
    ("menu", "said", "key"),
    [
        ("confirm", "Oui, c'est ça.", "1"),
        ("confirm", "Non !", "2"),
        ("confirm", "oui non", ""),
        ("same_place", "tout à fait", "1"),
        ("need", "numéro un", "1"),
        ("need", "zéro", "0"),
        ("need", "ouistiti", ""),
        ("commune", "une autre", "4"),
    ],
)
def test_an_answer_in_words_is_a_key_or_nothing(menu: str, said: str, key: str) -> None:
    assert EARS.choice(menu, said) == key
