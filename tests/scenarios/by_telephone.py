"""How an agent with nothing but a telephone begins every scenario of theirs."""

from dispatcher.simulator import PhoneCall
from tests.office import Office
from tests.people import INES, LINE, Helper

PIN = "Tapez votre code d'aidant"


async def rings(office: Office, helper: Helper = INES, pin: str = "4321#") -> PhoneCall:
    """The agent rings the line and keys their PIN."""
    call = await office.network.phone(helper.number).dials(LINE)
    await call.hears(PIN)
    await call.presses(pin)
    return call
