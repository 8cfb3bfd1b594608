"""The files that say who answers, as spreadsheets write them."""

from collections.abc import Iterable
from pathlib import Path

import pytest

from dispatcher.domain.agents import Need
from dispatcher.domain.directory import (
    AGENTS,
    STRUCTURES,
    AgentRow,
    Parsed,
    Problem,
    Status,
    StructureRow,
    read_agents,
    read_structures,
)
from dispatcher.domain.numbers import PhoneNumber
from dispatcher.domain.schedule import WeeklySlots
from dispatcher.domain.zones import Zones
from tests.domain.places import ATLAS
from tests.domain.spreadsheets import AGENT_HEADER, INES, agent, agents, structures

ROOT = Path(__file__).parents[2]
HOUSES = ROOT / "config" / "data" / "houses" / "france_services_2024-08.csv"


def said(problems: Iterable[Problem]) -> list[tuple[int, str, str]]:
    return [(problem.line, problem.column, problem.code) for problem in problems]


def test_an_agent_is_read_whole() -> None:
    parsed = agents(INES)

    assert parsed.problems == ()
    assert parsed.columns == set(AGENTS.columns)
    assert parsed.rows == (
        AgentRow(
            line=2,
            email="ines@exemple.fr",
            name="Inès Dupont",
            structure="gap",
            telephone=PhoneNumber("+33465710012"),
            pin="1234",
            skills={Need.PROCEDURES: 2, Need.MEDIATION: 1},
            zones=Zones.parse("commune:05061 -commune:05132 strict"),
            status=Status.EMPLOYED,
            languages=("fr", "lsf"),
            slots=WeeklySlots.parse("mon-fri 09:00-12:30"),
            automatic=True,
        ),
    )
    assert "1234" not in repr(parsed.rows)


def test_a_desk_agent_needs_little() -> None:
    [malo] = agents(agent()).rows

    assert (malo.telephone, malo.pin, malo.automatic) == (None, None, False)
    assert (malo.languages, malo.zones, malo.slots) == (("fr",), Zones(), WeeklySlots())


def test_columns_come_in_any_order_and_only_some_are_needed() -> None:
    parsed = agents(
        "volunteer;procedures:1;gap;Malo;04 65 71 00 13",
        header="Status;SKILLS;structure; name ;telephone",
    )

    assert parsed.problems == ()
    assert [row.telephone for row in parsed.rows] == ["+33465710013"]
    assert parsed.columns == {"status", "skills", "structure", "name", "telephone"}


def test_a_structure_is_read_whole_under_its_present_commune() -> None:
    parsed = structures("paris-1,Maison du Louvre,75101,epci:200054781,0800 12 34 56")

    assert parsed == Parsed(
        (
            StructureRow(
                line=2,
                id="paris-1",
                name="Maison du Louvre",
                commune="75056",
                zones=Zones.parse("epci:200054781"),
                telephone=PhoneNumber("+33800123456"),
            ),
        ),
        (),
        frozenset(STRUCTURES.columns),
    )


def test_the_national_list_of_houses_is_read_under_its_own_headers() -> None:
    parsed = read_structures(HOUSES.read_bytes(), ATLAS)

    assert parsed.problems == ()
    assert len(parsed.rows) == 2_845
    assert parsed.rows[0].name == "France services de Valserhône"
    assert all(ATLAS.commune(row.commune) for row in parsed.rows)
    physical = HOUSES.read_text(encoding="utf-8").splitlines()
    assert all(physical[row.line - 1].startswith(f"{row.id},") for row in parsed.rows)


def test_a_wrong_house_of_the_national_list_is_named_in_its_own_words() -> None:
    parsed = structures("1,Maison,14771,x", header="id_fs,lib_fs,insee_com,adresse")

    assert said(parsed.problems) == [(2, "insee_com", "commune.unknown")]


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("separator", [",", ";"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_file_is_read_as_any_spreadsheet_writes_it(mark: str, separator: str, end: str) -> None:
    rows = [["id", "name", "commune"], ["gap", '"Maison, de; Gap"', "05061"], ["", "", ""]]
    text = mark + end.join(separator.join(row) for row in rows) + end

    for source in (text, text.encode()):
        parsed = read_structures(source, ATLAS)
        assert parsed.problems == ()
        assert [(row.line, row.name) for row in parsed.rows] == [(2, "Maison, de; Gap")]


def test_a_file_in_another_encoding_is_refused_with_its_first_wrong_line() -> None:
    parsed = read_structures(
        "id,name,commune\na,b,05061\ngap,Orcières,05061".encode("latin-1"), ATLAS
    )

    assert parsed.rows == ()
    assert parsed.problems == (Problem(3, "-", "sheet.not_utf8", "0xE8"),)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("", [(1, "-", "sheet.empty")]),
        ("id,name", [(1, "commune", "sheet.missing_column")]),
        ("id,name,commune,name", [(1, "name", "sheet.repeated_column")]),
        ("id,name,commune,tel", [(1, "tel", "sheet.unknown_column")]),
        ("id,name,commune,\x1b[2J", [(1, "\ufffd[2j", "sheet.unknown_column")]),
    ],
)
def test_a_wrong_header_is_named(header: str, expected: list[tuple[int, str, str]]) -> None:
    assert said(structures(header=header).problems) == expected


def test_every_wrong_row_is_reported_and_the_right_ones_are_still_read() -> None:
    parsed = agents(
        '"x@exemple.fr","Jean\nde\nGap",nowhere,0899123456,12,procedures:3,'
        "commune:99999,boss,french,lun 9h,peut-être",
        INES,
        "too,short",
        'a@exemple.fr,"Jean" Dupont,gap',
        agent(email="", skills="", status="", structure=""),
        agent(name="=HYPERLINK(1)", automatic="oui"),
        INES,
    )

    assert [row.name for row in parsed.rows] == ["Inès Dupont"]
    assert said(parsed.problems) == [
        (2, "structure", "structure.unknown"),
        (2, "telephone", "telephone.premium"),
        (2, "pin", "pin.invalid"),
        (2, "skills", "skills.level"),
        (2, "zones", "zones.unknown"),
        (2, "status", "status.unknown"),
        (2, "languages", "languages.invalid"),
        (2, "slots", "slots.unknown_day"),
        (2, "automatic", "yes_no.unknown"),
        (6, "-", "sheet.cells"),
        (7, "-", "sheet.quotes"),
        (8, "structure", "cell.empty"),
        (8, "skills", "cell.empty"),
        (8, "status", "cell.empty"),
        (8, "email", "agent.no_key"),
        (9, "name", "cell.formula"),
        (9, "automatic", "agent.no_telephone"),
        (10, "email", "row.repeated"),
        (10, "telephone", "row.repeated"),
    ]


def test_a_key_or_a_telephone_twice_names_the_first_of_the_two() -> None:
    parsed = agents(
        agent(email="malo@exemple.fr", telephone="04 65 71 00 12"),
        agent(email="MALO@exemple.fr"),
        agent(email="zoe@exemple.fr", telephone="+33465710012"),
        agent(email="", telephone="04 65 71 00 13"),
        agent(email="", telephone="04 65 71 00 13"),
    )

    assert [(p.line, p.column, p.expected) for p in parsed.problems] == [
        (3, "email", "2"),
        (4, "telephone", "2"),
        (6, "telephone", "5"),
    ]
    assert said(structures("1,A,05061,,", "1,B,05061,,").problems) == [(3, "id", "row.repeated")]


@pytest.mark.parametrize(
    ("column", "cell", "code"),
    [
        ("name", "", "cell.empty"),
        ("name", "  ", "cell.empty"),
        ("name", "x" * 201, "cell.too_long"),
        ("name", "Zoé\u202e", "cell.unprintable"),
        ("name", "Zoé\x00", "cell.unprintable"),
        ("name", "@SUM(A1)", "cell.formula"),
        ("name", "-2+3", "cell.formula"),
        ("structure", "GAP", "structure.unknown"),
        ("email", "zoé", "email.invalid"),
        ("email", "zoe@exemple", "email.invalid"),
        ("email", "a@exemple.fr, b@exemple.fr", "email.invalid"),
        ("telephone", "poste 12", "telephone.not_a_number"),
        ("telephone", "0465710012x3", "telephone.extension"),
        ("telephone", "3939", "telephone.short"),
        ("telephone", "465710012", "telephone.invalid"),
        ("telephone", "+44 20 7946 0018", "telephone.foreign"),
        ("telephone", "+881612345678", "telephone.satellite"),
        ("telephone", "0820 12 34 56", "telephone.shared_cost"),
        ("telephone", "0800 12 34 56", "telephone.toll_free"),
        ("telephone", "0806 12 34 56", "telephone.special"),
        ("telephone", "06 39 98 12 34", "telephone.fiction"),
        ("pin", "123", "pin.invalid"),
        ("pin", "123456789", "pin.invalid"),
        ("pin", "12a4", "pin.invalid"),
        ("pin", "١٢٣٤", "pin.invalid"),
        ("skills", "cuisine:2", "skills.unknown"),
        ("skills", "either:1", "skills.unknown"),
        ("skills", "procedures", "skills.level"),
        ("skills", "procedures:1 procedures:2", "skills.repeated"),
        ("zones", "gap", "zones.not_a_zone"),
        ("zones", "-france", "zones.excludes_all"),
        ("zones", "commune:75056 -commune:75101", "zones.contradiction"),
        ("zones", "commune:05061 " * 1000, "cell.too_long"),
        ("status", "bénévole", "status.unknown"),
        ("languages", "fr français", "languages.invalid"),
        ("slots", "mon 9-12", "slots.not_hours"),
        ("automatic", "maybe", "yes_no.unknown"),
    ],
)
def test_a_wrong_cell_is_named(column: str, cell: str, code: str) -> None:
    parsed = agents(agent(**{column: cell}))

    assert parsed.rows == ()
    assert said(parsed.problems) == [(2, column, code)]


def test_a_wrong_pin_is_never_repeated() -> None:
    assert [problem.value for problem in agents(agent(pin="12a4")).problems] == [""]


def test_films_numbers_come_in_where_fiction_is_let_in() -> None:
    text = f"{AGENT_HEADER}\n{agent(telephone='06 39 98 12 34')}"

    [row] = read_agents(text, ATLAS, {"gap"}, fiction=True).rows

    assert row.telephone == "+33639981234"


def test_a_telephone_copied_with_invisible_marks_is_understood() -> None:
    [row] = agents(agent(telephone="\u202a04 65 71 00 12\u202c")).rows

    assert row.telephone == "+33465710012"


def test_old_commune_codes_in_zones_become_present() -> None:
    [row] = agents(agent(zones="commune:75101 -commune:01091")).rows

    assert str(row.zones) == "commune:75056 -commune:01033"


def test_what_is_shown_of_a_wrong_cell_is_short_and_harmless() -> None:
    [problem] = agents(agent(structure="\x1b]0;" + "x" * 60)).problems
    [long] = agents(agent(zones="x" * 5000)).problems

    assert problem.value.isprintable()
    assert len(long.value) == 60
