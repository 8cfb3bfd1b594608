"""Where a conversation stands for its agent."""

from dataclasses import replace

import pytest

from dispatcher.domain.calls import OfferId
from dispatcher.domain.passing import MAY, Deed, Stage, stage_of
from dispatcher.domain.transfers import Kind, Transfer
from tests.domain.test_transfers import PLAIN, TEN

ASKED = PLAIN.held(at=TEN).consults(Kind.WARM, OfferId("malo"), None, at=TEN)


@pytest.mark.parametrize(
    ("transfer", "there", "stage"),
    [
        (None, False, Stage.TALKING),
        (PLAIN, False, Stage.TALKING),
        (PLAIN.held(at=TEN), False, Stage.HELD),
        (PLAIN.held(at=TEN).together(at=TEN), False, Stage.TALKING),
        (ASKED, False, Stage.RINGING),
        (ASKED, True, Stage.WORD),
        (replace(ASKED, target_leg="CAmalo").joined(at=TEN), True, Stage.THREE),
        (ASKED.together(at=TEN), False, Stage.TALKING),
    ],
)
def test_it_stands_as_whoever_is_there_can_hear(
    transfer: Transfer | None, there: bool, stage: Stage
) -> None:
    assert stage_of(transfer, there=there) is stage


def test_wherever_it_stands_something_may_be_done_and_nobody_is_left_waiting() -> None:
    back = {Deed.RESUME, Deed.CANCEL, Deed.LEAVE, Deed.HOLD}

    assert MAY.keys() == set(Stage)
    assert all(may & back for may in MAY.values())
