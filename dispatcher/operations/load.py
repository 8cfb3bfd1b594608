"""The load of the desk: one function a figure, each with what it means.

The page says the same meanings in French beside each figure (``web/templates/figures.html``).
Figures are of every line together, and of nobody in particular: no number, no name.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from dispatcher.domain import load
from dispatcher.domain.load import Kept, Today, Waiting
from dispatcher.domain.mails import Now as Mails
from dispatcher.domain.offers import OUTAGE_WITHIN
from dispatcher.domain.offers import outage as is_outage
from dispatcher.domain.schedule import midnight_before
from dispatcher.domain.texts import Now
from dispatcher.operations import mails, overview, texts
from dispatcher.operations.overview import Staff
from dispatcher.operations.services import Services


@dataclass(frozen=True, slots=True)
class Load:
    """The load at one moment."""

    at: datetime
    waiting: Waiting
    kept: Kept
    staff: Staff
    today: Today
    outage: bool
    texts: Now
    mails: Mails


def look(services: Services) -> Load:
    """Every figure, a handful of queries in all, however many call and answer."""
    return Load(
        at=services.now(),
        waiting=waiting(services),
        kept=kept(services),
        staff=staff(services),
        today=today(services),
        outage=outage(services),
        texts=written(services),
        mails=mailed(services),
    )


def waiting(services: Services) -> Waiting:
    """Callers on the line who have said what they need and with whom nobody speaks yet, by
    département and need. An agent's telephone may ring for them: until it is answered, they wait.

    Their wait began when they had said their need. Who keys their postal code or listens to the
    greeting does not wait yet.
    """
    with services.store.reading() as tx:
        return load.gathered(tx.load.waiting(), departement_of(services))


def departement_of(services: Services) -> Callable[[str | None], str | None]:
    """The code of the département that a commune is in; None when it is not known."""

    def of(code: str | None) -> str | None:
        commune = services.atlas.commune(code) if code else None
        return commune.departement if commune else None

    return of


def staff(services: Services) -> Staff:
    """Agents of the directory by what they do now: each in one state, as ``dispatcher queue`` has
    them.
    """
    return overview.staff(services)


def kept(services: Services) -> Kept:
    """Callbacks promised and not yet closed: neither was the person reached, nor did the one
    attempt end without them. Requests in writing, or through a relay, are counted apart: an agent
    answers them, and we ring nobody.
    """
    with services.store.reading() as tx:
        return load.kept(tx.load.owed(at=services.now()), tx.load.written())


def today(services: Services) -> Today:
    """What became of the calls that began since midnight, by the clock of the line they called.

    A call that began before midnight is of the day before, whenever it ended. See
    ``domain.load.today`` for what answered and abandoned mean.
    """
    at = services.now()
    since = {line.id: midnight_before(at, line.hours.zone) for line in services.lines}
    with services.store.reading() as tx:
        return load.today(tx.load.became(since, otherwise=since[services.lines[0].id]))


def written(services: Services) -> Now:
    """Texts: those that wait to be sent, now or later; those that may have been sent and whose
    carrier cannot say (« à vérifier »); and how many of the day's cap were taken in since midnight.
    """
    with services.store.reading() as tx:
        return texts.now(tx, services)


def mailed(services: Services) -> Mails:
    """E-mails: those that wait to be sent, and those of the last seven days that may have been sent
    and of which nobody can tell (« à vérifier »).
    """
    with services.store.reading() as tx:
        return mails.now(tx, services)


def outage(services: Services) -> bool:
    """Whether several agents could not be rung in two minutes: the carrier's trouble."""
    with services.store.reading() as tx:
        return is_outage(tx.offers.failed_since(services.now() - OUTAGE_WITHIN))
