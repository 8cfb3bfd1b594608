"""Figures: what was measured, against what is promised of it; as a table and as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

DIGITS = 3  # significant ones; nothing here is known better


@dataclass(frozen=True, slots=True)
class Target:
    """What a figure may be at most, or must be at least."""

    limit: float
    least: bool = False

    def holds(self, value: float) -> bool:
        """Whether this value keeps it."""
        return value >= self.limit if self.least else value <= self.limit

    def __str__(self) -> str:
        return f"{'≥' if self.least else '≤'} {self.limit:g}"


def at_most(limit: float) -> Target:
    """A figure that must not be larger."""
    return Target(limit)


def at_least(limit: float) -> Target:
    """A figure that must not be smaller."""
    return Target(limit, least=True)


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure. ``value`` is None when this machine, or a run so short, cannot show it.

    ``error`` is the standard error of one that is a mean over seeds.

    Only ratios taken inside one run, and sizes, have a target; a time never has.
    """

    name: str
    value: float | None
    unit: str = "ratio"
    target: Target | None = None
    error: float | None = None

    @property
    def holds(self) -> bool | None:
        """Whether what is shown keeps the target; None without one. No value keeps none."""
        if self.target is None:
            return None
        return self.value is not None and self.target.holds(_rounded(self.value))

    def as_row(self) -> dict[str, object]:
        """As it stands in ``latest.json``."""
        return {
            "figure": self.name,
            "value": None if self.value is None else _rounded(self.value),
            "error": None if self.error is None else float(f"{self.error:.2g}"),
            "unit": self.unit,
            "target": None if self.target is None else self.target.limit,
            "holds": self.holds,
        }


def middle(values: Sequence[float]) -> float | None:
    """The median; None of nothing."""
    return median(values) if values else None


def over(one: float | None, other: float | None) -> float | None:
    """One value over another, where both were measured."""
    return one / other if one is not None and other else None


def as_json(figures: Sequence[Figure]) -> str:
    """A list with one object a line, so that two runs can be compared line by line."""
    rows = [json.dumps(figure.as_row(), ensure_ascii=False) for figure in figures]
    return "[\n  " + ",\n  ".join(rows) + "\n]\n"


def as_table(figures: Sequence[Figure]) -> str:
    """One line a figure, for people."""
    longest = max(len(figure.name) for figure in figures)
    return "\n".join(_line(figure, longest) for figure in figures)


def _line(figure: Figure, longest: int) -> str:
    value = "-" if figure.value is None else f"{_rounded(figure.value):g}"
    error = "" if figure.error is None else f"±{figure.error:.2g}"
    target = "" if figure.target is None else str(figure.target)
    verdict = {None: "", True: "holds", False: "MISSED"}[figure.holds]
    shown = f"{figure.name:<{longest}}  {value:>9} {error:>8} {figure.unit:<6}"
    return f"{shown} {target:>7}  {verdict}".rstrip()


def _rounded(value: float) -> float:
    return float(f"{value:.{DIGITS}g}")
