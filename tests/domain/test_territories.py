"""Every commune of France, under every code it ever had, and what is around it."""

import csv
import subprocess
import sys
from collections.abc import Iterator
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatcher.domain.territories import FRANCE, Level, Territory
from tests.domain.places import ATLAS, FOLDER, commune

ROOT = FOLDER.parents[2]


def rows(file: str) -> Iterator[dict[str, str]]:
    with (FOLDER / file).open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


def around(code: str) -> list[str]:
    return [str(territory) for territory in ATLAS.around(commune(code))]


def test_every_present_commune_is_there_whole() -> None:
    found = list(ATLAS.communes())

    assert len(found) == 34_969
    assert [c.code for c in found] == [row["code"] for row in rows("communes.csv")]
    assert sum(c.epci is None for c in found) == 98
    assert sum(c.population for c in found) > 68_000_000


def test_every_code_ever_used_leads_to_a_present_commune() -> None:
    present = {c.code for c in ATLAS.communes()}
    old = [row["old_code"] for row in rows("aliases.csv")]

    resolved = {code: commune(code).code for code in [*present, *old]}

    assert len(resolved) == 39_254
    assert set(resolved.values()) == present


@pytest.mark.parametrize(
    ("old", "present"),
    [
        ("75101", "75056"),  # Paris, first arrondissement
        ("13201", "13055"),
        ("69381", "69123"),
        ("01091", "01033"),  # an old code
        ("05061", "05061"),
    ],
)
def test_an_old_or_an_arrondissements_code_is_its_present_commune(old: str, present: str) -> None:
    assert commune(old).code == present


def test_a_code_that_never_was_is_nobodys() -> None:
    assert ATLAS.commune("2B14") is None
    assert ATLAS.commune("14771") is None
    assert ATLAS.commune("") is None


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("05061", "commune:05061 epci:200067825 departement:05 region:93 france"),
        ("05096", "commune:05096 epci:200068096 departement:05 region:93 france"),
        ("05177", "commune:05177 epci:200067452 departement:05 region:93 france"),
        ("01016", "commune:01016 epci:200071371 departement:01 region:84 france"),
        ("22016", "commune:22016 departement:22 region:53 france"),  # no EPCI
        ("29083", "commune:29083 departement:29 region:53 france"),
        ("85113", "commune:85113 departement:85 region:52 france"),
        ("98818", "commune:98818 departement:988 region:988 france"),  # its own région
        ("97502", "commune:97502 departement:975 region:975 france"),
        ("2A004", "commune:2A004 epci:242010056 departement:2A region:94 france"),
        ("97105", "commune:97105 epci:249710070 departement:971 region:01 france"),
        ("97611", "commune:97611 epci:200060457 departement:976 region:06 france"),
    ],
)
def test_what_is_around_a_commune_goes_from_narrow_to_wide(code: str, expected: str) -> None:
    assert around(code) == expected.split()


def test_the_same_code_at_two_levels_is_two_places() -> None:
    ain, guadeloupe = Territory(Level.DEPARTEMENT, "01"), Territory(Level.REGION, "01")

    assert (ATLAS.name(ain), ATLAS.name(guadeloupe)) == ("Ain", "Guadeloupe")
    assert guadeloupe not in ATLAS.above(ain)


def test_what_is_above_a_commune_is_what_is_around_it() -> None:
    assert ATLAS.above(Territory.parse("commune:05096")) == set(ATLAS.around(commune("05096")))
    assert Territory.parse("commune:75056") in ATLAS.above(Territory.parse("commune:75101"))


def test_an_epci_over_two_departements_is_under_both_and_their_regions() -> None:
    over = {row["code"]: {row["code"]} for row in rows("epci.csv")}
    for row in rows("communes.csv"):
        over.setdefault(row["epci"], set()).update(
            {f"departement:{row['departement']}", f"region:{row['region']}"}
        )

    for code in over.keys() - {""}:
        epci = Territory(Level.EPCI, code)
        larger = {str(t) for t in ATLAS.above(epci) - {epci, FRANCE}}
        assert larger == over[code] - {code}
    straddling = [c for c, places in over.items() if sum(p[0] == "d" for p in places) > 1 and c]
    assert len(straddling) == 89


def test_beyond_somebody_lie_the_departements_of_their_region_and_then_all_others() -> None:
    orcieres = ATLAS.commune("05096")
    assert orcieres is not None

    (region, near), (nation, far) = ATLAS.beyond(ATLAS.around(orcieres))

    assert (region, near) == (Territory(Level.REGION, "93"), ("04", "06", "13", "83", "84"))
    assert nation == FRANCE
    assert {"05", *near}.isdisjoint(far)
    assert {"05", *near, *far} == {code for _, codes in ATLAS.beyond((FRANCE,)) for code in codes}


def test_above_a_departement_is_its_region_and_above_the_unknown_only_france() -> None:
    hautes_alpes, nowhere = Territory.parse("departement:05"), Territory.parse("epci:999999999")

    assert ATLAS.above(hautes_alpes) == {hautes_alpes, Territory.parse("region:93"), FRANCE}
    assert ATLAS.above(nowhere) == {nowhere, FRANCE}
    assert ATLAS.above(FRANCE) == {FRANCE}


def test_a_postal_code_gives_its_communes_most_populated_first() -> None:
    several = ATLAS.at_postal_code("51300")

    assert len(several) == 46
    assert [c.population for c in several] == sorted((c.population for c in several), reverse=True)
    assert [c.name for c in ATLAS.at_postal_code("05170")] == ["Orcières"]
    assert ATLAS.at_postal_code("00000") == ()


def test_a_postal_code_says_nothing_by_its_digits() -> None:
    [orly, *_] = (c for c in ATLAS.at_postal_code("94390") if c.departement != "94")
    spread = {
        code: {c.departement for c in ATLAS.at_postal_code(code)}
        for row in rows("communes.csv")
        for code in row["postal_codes"].split()
    }

    assert orly.code == "91479"
    assert sum(len(departements) > 1 for departements in spread.values()) == 16
    assert len(spread) == 6_310


def test_a_slip_of_a_key_finds_the_codes_that_look_most_like_it() -> None:
    guesses = ATLAS.nearest_postal_codes("05171")

    assert guesses[0] == "05170"
    assert all(ATLAS.at_postal_code(code) for code in guesses)
    assert ATLAS.nearest_postal_codes("05170")[0] == "05170"
    assert ATLAS.nearest_postal_codes("0" * 5000) == ()


@given(st.text(max_size=8))
def test_no_key_breaks_the_looking_for_a_postal_code(keyed: str) -> None:
    for guess in ATLAS.nearest_postal_codes(keyed):
        assert ATLAS.at_postal_code(guess)
    assert ATLAS.at_postal_code(keyed) == () or len(keyed) == 5


@pytest.mark.parametrize(
    ("code", "zone"),
    [
        ("05061", "Europe/Paris"),
        ("2A004", "Europe/Paris"),
        ("97105", "America/Guadeloupe"),
        ("97611", "Indian/Mayotte"),
        ("97502", "America/Miquelon"),
        ("98735", "Pacific/Tahiti"),
        ("98731", "Pacific/Marquesas"),  # Nuku-Hiva
        ("98719", "Pacific/Gambier"),
    ],
)
def test_clocks_show_the_time_of_the_place(code: str, zone: str) -> None:
    assert ATLAS.timezone(commune(code)) == zone


def test_every_commune_has_a_time_zone_that_exists() -> None:
    assert all(ZoneInfo(zone) for zone in {ATLAS.timezone(c) for c in ATLAS.communes()})


def test_names_are_french_and_unknown_places_show_their_code() -> None:
    assert ATLAS.name(Territory.parse("commune:05061")) == "Gap"
    assert ATLAS.name(Territory.parse("epci:200067825")) == "CA Gap-Tallard-Durance"
    assert ATLAS.name(FRANCE) == "France"
    assert ATLAS.name(Territory.parse("region:00")) == "region:00"


def test_the_atlas_knows_what_exists_at_its_level_only() -> None:
    assert ATLAS.knows(Territory.parse("commune:75101"))
    assert ATLAS.knows(Territory.parse("region:93"))
    assert ATLAS.knows(FRANCE)
    assert not ATLAS.knows(Territory.parse("epci:93"))
    assert not ATLAS.knows(Territory.parse("commune:99999"))


@pytest.mark.parametrize(
    "text",
    ["", "gap", "commune", "commune:", "nation:fr", "ville:05061", "commune:05 061", "05061"],
)
def test_what_is_no_territory_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=f"^{text}$"):
        Territory.parse(text)


def test_a_territory_is_read_as_it_is_written() -> None:
    for commune_ in ATLAS.communes():
        for territory in ATLAS.around(commune_):
            assert Territory.parse(str(territory)) == territory


def test_the_atlas_loads_in_less_than_three_tenths_of_a_second() -> None:
    measure = (
        "import sys, time; from pathlib import Path;"
        "from dispatcher.domain.territories import Territory, load_atlas;"
        "start = time.process_time(); atlas = load_atlas(Path(sys.argv[1]));"
        "atlas.at_postal_code('05000'); atlas.above(Territory.parse('epci:200067825'));"
        "print(time.process_time() - start)"
    )
    seconds = [
        float(subprocess.check_output([sys.executable, "-c", measure, FOLDER], cwd=ROOT))
        for _ in range(3)
    ]

    assert min(seconds) < 0.3
