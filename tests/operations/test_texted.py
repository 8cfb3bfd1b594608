"""RAPPEL by many hands at once: one callback, and one link in every answer."""

from functools import partial

from dispatcher.carrier.forms import Written
from dispatcher.domain.callbacks import State
from dispatcher.domain.texts import CarrierTextId
from dispatcher.operations import texted
from tests.hands import hands
from tests.operations.desk import Desk, number
from tests.people import LINE


def test_of_many_texts_of_one_number_at_once_one_is_a_callback_and_all_lead_to_it(
    desk: Desk,
) -> None:
    texts = [
        Written(CarrierTextId(f"SM{nth:032x}"), LINE, number(77), "RAPPEL") for nth in range(6)
    ]
    services = desk.services
    spool = None  # no STOP is among them

    with hands() as together:
        answers = together(
            [
                partial(texted.heed, each, services.lines[0], spool, services)  # type: ignore[arg-type]
                for each in texts
            ]
        )

    with services.store.reading() as tx:
        [owed] = tx.callbacks.owed()
    assert owed.state is State.WAITING
    assert {each.filled["link"] for each in answers} == {services.links.to_change(owed.id)}
