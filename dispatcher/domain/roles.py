"""Roles: what each lets somebody do, and how far that reaches. Data, read by whoever guards a door.

A role is granted with what it reaches: the manager of a house is one of that house alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from dispatcher.domain.territories import Territory
from dispatcher.domain.zones import Zones


class Role(StrEnum):
    """What somebody is here."""

    CITIZEN = "citizen"
    VOLUNTEER = "volunteer"
    AGENT = "agent"
    AUTHORISED = "authorised"  # by their hierarchy, to act by mandates
    MANAGER = "manager"
    COORDINATOR = "coordinator"
    TECHNICAL = "technical"


class Act(StrEnum):
    """What a door lets somebody do."""

    ACCOUNT = "account"  # see and change their own account
    LOAD = "load"  # see the load: figures, nobody's name or number
    TEAM = "team"  # see who has an account in a house
    SLOTS = "slots"  # say when they answer themselves
    PLAN = "plan"  # say when the agents of a house answer
    NOTES = "notes"  # write of the conversations they had themselves
    DESK = "desk"  # answer, at a desk of their own
    MANDATES = "mandates"  # prepare mandates of a house, and act by them


class Reach(StrEnum):
    """How far a role reaches: only whoever has it, one house, the houses of some zones, or all."""

    SELF = "self"
    STRUCTURE = "structure"
    ZONES = "zones"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Rights:
    """What a role lets do. ``personal``: whether it is shown data about people at all."""

    acts: frozenset[Act]
    reach: Reach
    personal: bool = True


PERSONAL: Final = frozenset({Act.TEAM, Act.PLAN, Act.NOTES, Act.MANDATES})
"""What shows data about somebody else. Nobody whose role is not ``personal`` does it."""

_SELF: Final = Rights(frozenset({Act.ACCOUNT}), Reach.SELF)
_ANSWERS: Final = Rights(frozenset({Act.ACCOUNT, Act.SLOTS, Act.NOTES, Act.DESK}), Reach.SELF)
_RUNS: Final = _ANSWERS.acts | {Act.TEAM, Act.PLAN}
ROLES: Final[Mapping[Role, Rights]] = MappingProxyType(
    {
        Role.CITIZEN: _SELF,
        Role.VOLUNTEER: _ANSWERS,
        Role.AGENT: _ANSWERS,
        Role.AUTHORISED: Rights(_ANSWERS.acts | {Act.MANDATES}, Reach.STRUCTURE),
        Role.MANAGER: Rights(_RUNS, Reach.STRUCTURE),
        Role.COORDINATOR: Rights(_RUNS | {Act.LOAD}, Reach.ZONES),
        Role.TECHNICAL: Rights(frozenset({Act.ACCOUNT, Act.LOAD}), Reach.ALL, personal=False),
    }
)
"""Which role does what, and where."""


@dataclass(frozen=True, slots=True)
class Grant:
    """A role somebody has. ``structure``: of which house; ``zones``: in which."""

    role: Role
    structure: str = ""
    zones: Zones = Zones()  # noqa: RUF009  frozen


@dataclass(frozen=True, slots=True)
class Place:
    """Where what somebody asks for belongs: a house, and the territories around its commune."""

    structure: str
    around: frozenset[Territory]


def allows(grants: Iterable[Grant], act: Act, place: Place | None = None) -> bool:
    """Whether somebody with these roles may do this; with a ``place``, to what belongs there."""
    return any(_allows(grant, act, place) for grant in grants)


def _allows(grant: Grant, act: Act, place: Place | None) -> bool:
    rights = ROLES[grant.role]
    if act not in rights.acts or (act in PERSONAL and not rights.personal):
        return False
    return place is None or _reaches(grant, rights.reach, place)


def _reaches(grant: Grant, reach: Reach, place: Place) -> bool:
    if reach is Reach.STRUCTURE:
        return grant.structure == place.structure
    if reach is Reach.ZONES:
        inside = not grant.zones.inside.isdisjoint(place.around)
        return inside and grant.zones.excluded.isdisjoint(place.around)
    return reach is Reach.ALL
