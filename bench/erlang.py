"""Closed forms that the simulation is held to: Erlang B (who is not served at once has gone) and
Erlang A (they wait for an exponential time). ``load`` in erlangs.
"""

from __future__ import annotations


def blocked(agents: int, load: float) -> float:
    """Erlang B: the share that finds everybody busy."""
    share = 1.0
    for number in range(1, agents + 1):
        share = load * share / (number + load * share)
    return share


def abandoned(agents: int, load: float, patience: float) -> float:
    """Erlang A: the share that leaves before they are answered; ``patience`` in mean calls."""
    weight, total, queued, waiting = 1.0, 1.0, 0.0, 0
    for number in range(1, agents + 1):
        weight *= load / number
        total += weight
    while weight > total * 1e-15:
        waiting += 1
        weight *= load / (agents + waiting / patience)
        total += weight
        queued += waiting * weight
    return queued / total / patience / load
