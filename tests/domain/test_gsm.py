"""What a text costs, and that none ever leaves the alphabet."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatcher.domain.gsm import BASIC, EXTENSION, segments, spelt

SPELT = {
    "Bonjour, à bientôt": "Bonjour, à bientot",
    "être, île, Noël, ça, août": "etre, ile, Noel, ca, aout",
    "œuvre, ŒUVRE, Æsop": "oeuvre, OEUVRE, Æsop",
    "l’aide d‘un « ami » …": "l'aide d'un \" ami \" ...",
    "deux–trois—quatre": "deux-trois-quatre",
    "12\u00a0h\u202f30\u200b": "12 h 30",
    "é e\u0301 È ù": "é é E ù",
    "10 € {x} [y]": "10 € {x} [y]",
    "ﬁn ½ №": "fin ? No",
    "Ça va ? Ñandú": "Ça va ? Ñandu",
    "日本 😀": "?? ?",
}


@pytest.mark.parametrize("text", SPELT)
def test_what_is_outside_the_alphabet_has_its_nearest_spelling(text: str) -> None:
    assert spelt(text) == SPELT[text]


@given(st.text())
def test_whatever_is_written_stays_in_the_alphabet_and_is_spelt_once(text: str) -> None:
    once = spelt(text)

    assert set(once) <= BASIC | EXTENSION
    assert spelt(once) == once


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("é" * 160, 1),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("a" * 159 + "€", 2),
        ("a" * 152 + "€" + "a" * 151, 2),  # the euro sign begins the second segment whole
        ("a" * 152 + "€" + "a" * 152, 3),
    ],
)
def test_a_text_is_measured_in_segments(text: str, count: int) -> None:
    assert segments(text) == count


def test_the_alphabet_has_its_127_letters_and_ten_of_the_extension() -> None:
    """128 places, of which one is the escape to the extension (3GPP TS 23.038, 6.2.1)."""
    assert (len(BASIC), len(EXTENSION)) == (127, 10)
