"""Whose callers come first, and how near an agent is to each."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatcher.domain.territories import FRANCE, Commune, Level, Territory
from dispatcher.domain.zones import BadZones, Zones, effective, places, ring
from tests.domain.places import ATLAS, commune

COMMUNES = [c.code for c in ATLAS.communes()]
TERRITORIES = sorted({t for code in COMMUNES for t in ATLAS.around(commune(code))})
some_commune = st.sampled_from(COMMUNES).map(commune)
some_places = st.frozensets(st.sampled_from(TERRITORIES), max_size=4)
some_zones = st.builds(
    Zones, some_places, some_places.map(lambda chosen: chosen - {FRANCE}), st.booleans()
)


def near(zones: str, code: str) -> Level | None:
    return ring(Zones.parse(zones), commune(code), ATLAS)


@pytest.mark.parametrize(
    ("caller", "level"),
    [
        ("05061", Level.COMMUNE),  # Gap
        ("05170", Level.EPCI),  # Tallard, of Gap's EPCI
        ("04058", Level.EPCI),  # Claret: the same EPCI, another département
        ("05096", Level.DEPARTEMENT),  # Orcières
        ("13055", Level.REGION),  # Marseille
        ("29083", Level.NATION),  # Sein
        ("97502", Level.NATION),
    ],
)
def test_an_agent_of_gap_is_nearer_the_nearer_the_caller_lives(caller: str, level: Level) -> None:
    assert near("commune:05061", caller) is level


def test_a_whole_epci_is_one_ring_wider_than_a_commune() -> None:
    assert near("epci:200067825", "05061") is Level.EPCI
    assert near("epci:200067825 commune:05061", "05061") is Level.COMMUNE
    assert near("departement:05", "05061") is Level.DEPARTEMENT
    assert near("region:93", "05061") is Level.REGION
    assert near("france", "05061") is Level.NATION
    assert near("", "05061") is Level.NATION


def test_an_excluded_place_is_never_served_at_any_level() -> None:
    assert near("commune:05061 -commune:05061", "05061") is None
    assert near("region:93 -commune:05132", "05132") is None
    assert near("region:93 -epci:200067825", "05061") is None
    assert near("region:93 -departement:05", "05096") is None
    assert near("france -region:93", "05096") is None
    assert near("-commune:75101", "75056") is None  # Paris, by one of its arrondissements
    assert near("region:93 -departement:05", "13055") is Level.REGION


def test_a_strict_agent_stays_inside_their_zones() -> None:
    assert near("commune:05061 strict", "05061") is Level.COMMUNE
    assert near("commune:05061 strict", "05170") is None
    assert near("departement:05 strict", "05170") is Level.DEPARTEMENT
    assert near("strict", "05061") is None


def test_a_commune_without_epci_has_its_departement_next() -> None:
    assert near("commune:29083", "29155") is Level.DEPARTEMENT  # Sein and Ouessant


def test_the_baskets_of_an_agent_go_from_narrow_to_wide_and_end_with_france() -> None:
    baskets = [str(place) for place in places(Zones.parse("epci:200068096 commune:05061"), ATLAS)]

    assert baskets[:3] == ["commune:05061", "epci:200067825", "epci:200068096"]
    assert baskets[-1] == "france"
    assert places(Zones.parse("epci:200068096 strict"), ATLAS) == (
        Territory.parse("epci:200068096"),
    )


@given(some_zones, some_commune)
def test_the_ring_is_the_narrowest_level_where_a_zone_and_the_caller_share_a_territory(
    zones: Zones, caller: Commune
) -> None:
    levels = [
        territory.level
        for territory in ATLAS.around(caller)
        for zone in zones.inside
        if territory == zone or (not zones.strict and territory in ATLAS.above(zone))
    ]
    expected: Level | None = min(levels, default=None if zones.strict else Level.NATION)
    if zones.excluded & set(ATLAS.around(caller)):
        expected = None

    assert ring(zones, caller, ATLAS) is expected


@given(some_zones, some_commune)
def test_the_ring_is_the_first_place_around_the_caller_that_is_a_basket(
    zones: Zones, caller: Commune
) -> None:
    unlimited = Zones(zones.inside)
    first = next(place for place in ATLAS.around(caller) if place in places(unlimited, ATLAS))

    assert ring(unlimited, caller, ATLAS) is first.level


@given(some_zones)
def test_zones_are_read_as_they_are_written(zones: Zones) -> None:
    assert Zones.parse(str(zones)) == zones


def test_zones_are_written_in_one_order_whatever_the_order_they_came_in() -> None:
    one = Zones.parse("strict region:93 -commune:05132,commune:05061")

    assert str(one) == "commune:05061 region:93 -commune:05132 strict"
    assert str(Zones.parse("")) == ""


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("gap", "not_a_zone"),
        ("commune:", "not_a_zone"),
        ("commune:05061 --commune:05132", "not_a_zone"),
        ("-", "not_a_zone"),
        ("-strict", "not_a_zone"),
        ("commune:05061 -france", "excludes_all"),
    ],
)
def test_what_is_no_zone_is_refused_by_name(text: str, code: str) -> None:
    with pytest.raises(BadZones) as caught:
        Zones.parse(text)

    assert caught.value.code == code


@given(st.text())
def test_no_text_breaks_the_reading_of_zones(text: str) -> None:
    try:
        zones = Zones.parse(text)
    except BadZones:
        return
    assert Zones.parse(str(zones)) == zones


def test_old_codes_become_present_and_unknown_ones_are_named() -> None:
    zones = Zones.parse("commune:75101 commune:99999 -epci:1")

    assert zones.unknown(ATLAS) == (Territory.parse("commune:99999"), Territory.parse("epci:1"))
    assert Territory.parse("commune:75056") in zones.present(ATLAS).inside


def test_an_agents_own_zones_replace_those_of_their_structure() -> None:
    own, house = Zones.parse("region:93"), Zones.parse("departement:05 -commune:05132 strict")

    assert effective(own, house, "05061") == own


def test_an_agent_without_zones_has_their_structures_or_its_commune() -> None:
    house = Zones.parse("departement:05 -commune:05132")

    assert effective(Zones(), house, "05061") == house
    assert str(effective(Zones(), Zones(), "05061")) == "commune:05061"
    assert str(effective(Zones.parse("-commune:05096"), house, "05061")) == (
        "departement:05 -commune:05096 -commune:05132"
    )
    assert str(effective(Zones.parse("strict"), Zones(), "05061")) == "commune:05061 strict"
