"""Signed links: what a signature lets somebody do, and what it does not."""

import re

from hypothesis import given
from hypothesis import strategies as st

from dispatcher.domain.links import Links, Purpose

OLD, NEW = b"o" * 32, b"n" * 32
LINKS = Links([NEW, OLD], "https://permanence.test")
IDS = st.binary(min_size=12, max_size=12).map(bytes.hex)


@given(IDS)
def test_a_token_leads_back_to_its_id_for_its_purpose_alone(id: str) -> None:
    token = LINKS.token(id, Purpose.CHANGE)

    assert LINKS.id(token, Purpose.CHANGE) == id
    assert LINKS.id(token, Purpose.ASK) is None
    assert re.fullmatch(r"[1-9A-HJ-NP-Za-km-z]{29}", token)


@given(IDS, st.integers(0, 28), st.sampled_from("123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijk"))
def test_a_token_with_another_letter_is_none_of_ours(id: str, at: int, letter: str) -> None:
    token = LINKS.token(id, Purpose.CHANGE)
    changed = token[:at] + letter + token[at + 1 :]

    assert (LINKS.id(changed, Purpose.CHANGE) is None) == (changed != token)


@given(st.text(max_size=40))
def test_any_text_at_all_is_read_without_an_error(text: str) -> None:
    assert LINKS.id(text, Purpose.CHANGE) is None


def test_a_token_of_the_key_before_still_counts_and_one_of_another_key_does_not() -> None:
    id = "0123456789ab" * 2

    assert LINKS.id(Links([OLD], "").token(id, Purpose.CHANGE), Purpose.CHANGE) == id
    assert Links([OLD], "").id(LINKS.token(id, Purpose.CHANGE), Purpose.CHANGE) is None


def test_the_address_is_short_enough_for_a_text() -> None:
    link = LINKS.to_change("0123456789ab" * 2)

    assert link.startswith("https://permanence.test/r/")
    assert len(link) == len("https://permanence.test/r/") + 29


def test_what_is_signed_for_one_partner_is_no_other_partners_and_no_link() -> None:
    links, id = Links([b"k" * 32], "https://permanence.test"), "ab" * 12

    token = links.token(id, Purpose.PARTNER, of="ccas-gap")

    assert links.id(token, Purpose.PARTNER, of="ccas-gap") == id
    assert links.id(token, Purpose.PARTNER, of="caf") is None
    assert links.id(token, Purpose.PARTNER) is None
    assert links.id(token, Purpose.CHANGE) is None
