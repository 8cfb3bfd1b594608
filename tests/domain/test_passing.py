"""Where a conversation stands for its agent."""

from dataclasses import replace

import pytest

from dispatcher.domain.calls import OfferId
from dispatcher.domain.passing import MAY, Deed, Stage, stage_of, stage_of_asked
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


def test_whoever_leads_may_always_do_something_and_leaves_nobody_waiting() -> None:
    back = {Deed.RESUME, Deed.CANCEL, Deed.LEAVE, Deed.HOLD}

    assert MAY.keys() == set(Stage)
    assert {stage for stage, may in MAY.items() if not may & back} == {Stage.ASKED, Stage.THIRD}


@pytest.mark.parametrize(
    ("asking", "stage"),
    [
        (None, Stage.TALKING),
        (ASKED, Stage.ASKED),
        (replace(ASKED, target_leg="CAmalo").joined(at=TEN), Stage.THIRD),
        (ASKED.over(at=TEN), Stage.TALKING),
    ],
)
def test_whoever_was_asked_is_told_who_hears_them(asking: Transfer | None, stage: Stage) -> None:
    assert stage_of_asked(asking) is stage
