"""Agents who stay on the line, and what SQL says of the calls they pass on."""

from dispatcher.domain.agents import AgentId
from dispatcher.domain.calls import CallSid, OfferId
from dispatcher.domain.transfers import Transfer
from dispatcher.simulator import PhoneCall, answers
from tests.office import Office
from tests.people import Helper


def stays(office: Office, *helpers: Helper) -> None:
    """These agents take every call, and talk until the other hangs up."""
    for helper in helpers:
        office.network.phone(helper.number).when_rung(answers(at="tapez 1", talks_for=None))


def agent_id(office: Office, helper: Helper) -> AgentId:
    return office.agent(helper).id


def offer_of(office: Office, helper: Helper) -> OfferId:
    """The open offer of this agent."""
    id = agent_id(office, helper)
    return next(offer.id for offer in office.open_offers() if offer.agent == id)


def transfer_of(office: Office, call: PhoneCall) -> Transfer:
    with office.services.store.reading() as tx:
        found = tx.transfers.of(CallSid(call.sid))
    assert found is not None
    return found


def on_line(office: Office, helper: Helper) -> PhoneCall:
    """The newest call at this agent's telephone."""
    return office.network.phone(helper.number).calls[-1]
