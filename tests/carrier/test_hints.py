"""Words to expect, within what the carrier takes."""

import pytest

from dispatcher.carrier.hints import AT_MOST, LONGEST, in_one
from tests.domain.places import ATLAS


@pytest.mark.parametrize(
    ("hints", "told"),
    [
        ((), None),
        (("", " , "), None),
        (("Gap",), "Gap"),
        (("Gap", "L'Île-d'Yeu"), "Gap, L'Île-d'Yeu"),
        (("Saint-Bonnet, en  Champsaur",), "Saint-Bonnet en Champsaur"),
        (("$OOV_CLASS_DIGIT_SEQUENCE",), "OOV_CLASS_DIGIT_SEQUENCE"),
        (("Gap", "Vars", "Gap"), "Gap, Vars"),
        (("a" * 101,), "a" * 100),
    ],
)
def test_a_hint_is_plain_words(hints: tuple[str, ...], told: str | None) -> None:
    assert in_one(hints) == told


def test_of_too_many_the_first_are_told() -> None:
    told = in_one(str(number) for number in range(700)) or ""

    assert told.split(", ") == [str(number) for number in range(AT_MOST)]


def test_the_communes_of_every_postal_code_fit_and_none_loses_a_letter() -> None:
    codes = {code for commune in ATLAS.communes() for code in commune.postal_codes}
    for code in codes:
        names = [commune.name for commune in ATLAS.at_postal_code(code)]
        assert len(names) <= AT_MOST, code
        assert max(map(len, names)) <= LONGEST
        assert in_one(names) == ", ".join(dict.fromkeys(names)), code
