"""Agents are reminded of their slots and of callbacks of their own, once each.

By e-mail to those who have one, by text to a mobile otherwise: texts are kept for citizens. Whoever
has neither hears their slots in the agents' menu. Of a slot they are asked whether they will be
there, by a link, until they say so; then they are only reminded.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from dispatcher.domain import duty_reminders
from dispatcher.domain.agents import Agent, AgentId
from dispatcher.domain.duty_links import DutyLink, slot_at
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
_ASKING: Final = {
    What.TOMORROW: TextKind.AGENT_TOMORROW_ASKED,
    What.SOON: TextKind.AGENT_SOON_ASKED,
}
"""Of a slot for which nobody said yet that they will be there."""


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
        new = [each for each in found if (each.what, each.about) not in told]
        asked = _slots(new, {each.id: each for each in roster}, tx)
    if new:
        _tell(new, asked, services)


@dataclass(frozen=True, slots=True)
class Slot:
    """What a reminder is of: its link, and whether its agent said that they will be there."""

    link: str
    confirmed: bool


def _slots(
    found: Iterable[DutyReminder], people: Mapping[AgentId, Agent], tx: Transaction
) -> dict[str, Slot]:
    """The slots that reminders are of, by what they are about."""
    found, slots = list(found), {}
    confirmed = tx.timetables.confirmed(*{each.agent for each in found})
    for each in found:
        agent = people[each.agent]
        its = None if each.what is What.CALLBACK else slot_at(agent, each.starts_at)
        if its is not None:
            said = (its.slot, its.day) in confirmed
            slots[each.about] = Slot(DutyLink.of(agent.id, its).id, said)
    return slots


def _told(tx: Transaction, services: Services) -> set[tuple[What, str]]:
    """What was told within a day: no reminder is wanted for longer."""
    since = services.now() - timedelta(days=1)
    mailed = tx.mails.told(_MAILS.values(), since=since)
    by_mail = {kind: what for what, kind in _MAILS.items()}
    by_text = {kind: what for kinds in (_TEXTS, _ASKING) for what, kind in kinds.items()}
    texted = tx.texts.told(by_text, since=since)
    return {(by_mail[kind], about) for kind, about in mailed} | {
        (by_text[kind], about) for kind, about in texted
    }


def _tell(found: Iterable[DutyReminder], slots: Mapping[str, Slot], services: Services) -> None:
    mailed, texted = [], []
    with services.store.writing() as tx:
        contacts = tx.agents.contacts({each.agent for each in found})
        for each in found:
            contact = contacts.get(each.agent)
            if contact is not None and contact.email is not None:
                its = slots.get(each.about)
                mailed.append(_mail(each, its, contact.email, tx, services))
            elif contact is not None and contact.telephone is not None:
                its = slots.get(each.about)
                texted.append(_text(each, its, contact.telephone, tx, services))
    mails.prompt(mailed, services)
    for id in texted:
        texts.prompt(id, services)


def _mail(
    reminder: DutyReminder, its: Slot | None, to: str, tx: Transaction, services: Services
) -> MailId | None:
    kind, said = _MAILS[reminder.what], _words(reminder, its, services)
    words = services.mails
    how = [words["duty.rung" if reminder.automatic else "duty.comes_on"]]
    if its is not None:
        how.insert(0, words["duty.confirmed" if its.confirmed else "duty.press"])
    return mails.queue(
        tx,
        services,
        kind=kind,
        to=Address(to),
        about=reminder.about,
        subject=words[f"{kind}.subject"].format_map(said),
        body="\n\n".join(part.format_map(said) for part in [words[f"{kind}.body"], *how]) + "\n",
        expires_at=reminder.expires_at,
    )


def _text(
    reminder: DutyReminder, its: Slot | None, to: PhoneNumber, tx: Transaction, services: Services
) -> TextId | None:
    kind = _TEXTS[reminder.what]
    if its is not None and not its.confirmed:
        kind = _ASKING[reminder.what]
    return texts.queue(
        tx,
        services,
        kind=kind,
        number=to,
        about=reminder.about,
        words=_words(reminder, its, services),
        expires_at=reminder.expires_at,
    )


def _words(reminder: DutyReminder, its: Slot | None, services: Services) -> dict[str, str]:
    return {
        "link": "" if its is None else services.links.to_duty(its.link),
        "hour": f"{local(reminder.starts_at, reminder.timezone):%Hh%M}",
        "number": in_pairs(services.lines[0].public_number),
    }
