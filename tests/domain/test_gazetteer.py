"""Lines found in the text of their file."""

import pytest

from dispatcher.domain.gazetteer import Gazetteer

TEXT = (
    "code,name,departement,region,epci,postal_codes,population\n"
    "2A004,Ajaccio,2A,94,,20000 20090,70000\r\n"
    "01001,L'Abergement-Clémenciat,01,84,,01400,860\n"
    "01002,Voisine,01,84,,01400 01640,270"
)
LINES = Gazetteer(TEXT.encode())


def test_every_line_is_found_by_its_code_whatever_their_order() -> None:
    assert list(LINES) == ["01001", "01002", "2A004"]
    assert LINES["01001"].startswith("01001,L'Abergement-Clémenciat,")
    assert LINES["2A004"].endswith(",70000")
    assert LINES["01002"].endswith(",270")


@pytest.mark.parametrize("code", ["", "00000", "01003", "99999", "01001,", "é"])
def test_a_code_that_nothing_has_is_not_there(code: str) -> None:
    assert code not in LINES
    assert LINES.get(code) is None


def test_lines_are_found_by_each_of_their_postal_codes() -> None:
    found = {
        code: [line[:5] for line in LINES.at_postal_code(code)] for code in LINES.postal_codes()
    }

    assert found == {
        "01400": ["01001", "01002"],
        "01640": ["01002"],
        "20000": ["2A004"],
        "20090": ["2A004"],
    }


@pytest.mark.parametrize("code", ["", "0140", "014000", "0140é", "-1400", "99999", "٠١٤٠٠"])
def test_a_postal_code_that_nothing_has_finds_nothing(code: str) -> None:
    assert LINES.at_postal_code(code) == []


def test_no_line_at_all() -> None:
    empty = Gazetteer(b"code,name\n")

    assert len(empty) == 0
    assert empty.postal_codes() == []
    assert "01001" not in empty
