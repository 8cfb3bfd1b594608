"""Alerts: every minute the figures that supervisors are shown are looked at, and what they should
know of is written to them, once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Final

from dispatcher.domain import alerts
from dispatcher.domain.agents import Agent
from dispatcher.domain.alerts import Alert
from dispatcher.domain.mails import Kind, MailId
from dispatcher.domain.schedule import local
from dispatcher.domain.territories import Level, Territory
from dispatcher.operations import agents, load, mails, softphones
from dispatcher.operations.services import Services
from dispatcher.store.store import Transaction

PARTS: Final = ("subject", "body")
REMEDIES: Final = {
    Kind.WAITS: "remedy.waits",
    Kind.WAITS_MANY: "remedy.waits",
    Kind.NOBODY: "remedy.nobody",
    Kind.NOBODY_MANY: "remedy.nobody",
    Kind.OWED: "remedy.owed",
    Kind.OWED_MANY: "remedy.owed",
    Kind.CAP: "remedy.cap",
    Kind.DOUBT: "remedy.doubt",
}


def look(services: Services) -> None:
    """Write to supervisors what they should know of now, unless they were told already."""
    if not services.watch.to:
        return
    found = due(services)
    if not found:
        return
    with services.store.writing() as tx:
        queued = list(_queue(found, tx, services))
    mails.prompt(queued, services)


def due(services: Services) -> list[Alert]:
    """Everything that there is to tell now, told before or not."""
    at, zone = services.now(), services.lines[0].hours.zone
    day, of = local(at, zone).date(), load.departement_of(services)
    found = alerts.waits(load.waiting(services), services.watch, at=at, day=day)
    with services.store.reading() as tx:
        waiters, owed = tx.load.waiting(), tx.load.due(at=at)
        on_duty = _on_duty(tx, at, services) if waiters or owed else []
    unserved = alerts.unserved(waiters, owed, on_duty, services.atlas, of)
    found += alerts.nobody(unserved, at=at, day=day)
    found += alerts.owed(owed, of, services.holidays, zone, at=at)
    texts = load.written(services)
    found += alerts.texted(used=texts.today, cap=texts.cap, unsure=texts.unsure, day=day)
    return alerts.bounded(found, day=day)


def _on_duty(tx: Transaction, at: datetime, services: Services) -> list[Agent]:
    roster = tx.agents.roster(agents.calendar(services))
    return softphones.there((each for each in roster if each.on_until(at) is not None), services)


def _queue(found: Iterable[Alert], tx: Transaction, services: Services) -> Iterator[MailId | None]:
    for alert in found:
        subject, body = _letter(alert, services)
        for to in services.watch.to:
            yield mails.queue(
                tx,
                services,
                kind=alert.kind,
                to=to,
                about=alert.about,
                subject=subject,
                body=body,
                expires_at=services.now() + alerts.WANTED_FOR,
            )


def _letter(alert: Alert, services: Services) -> tuple[str, str]:
    """Subject and body: what, where, and what can be done."""
    words, page = services.mails, services.watch.page
    filled = {
        **alert.figures,
        "where": _where(alert.departement, services),
        "need": words[f"need.{alert.need}"] if alert.need else "",
    }
    subject, body = (words[f"{alert.kind}.{part}"].format_map(filled) for part in PARTS)
    looked_at = words["where.page"].format(page=page) if page else words["where.command"]
    return subject, "\n\n".join([body, words[REMEDIES[alert.kind]], looked_at]) + "\n"


def _where(departement: str | None, services: Services) -> str:
    if departement is None:
        return services.mails["where.unknown"]
    name = services.atlas.name(Territory(Level.DEPARTEMENT, departement))
    return services.mails["where.place"].format(name=name, code=departement)
