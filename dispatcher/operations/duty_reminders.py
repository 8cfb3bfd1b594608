"""Agents are reminded of their slots and of callbacks of their own, once each.

By e-mail to those who have one, by text to a mobile otherwise: texts are kept for citizens. Whoever
has neither hears their slots in the agents' menu.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Final

from dispatcher.domain import duty_reminders
from dispatcher.domain.duty_reminders import SHORTLY, DutyReminder, What
from dispatcher.domain.mails import Address, MailId
from dispatcher.domain.mails import Kind as MailKind
from dispatcher.domain.numbers import PhoneNumber, in_pairs
from dispatcher.domain.schedule import local
from dispatcher.domain.texts import Kind as TextKind
from dispatcher.domain.texts import TextId
from dispatcher.operations import agents, mails, texts
from dispatcher.operations.services import Services
from dispatcher.store.store import Transaction

_MAILS: Final = {
    What.TOMORROW: MailKind.DUTY_TOMORROW,
    What.SOON: MailKind.DUTY_SOON,
    What.CALLBACK: MailKind.DUTY_CALLBACK,
}
_TEXTS: Final = {
    What.TOMORROW: TextKind.AGENT_TOMORROW,
    What.SOON: TextKind.AGENT_SOON,
    What.CALLBACK: TextKind.AGENT_CALLBACK,
}


def remind(services: Services) -> None:
    """Tell every agent what they are to be told of now; whoever was told already is told no more.

    One reading of the directory, and a transaction only when there is something to tell.
    """
    at = services.now()
    with services.store.reading() as tx:
        roster = tx.agents.roster(agents.calendar(services))
        promised = tx.seats.promised(after=at, until=at + SHORTLY)
        planned = [
            replace(each, helper=promised.get(each.id, each.helper))
            for each in tx.callbacks.planned(after=at, until=at + SHORTLY)
        ]
        found = list(duty_reminders.due(roster, planned, at=at))
        told = _told(tx, services) if found else set()
    if new := [each for each in found if (each.what, each.about) not in told]:
        _tell(new, services)


def _told(tx: Transaction, services: Services) -> set[tuple[What, str]]:
    """What was told within a day: no reminder is wanted for longer."""
    since = services.now() - timedelta(days=1)
    mailed = tx.mails.told(_MAILS.values(), since=since)
    texted = tx.texts.told(_TEXTS.values(), since=since)
    by_mail = {kind: what for what, kind in _MAILS.items()}
    by_text = {kind: what for what, kind in _TEXTS.items()}
    return {(by_mail[kind], about) for kind, about in mailed} | {
        (by_text[kind], about) for kind, about in texted
    }


def _tell(found: Iterable[DutyReminder], services: Services) -> None:
    mailed, texted = [], []
    with services.store.writing() as tx:
        contacts = tx.agents.contacts({each.agent for each in found})
        for each in found:
            contact = contacts.get(each.agent)
            if contact is not None and contact.email is not None:
                mailed.append(_mail(each, contact.email, tx, services))
            elif contact is not None and contact.telephone is not None:
                texted.append(_text(each, contact.telephone, tx, services))
    mails.prompt(mailed, services)
    for id in texted:
        texts.prompt(id, services)


def _mail(reminder: DutyReminder, to: str, tx: Transaction, services: Services) -> MailId | None:
    kind, said = _MAILS[reminder.what], _words(reminder, services)
    words = services.mails
    how = words["duty.rung" if reminder.automatic else "duty.comes_on"].format_map(said)
    return mails.queue(
        tx,
        services,
        kind=kind,
        to=Address(to),
        about=reminder.about,
        subject=words[f"{kind}.subject"].format_map(said),
        body="\n\n".join([words[f"{kind}.body"].format_map(said), how]) + "\n",
        expires_at=reminder.expires_at,
    )


def _text(
    reminder: DutyReminder, to: PhoneNumber, tx: Transaction, services: Services
) -> TextId | None:
    return texts.queue(
        tx,
        services,
        kind=_TEXTS[reminder.what],
        number=to,
        about=reminder.about,
        words=_words(reminder, services),
        expires_at=reminder.expires_at,
    )


def _words(reminder: DutyReminder, services: Services) -> dict[str, str]:
    return {
        "hour": f"{local(reminder.starts_at, reminder.timezone):%Hh%M}",
        "number": in_pairs(services.lines[0].public_number),
    }
