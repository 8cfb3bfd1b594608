"""How somebody leaves a message, and what became of it."""

from collections.abc import Callable

from dispatcher.domain.calls import CallSid
from dispatcher.domain.messages import Message
from dispatcher.simulator import PhoneCall
from tests.office import Office
from tests.people import ROSE, Citizen

SAID = "Il me manque le formulaire rose"


async def leaves(office: Office, who: Citizen = ROSE, *, said: str = SAID) -> PhoneCall:
    """Somebody is promised a callback, and speaks after the beep."""
    call = await office.asks(who)
    await call.hears("Pour ajouter un message, tapez 1", within=60)
    await call.presses("1")
    await call.hears("effacé dans 30 jours")
    await call.hears("(beep)", within=60)
    if said:
        await call.says(said)
    return call


def message(office: Office, call: PhoneCall) -> Message:
    with office.services.store.reading() as tx:
        [found] = tx.messages.of([CallSid(call.sid)], [])
    return found


def sound(office: Office, call: PhoneCall) -> bytes | None:
    with office.services.store.reading() as tx:
        return tx.messages.sound(message(office, call).id)


def lived(office: Office, act: Callable[[], object], *, until: float = 60) -> PhoneCall:
    """A message was left and its caller has hung up; then ``act``, and some time."""
    calls: list[PhoneCall] = []

    async def rose() -> None:
        calls.append(await leaves(office))
        act()
        await calls[0].presses("#")
        await calls[0].hears("nous vous rappellerons", within=60)
        await calls[0].ends()

    office.run(rose(), until=until)
    return calls[0]
