"""Who is signed in, as somebody who would act by a mandate."""

from __future__ import annotations

from dispatcher.domain.holders import Holder, Refusal
from dispatcher.domain.users import How
from dispatcher.operations.services import Services
from dispatcher.operations.sessions import SignedIn


def of(who: SignedIn, services: Services) -> Holder | Refusal:
    """Them, in their house; or why they are nobody's agent.

    Whoever has a telephone's code gave one in this session, or made it there; what an identity
    provider asked we do not know.
    """
    user = who.user
    if user.agent is None:
        return Refusal.NO_AGENT
    with services.store.reading() as tx:
        engaged = tx.agents.engaged(user.agent)
    if engaged is None:
        return Refusal.NO_AGENT
    given = user.has_code and who.session.how is not How.PROVIDER
    return Holder(user.agent, *engaged, grants=user.grants, second_factor=given)
