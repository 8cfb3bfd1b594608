"""What an agent does with an inquiry during their turn, by a signed link: answer, pass it on.

Each is one conditional change of that turn, together with the callback's state and what is sent.
So a double press sends once, and who comes too late changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from dispatcher.domain import attempts
from dispatcher.domain.attempts import Miss
from dispatcher.domain.callbacks import Callback, State
from dispatcher.domain.inquiries import USEFUL_FOR, Inquiry, Note, TurnId, ends_as
from dispatcher.domain.mails import Kind as MailKind
from dispatcher.domain.mails import MailId
from dispatcher.domain.numbers import in_pairs
from dispatcher.domain.replies import Reply
from dispatcher.domain.texts import Kind, TextId
from dispatcher.operations import mails, reminders, texts, windows
from dispatcher.operations.services import Services
from dispatcher.store.store import Transaction, Withdrawn


class Standing(StrEnum):
    """How an agent finds an inquiry of theirs."""

    THEIRS = "theirs"
    DONE = "done"
    CANCELLED = "cancelled"  # its person wants no answer any more
    GONE = "gone"  # their turn is over


class Outcome(StrEnum):
    """What came of what they did."""

    DONE = "done"
    TOO_LATE = "too_late"
    UNSENDABLE = "unsendable"  # texts to this number are refused: STOP, or too many today


@dataclass(frozen=True, slots=True)
class Turn:
    """An agent's turn with an inquiry."""

    inquiry: Inquiry
    callback: Callback
    standing: Standing


def look(turn: TurnId, services: Services) -> Turn | None:
    """The turn as its agent sees it; None once it is nobody's, or somebody else's."""
    with services.store.reading() as tx:
        return _find(turn, tx, services)


def text_of(answer: str, callback: Callback, services: Services) -> str:
    """An answer as it is texted, with our name and how to ask again."""
    return services.texts[Kind.INQUIRY_ANSWER].format_map(_words(answer, callback, services))


def answer(turn: TurnId, said: str, services: Services, *, elsewhere: bool = False) -> Outcome:
    """Send an answer, once. ``elsewhere``: it tells them whom to turn to."""
    outcome = Outcome.TOO_LATE
    mailed: MailId | None = None
    texted: TextId | None = None
    with services.store.writing() as tx:
        found = _find(turn, tx, services)
        if found is None or not found.callback.reply.in_writing:
            return outcome
        inquiry, callback = found.inquiry, found.callback
        to = ends_as(callback.reply, elsewhere=elsewhere)
        _end(turn, callback, to, tx, services, said=said)
        if callback.reply is Reply.MAIL:
            mailed = _mail(said, inquiry, callback, tx, services)
        else:
            texted = _text(said, inquiry, callback, tx, services)
        if mailed is None and texted is None:
            outcome = Outcome.UNSENDABLE
            raise Withdrawn
        outcome = Outcome.DONE
    mails.prompt([mailed], services)
    texts.prompt(texted, services)
    return outcome


def reach(turn: TurnId, services: Services, *, elsewhere: bool = False) -> Outcome:
    """They spoke with the person: through the relay, or since no answer could be sent."""
    done = False
    with services.store.writing() as tx:
        found = _find(turn, tx, services)
        if found is None or not may_reach(found):
            return Outcome.TOO_LATE
        to = State.REDIRECTED if elsewhere else State.REACHED
        _end(turn, found.callback, to, tx, services)
        done = True
    return _outcome(done=done)


def may_reach(turn: Turn) -> bool:
    """Whether this person may be rung by their agent: by the relay, or since an answer came
    back.
    """
    return turn.callback.reply is Reply.RELAY or bool(turn.inquiry.unsent)


def miss(turn: TurnId, services: Services) -> Outcome:
    """Nobody answered through the relay: they are tried again as callbacks are."""
    at, done = services.now(), False
    with services.store.writing() as tx:
        found = _find(turn, tx, services)
        if found is None or found.callback.reply is not Reply.RELAY:
            return Outcome.TOO_LATE
        callback = found.callback
        hours = windows.hours_for(callback, services, again=True)
        again_at = attempts.next_after(callback, hours, at=at)
        to = State.CLOSED if again_at is None else State.WAITING
        why = Miss.NO_ANSWER
        if not tx.inquiries.pass_on(turn, at=at) or not tx.callbacks.move(
            callback.id, of=State.OFFERED, to=to, at=at, due_at=again_at, after=why
        ):
            raise Withdrawn
        if to.over:
            reminders.close(callback, tx, services)
        done = True
    return _outcome(done=done)


def pass_on(turn: TurnId, services: Services) -> Outcome:
    """They cannot answer: it goes to the next, at the place it had."""
    at, done = services.now(), False
    with services.store.writing() as tx:
        found = _find(turn, tx, services)
        if found is None or not tx.inquiries.pass_on(turn, at=at):
            return Outcome.TOO_LATE
        id = found.callback.id
        if not tx.callbacks.move(id, of=State.OFFERED, to=State.WAITING, at=at):
            raise Withdrawn
        tx.callbacks.note(id, Note.PASSED, at=at)
        done = True
    return _outcome(done=done)


def _outcome(*, done: bool) -> Outcome:
    return Outcome.DONE if done else Outcome.TOO_LATE


def _find(turn: TurnId, tx: Transaction, services: Services) -> Turn | None:
    inquiry = tx.inquiries.of_turn(turn)
    callback = tx.callbacks.find(inquiry.callback) if inquiry is not None else None
    if inquiry is None or callback is None:
        return None
    return Turn(inquiry, callback, _standing(inquiry, callback, services))


def _standing(inquiry: Inquiry, callback: Callback, services: Services) -> Standing:
    if inquiry.answered_at is not None:
        return Standing.DONE
    if callback.state.over:
        return Standing.CANCELLED
    left = inquiry.lease_until is not None and inquiry.lease_until > services.now()
    return Standing.THEIRS if left else Standing.GONE


def _end(
    turn: TurnId,
    callback: Callback,
    to: State,
    tx: Transaction,
    services: Services,
    *,
    said: str = "",
) -> None:
    """End it, if it is theirs still. Raises Withdrawn."""
    at = services.now()
    if not tx.inquiries.finish(turn, said, at=at, sends=bool(said)):
        raise Withdrawn
    if not tx.callbacks.move(callback.id, of=State.OFFERED, to=to, at=at):
        raise Withdrawn


def _text(
    said: str, inquiry: Inquiry, callback: Callback, tx: Transaction, services: Services
) -> TextId | None:
    return texts.queue(
        tx,
        services,
        kind=Kind.INQUIRY_ANSWER,
        number=callback.number,
        about=inquiry.matter,
        words=_words(said, callback, services),
        expires_at=services.now() + USEFUL_FOR,
    )


def _mail(
    said: str, inquiry: Inquiry, callback: Callback, tx: Transaction, services: Services
) -> MailId | None:
    assert inquiry.address is not None
    return mails.queue(
        tx,
        services,
        kind=MailKind.INQUIRY_ANSWER,
        to=inquiry.address,
        about=inquiry.matter,
        subject=services.mails["inquiry.answer.subject"],
        body=services.mails["inquiry.answer.body"].format_map(_words(said, callback, services)),
        expires_at=services.now() + USEFUL_FOR,
    )


def _words(said: str, callback: Callback, services: Services) -> dict[str, str]:
    return {
        "answer": said,
        "link": f"{services.links.address}/rappel",
        "number": in_pairs(services.line(callback.line).public_number),
    }
