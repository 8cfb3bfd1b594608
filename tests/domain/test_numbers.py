"""Numbers as people write them, and those that are never rung."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatcher.domain.numbers import (
    BadNumber,
    PhoneNumber,
    Reason,
    digits_keyed,
    in_pairs,
    is_mobile,
    masked,
    parse,
    refusal,
)

ROSE = "+33465710012"
FILM = "+33639981234"  # ARCEP keeps 06 39 98 xx xx for films


@pytest.mark.parametrize(
    "written",
    [
        "0465710012",
        "04 65 71 00 12",
        " 04.65.71.00.12 ",
        "04-65-71-00-12",
        "04\u00a065\u202f71 00\u200912",
        "(04) 65 71 00 12",
        "+33465710012",
        "+33 (0)4 65 71 00 12",
        "+330465710012",
        "0033 4 65 71 00 12",
        "0033(0)465710012",
        "33465710012",  # what a spreadsheet leaves of +33…
        "tel:+33-4-65-71-00-12",
        "٠٤٦٥٧١٠٠١٢",  # Arabic-Indic digits
        "０４６５７１００１２",  # full-width digits
        "＋33465710012",
        "\u202a04 65 71 00 12\u202c",  # as copied from a telephone's contacts
        "\u202e0465710012",
        "\ufeff0465710012",
    ],
)
def test_however_a_french_number_is_written_it_is_the_same(written: str) -> None:
    assert parse(written) == ROSE


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("0690 00 12 34", "+590690001234"),  # Guadeloupe
        ("0590 12 34 56", "+590590123456"),
        ("0696 12 34 56", "+596696123456"),  # Martinique
        ("0596 50 12 34", "+596596501234"),
        ("0694 12 34 56", "+594694123456"),  # Guyane
        ("0594 30 12 34", "+594594301234"),
        ("0692 12 34 56", "+262692123456"),  # La Réunion
        ("0262 12 34 56", "+262262123456"),
        ("0269 61 23 45", "+262269612345"),  # Mayotte
        ("0639 01 23 45", "+262639012345"),
        ("+590 690 00 12 34", "+590690001234"),
        ("+33 690 00 12 34", "+590690001234"),  # with the wrong country code
        ("+33 5 96 50 12 34", "+596596501234"),
    ],
)
def test_an_overseas_number_gets_its_own_country_code(written: str, number: str) -> None:
    assert parse(written) == number
    assert refusal(number) is None


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("", Reason.EMPTY),
        ("  \u202e ", Reason.EMPTY),
        ("anonymous", Reason.NOT_A_NUMBER),
        ("client:ines", Reason.NOT_A_NUMBER),
        ("sip:rose@exemple.fr", Reason.NOT_A_NUMBER),
        ("+", Reason.NOT_A_NUMBER),
        ("04+65710012", Reason.NOT_A_NUMBER),
        ("0" * 65, Reason.NOT_A_NUMBER),
        ("0465710012;phone-context=+33", Reason.EXTENSION),
        ("0465710012;ext=12", Reason.EXTENSION),
        ("04 65 71 00 12 poste 3", Reason.EXTENSION),
        ("0465710012x3", Reason.EXTENSION),
        ("0465710012,,3", Reason.EXTENSION),
        ("15", Reason.SHORT),
        ("3939", Reason.SHORT),
        ("118 712", Reason.SHORT),
        ("465710012", Reason.INVALID),  # nine digits may be another country's
        ("04657100", Reason.INVALID),
        ("04657100123", Reason.INVALID),
        ("+33712121212121", Reason.INVALID),
        ("+0000000000", Reason.INVALID),
    ],
)
def test_what_is_no_number_is_refused_by_name(written: str, code: Reason) -> None:
    with pytest.raises(BadNumber) as caught:
        parse(written)

    assert caught.value.code is code


TRAPS = {
    Reason.PREMIUM: """
        0890123456 0891123456 0892123456 0893123456 0895123456 0897123456 0898123456 0899123456
        0836123456 0812345678 +33899123456 +262891123456 +262892123456 +590892123456 +590891123456
        +594892123456 +596892123456 +979123456789
    """,
    Reason.SHARED_COST: "0820123456 0821123456 0825123456 0826123456 0884123456 +262820123456",
    Reason.SATELLITE: "+881612345678 +881812345678 +870772123456 00881612345678 +883510012345678",
    Reason.FOREIGN: """
        +442079460018 +12025550123 +18095551234 +18765551234 +4930123456 +41223456789 +3225551234
        +37799123456 +508411234 +687201234 +68940412345 +22520212345 +22370123456 +2520612345678
        +23222123456 +53712345678 +85221234567 +5352345678 +2376201234567 +35312345678
    """,
    Reason.SHORT: "15 17 18 112 114 115 119 3114 3639 3919 3939 116000 116006 118712 118218 1014",
    Reason.TOLL_FREE: "0800123456 0801123456 0805123456 +590800123456",
    Reason.SPECIAL: "0806123456 0809123456",
    Reason.INVALID: """
        0700123456 07001234567890 +88213123456 +8881234567 +1900555123 0000000000 +33000000000
    """,
}
ALL_TRAPS = [(trap, why) for why, traps in TRAPS.items() for trap in traps.split()]


@pytest.mark.parametrize(("trap", "why"), ALL_TRAPS)
def test_a_trap_is_never_rung(trap: str, why: Reason) -> None:
    try:
        refused = refusal(parse(trap))
    except BadNumber as wrong:
        refused = wrong.code

    assert refused is not None
    assert refused in {why, Reason.INVALID}
    assert refusal(trap) is not None  # at the seam where numbers leave us, unread


def test_there_are_traps_of_every_kind() -> None:
    refused_by_name = 0
    for trap, why in ALL_TRAPS:
        try:
            refused_by_name += refusal(parse(trap)) is why
        except BadNumber as wrong:
            refused_by_name += wrong.code is why

    assert len(ALL_TRAPS) >= 60
    assert refused_by_name >= len(ALL_TRAPS) - 10


@pytest.mark.parametrize(
    "number",
    ["0465710012", ROSE + ";ext=12", "+33 4 65 71 00 12", "+330465710012", "", "anonymous", "+"],
)
def test_only_a_number_as_parse_returns_it_may_be_rung(number: str) -> None:
    assert refusal(number) is Reason.INVALID


@pytest.mark.parametrize(
    "ordinary",
    [
        "0199001234",
        "0261911234",
        "0353011234",
        "0465710012",
        "0536491234",
        "0937123456",
        "0162123456",
    ],
)
def test_ordinary_and_platform_numbers_may_be_rung_but_not_texted(ordinary: str) -> None:
    assert refusal(parse(ordinary)) is None
    assert not is_mobile(parse(ordinary))


def test_mobiles_may_be_texted() -> None:
    assert is_mobile(parse("0612345678"))
    assert is_mobile(parse("0690001234"))
    assert not is_mobile("+447400123456")
    assert not is_mobile("+881612345678")


def test_the_mobiles_of_films_are_rung_only_where_fiction_is_let_in() -> None:
    assert parse("06 39 98 12 34") == FILM

    assert refusal(FILM) is Reason.FICTION
    assert not is_mobile(FILM)
    assert refusal(FILM, fiction=True) is None
    assert is_mobile(FILM, fiction=True)
    assert refusal("+33899123456", fiction=True) is Reason.PREMIUM


def test_keys_make_a_number_when_they_are_ten_digits_from_nought() -> None:
    assert digits_keyed("0465710012") == ROSE
    assert digits_keyed("0465710012#") == ROSE
    assert digits_keyed("0690001234") == "+590690001234"
    for keys in ("", "#", "046571001", "04657100123", "+33465710012", "0000000000", "046571*012"):
        assert digits_keyed(keys) is None


def test_numbers_are_shown_in_pairs() -> None:
    assert in_pairs(ROSE) == "04 65 71 00 12"
    assert in_pairs("+590690001234") == "06 90 00 12 34"
    assert in_pairs("+33800123456") == "08 00 12 34 56"
    assert in_pairs(FILM) == "06 39 98 12 34"
    assert in_pairs("+442079460018") == "+44 20 7946 0018"
    assert in_pairs("3939") == "39 39"
    assert in_pairs("anonymous") == "anonymous"


def test_a_masked_number_shows_its_last_two_digits_alone() -> None:
    assert masked(ROSE) == "•• •• •• •• 12"
    assert masked("3939") == "•• •• •• •• ••"


@given(st.text() | st.text(alphabet="+0123456789 ;ext.()٠\u202e#*,pP-", max_size=30))
def test_no_text_breaks_the_reading_of_a_number(text: str) -> None:
    in_pairs(text)
    masked(text)
    refusal(text)
    digits_keyed(text)
    try:
        number = parse(text)
    except BadNumber:
        return
    assert parse(number) == number
    assert number[0] == "+"
    assert number[1:].isascii()
    assert number[1:].isdigit()


@given(st.from_regex(r"0[1-9][0-9]{8}", fullmatch=True))
def test_a_number_in_pairs_reads_back_as_itself(digits: str) -> None:
    try:
        number = parse(digits)
    except BadNumber:
        return

    assert in_pairs(number).replace(" ", "") == digits
    assert parse(in_pairs(number)) == number


def test_a_number_is_read_and_judged_in_a_millisecond() -> None:
    start = time.process_time()
    for last in range(200):
        refusal(PhoneNumber(parse(f"06900012{last % 100:02}")))

    assert (time.process_time() - start) / 200 < 0.001
