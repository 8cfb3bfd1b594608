"""A case, and the short code by which whoever rings again finds the same agent.

A code is no identity: it chooses an agent, and keeps a place that is kept already. Its last digit
tells one that was mistyped from one that leads nowhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from dispatcher.domain.agents import AgentId, Need
from dispatcher.domain.callbacks import CallbackId

DIGITS: Final = 6
HOW_MANY: Final = 10 ** (DIGITS - 1)
"""So many codes are right; the check digit follows from the others."""
_NEXT: Final = (
    "0317598642",
    "7092154863",
    "4206871359",
    "1750983426",
    "6123045978",
    "3674209581",
    "5869720134",
    "8945362017",
    "9438617205",
    "2581436790",
)
"""A totally anti-symmetric quasigroup (Damm, 2004): one wrong digit, or two neighbours in each
other's place, never end where the right ones do.
"""


@dataclass(frozen=True, slots=True)
class Case:
    """What a code leads to: where it was and for what, and who helped last, as far as is known.

    ``callback``: the one that it was told for, None when that joined another; ``owed``: it still
    is.
    """

    code: str
    commune: str | None
    need: Need | None
    house: str | None
    agent: AgentId | None
    callback: CallbackId | None = None
    owed: bool = False


def code(number: int) -> str:
    """The code of a number under ``HOW_MANY``."""
    digits = f"{number:0{DIGITS - 1}}"
    return f"{digits}{_checked(digits)}"


def is_right(code: str) -> bool:
    """Whether these are the digits of a code, keyed as it was told."""
    return len(code) == DIGITS and code.isascii() and code.isdecimal() and _checked(code) == "0"


def in_pairs(code: str, between: str = " ") -> str:
    """As it is read, and with commas as it is dictated."""
    return between.join(code[start : start + 2] for start in range(0, DIGITS, 2))


def shown(code: str | None) -> str:
    """As it is written to somebody; a line where there is none, as for what was kept before."""
    return "-" if code is None else in_pairs(code)


def _checked(digits: str) -> str:
    reached = "0"
    for digit in digits:
        reached = _NEXT[int(reached)][int(digit)]
    return reached
