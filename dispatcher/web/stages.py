"""How an agent's conversation stands, as the template of its buttons is filled."""

from __future__ import annotations

from typing import Any, Final

from config.words import words
from dispatcher.domain.passing import MAY, Stage
from dispatcher.domain.schedule import local
from dispatcher.operations.passing import Passing

WORDS: Final = words("passing")
STAGES: Final = {
    Stage.TALKING: WORDS["passing.stage.talking"],
    Stage.HELD: WORDS["passing.stage.held"],
    Stage.RINGING: WORDS["passing.stage.ringing"],
    Stage.WORD: WORDS["passing.stage.word"],
    Stage.THREE: WORDS["passing.stage.three"],
    Stage.ASKED: WORDS["passing.stage.asked"],
    Stage.THIRD: WORDS["passing.stage.third"],
}


def shown(found: Passing) -> dict[str, Any]:
    """What ``transfer_acts.html`` takes."""
    asked = found.asked or WORDS["passing.somebody"]
    return {
        "passing": found,
        "stage": STAGES[found.stage].replace("{asked}", asked),
        "may": MAY[found.stage],
        "ends_at": "" if found.until is None else f"{local(found.until, found.zone):%-H h %M}",
    }
