"""Who may do what, and where."""

import pytest

from dispatcher.domain.roles import PERSONAL, ROLES, Act, Grant, Place, Reach, Role, allows
from dispatcher.domain.territories import Territory
from dispatcher.domain.zones import Zones
from tests.domain.places import ATLAS

ORCIERES, GAP, BREST = "05096", "05061", "29019"


def place(structure: str, commune: str) -> Place:
    found = ATLAS.commune(commune)
    assert found is not None
    return Place(structure, frozenset(ATLAS.around(found)))


HERE, NEAR, FAR = place("orcieres", ORCIERES), place("gap", GAP), place("brest", BREST)


def test_the_manager_of_a_house_sees_the_team_of_that_house_alone() -> None:
    manager = [Grant(Role.MANAGER, "orcieres")]

    assert [allows(manager, Act.TEAM, each) for each in (HERE, NEAR, FAR)] == [True, False, False]


def test_a_coordinator_sees_the_teams_of_their_zones_but_of_what_is_excluded() -> None:
    zones = Zones.parse(f"departement:05 -commune:{GAP}")
    coordinator = [Grant(Role.COORDINATOR, zones=zones)]

    assert [allows(coordinator, Act.TEAM, each) for each in (HERE, NEAR, FAR)] == [
        True,
        False,
        False,
    ]


def test_two_roles_reach_as_far_as_either() -> None:
    both = [Grant(Role.MANAGER, "orcieres"), Grant(Role.MANAGER, "brest")]

    assert allows(both, Act.TEAM, FAR)
    assert not allows(both, Act.LOAD)


@pytest.mark.parametrize("role", Role)
def test_whoever_has_a_role_has_an_account_and_without_any_nothing(role: Role) -> None:
    assert allows([Grant(role)], Act.ACCOUNT)
    assert not allows([], Act.ACCOUNT)


def test_no_role_without_personal_data_is_shown_any() -> None:
    technical = Grant(Role.TECHNICAL)

    assert not ROLES[Role.TECHNICAL].personal
    assert allows([technical], Act.LOAD)
    assert not any(allows([technical], act, HERE) for act in PERSONAL)


def test_every_role_is_written_down_with_how_far_it_reaches() -> None:
    assert set(ROLES) == set(Role)
    assert {ROLES[role].reach for role in Role} == set(Reach)
    assert all(Territory.parse("departement:05") in each.around for each in (HERE, NEAR))
