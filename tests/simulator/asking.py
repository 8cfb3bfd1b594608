"""A line that asks one question, answered by keys or by speech."""

from dispatcher.simulator import Network, PhoneCall
from tests.simulator.toy import Form, Toy

ROSE = "+33199000001"
LINE = "+33199000100"

WHERE = "Quelle est votre commune ?"
EITHER = (
    '<Gather action="/answered" input="dtmf speech" language="fr-FR" speechTimeout="auto" '
    f'numDigits="5" actionOnEmptyResult="true"><Say>{WHERE}</Say></Gather>'
)
SPOKEN = "SpeechResult"

PAGES = {"/voice": EITHER, "/answered": "<Hangup/>"}


async def asked(network: Network) -> PhoneCall:
    call = await network.phone(ROSE).dials(LINE)
    await call.hears("commune")
    return call


async def says_all(network: Network, *words: str) -> None:
    call = await asked(network)
    for some in words:
        await call.says(some)
    await call.ends()


def only_answer(toy: Toy) -> Form:
    [answered] = toy.forms("/answered")
    return answered
