"""Somebody who asked to be known again: their commune, and who helped them last."""

from __future__ import annotations

from dataclasses import dataclass

from dispatcher.domain.agents import AgentId


@dataclass(frozen=True, slots=True)
class KnownCaller:
    """What is kept under a keyed hash of a number, until an end date; the number itself is not."""

    commune: str
    agent: AgentId | None
