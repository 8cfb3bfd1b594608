"""Whose callers come first for an agent: zones.

Unless ``strict`` they are no limit: an agent answers all of France, nearest callers first. An
excluded territory is never served, however near it is.
"""

from __future__ import annotations

from dataclasses import dataclass

from dispatcher.domain.territories import FRANCE, Atlas, Commune, Level, Territory

STRICT = "strict"


class BadZones(ValueError):
    """A text that says no zones; ``code`` says what is wrong with ``text``, its offending word."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(f"{code}: {text}")
        self.code = code
        self.text = text


@dataclass(frozen=True, slots=True)
class Zones:
    """Territories whose callers come first, and those never served."""

    inside: frozenset[Territory] = frozenset()
    excluded: frozenset[Territory] = frozenset()
    strict: bool = False

    def __str__(self) -> str:
        words = [str(territory) for territory in sorted(self.inside)]
        words += [f"-{territory}" for territory in sorted(self.excluded)]
        return " ".join(words + [STRICT] * self.strict)

    @classmethod
    def parse(cls, text: str) -> Zones:
        """Read ``commune:05061 epci:200068096 -commune:05132 strict``; the empty text is no zone.

        Whether codes exist is for ``unknown`` to say. Raises BadZones.
        """
        words = text.lower().replace(",", " ").split()
        excluded = frozenset(_territory(word[1:]) for word in words if word.startswith("-"))
        inside = frozenset(
            _territory(word) for word in words if word != STRICT and not word.startswith("-")
        )
        if FRANCE in excluded:
            raise BadZones("excludes_all", f"-{FRANCE}")
        return cls(inside, excluded, strict=STRICT in words)

    def unknown(self, atlas: Atlas) -> tuple[Territory, ...]:
        """The territories named here that do not exist, narrowest first."""
        return tuple(sorted(t for t in self.inside | self.excluded if not atlas.knows(t)))

    def present(self, atlas: Atlas) -> Zones:
        """The same zones with old commune codes made present ones."""
        return Zones(
            frozenset(map(atlas.present, self.inside)),
            frozenset(map(atlas.present, self.excluded)),
            self.strict,
        )


def effective(own: Zones, structure: Zones, commune: str) -> Zones:
    """The zones an agent really has, where their own or their structure's may name none.

    Their own replace the structure's; without them, the structure's, or else the commune of its
    house. There, what either excludes is excluded, and one word ``strict`` is enough.
    """
    if own.inside:
        return own
    return Zones(
        structure.inside or frozenset({Territory(Level.COMMUNE, commune)}),
        structure.excluded | own.excluded,
        strict=own.strict or structure.strict,
    )


def places(zones: Zones, atlas: Atlas) -> tuple[Territory, ...]:
    """The baskets the agent stands in, narrowest first.

    The zones and everything above them, France last; when strict, the zones alone.
    """
    if zones.strict:
        return tuple(sorted(map(atlas.present, zones.inside)))
    above = (atlas.above(atlas.present(zone)) for zone in zones.inside)
    return tuple(sorted({FRANCE}.union(*above)))


def ring(zones: Zones, commune: Commune, atlas: Atlas) -> Level | None:
    """How near an agent with these zones is to a caller of this commune.

    The narrowest level at which a zone and the commune share a territory. None when the agent does
    not serve the commune: it is excluded, or outside strict zones.
    """
    around = atlas.around(commune)
    if any(atlas.present(territory) in around for territory in zones.excluded):
        return None
    served = frozenset(places(zones, atlas))
    return next((territory.level for territory in around if territory in served), None)


def _territory(word: str) -> Territory:
    try:
        return Territory.parse(word)
    except ValueError:
        raise BadZones("not_a_zone", word) from None
