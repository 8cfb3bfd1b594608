"""A code tells whoever mistyped it from whoever has none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatcher.domain import cases

CODES = st.integers(0, cases.HOW_MANY - 1).map(cases.code)


@given(CODES)
def test_a_code_as_it_was_told_is_right(code: str) -> None:
    assert len(code) == cases.DIGITS
    assert cases.is_right(code)
    assert cases.in_pairs(code).replace(" ", "") == code


@given(CODES, st.integers(0, cases.DIGITS - 1), st.sampled_from("0123456789"))
def test_one_wrong_digit_is_always_found(code: str, place: int, digit: str) -> None:
    keyed = code[:place] + digit + code[place + 1 :]

    assert cases.is_right(keyed) == (keyed == code)


@given(CODES, st.integers(0, cases.DIGITS - 2))
def test_two_neighbours_in_each_others_place_are_always_found(code: str, place: int) -> None:
    keyed = code[:place] + code[place + 1] + code[place] + code[place + 2 :]

    assert cases.is_right(keyed) == (keyed == code)


def test_no_other_digit_in_any_of_all_codes_makes_a_code() -> None:
    """Not a sample: the table itself, in which every row and every column has each digit once."""
    reached = [[int(each) for each in row] for row in cases._NEXT]

    assert all(sorted(row) == list(range(10)) for row in reached)
    assert all(sorted(column) == list(range(10)) for column in zip(*reached, strict=True))
    for start in range(10):
        for one in range(10):
            for other in range(one):
                assert reached[reached[start][one]][other] != reached[reached[start][other]][one]


@pytest.mark.parametrize("keyed", ["", "0", "00000", "0000000", "00 000", "٠٠٠٠٠٠"])
def test_anything_but_six_digits_is_no_code(keyed: str) -> None:
    assert not cases.is_right(keyed)
