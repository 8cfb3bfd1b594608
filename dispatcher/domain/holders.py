"""Who may prepare a mandate, or act by one, in the name of their house; and for whom none is made.

Only somebody employed, whom the hierarchy authorised, and who gave a second factor in this session
(rules.md M2; the questions and answers of Aidants Connect).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from dispatcher.domain.agents import AgentId
from dispatcher.domain.cells import Status
from dispatcher.domain.roles import Act, Place, allows
from dispatcher.domain.roles import Grant as RoleGrant


class Refusal(StrEnum):
    """Why nothing was done; a key of the catalogue ``mandates``."""

    NO_AGENT = "refused.no_agent"
    VOLUNTEER = "refused.volunteer"
    CIVIC_SERVICE = "refused.civic_service"
    ELECTED = "refused.elected"
    TRAINEE = "refused.trainee"
    NOT_AUTHORISED = "refused.not_authorised"
    NO_SECOND_FACTOR = "refused.no_second_factor"
    GUARDIANSHIP = "refused.guardianship"  # bring the guardian
    MINOR = "refused.minor"
    UNASKED = "refused.unasked"  # whether the person is of age and without guardian
    UNKNOWN = "refused.unknown"  # no such mandate, or another house's
    NOT_NOW = "refused.not_now"  # it does not stand so any more
    OUT_OF_SCOPE = "refused.out_of_scope"
    CHANNEL = "refused.channel"  # nothing can be sent so to this number
    NO_CALL = "refused.no_call"  # they do not talk with the person's telephone now
    TOO_OFTEN = "refused.too_often"


_BY_STATUS: Final = {
    Status.VOLUNTEER: Refusal.VOLUNTEER,
    Status.CIVIC_SERVICE: Refusal.CIVIC_SERVICE,
    Status.ELECTED: Refusal.ELECTED,
    Status.TRAINEE: Refusal.TRAINEE,
}


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody who would act for a house. ``second_factor``: they gave one in this session."""

    agent: AgentId
    structure: str
    status: str
    grants: tuple[RoleGrant, ...] = ()
    second_factor: bool = False

    @property
    def refusal(self) -> Refusal | None:
        """Why they may not; None: they may, for their own house."""
        if self.status != Status.EMPLOYED:
            return _BY_STATUS.get(Status(self.status), Refusal.NOT_AUTHORISED)
        if not allows(self.grants, Act.MANDATES, Place(self.structure, frozenset())):
            return Refusal.NOT_AUTHORISED
        return None if self.second_factor else Refusal.NO_SECOND_FACTOR


@dataclass(frozen=True, slots=True)
class Declared:
    """What a person said of themselves; None: they were not asked."""

    of_age: bool | None
    guardianship: bool | None

    @property
    def refusal(self) -> Refusal | None:
        """Why no mandate of theirs is made: their guardian gives one."""
        if self.of_age is None or self.guardianship is None:
            return Refusal.UNASKED
        if self.guardianship:
            return Refusal.GUARDIANSHIP
        return None if self.of_age else Refusal.MINOR
