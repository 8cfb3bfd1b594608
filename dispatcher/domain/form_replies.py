"""How somebody wants to be answered, as they wrote it in the form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from dispatcher.domain.form import Bounds, Field, Wrong, reply_asked, text
from dispatcher.domain.inquiries import LONGEST_QUESTION, Bad, written
from dispatcher.domain.mails import Address, read_address
from dispatcher.domain.numbers import BadNumber, is_mobile, parse
from dispatcher.domain.replies import Reply

_QUESTIONS: Final = {
    Bad.EMPTY: "wrong.question.empty",
    Bad.LONG: "wrong.question.long",
    Bad.SIGNS: "wrong.question.signs",
}


def reply(answers: Mapping[str, str], bounds: Bounds) -> Reply:
    """By what."""
    reply = reply_asked(answers)
    if reply is None or reply not in bounds.replies:
        raise Wrong("wrong.reply.none")
    try:
        number = parse(text(answers, Field.NUMBER))
    except BadNumber:  # which is said of the number
        return reply
    if reply is Reply.TEXT and not is_mobile(number, fiction=bounds.fiction):
        raise Wrong("wrong.reply.mobile")
    return reply


def email(answers: Mapping[str, str], bounds: Bounds) -> Address | None:
    """Where to, when that is by e-mail."""
    del bounds
    if reply_asked(answers) is not Reply.MAIL:
        return None
    found = read_address(answers.get(Field.EMAIL, ""))
    if found is None:
        empty = not text(answers, Field.EMAIL)
        raise Wrong("wrong.email.empty" if empty else "wrong.email.unreadable")
    return found


def question(answers: Mapping[str, str], bounds: Bounds) -> str:
    """What they ask; nothing when they want to be rung."""
    del bounds
    reply = reply_asked(answers)
    if reply in {None, Reply.TELEPHONE}:
        return ""
    found = written(answers.get(Field.QUESTION, ""), at_most=LONGEST_QUESTION)
    if found is Bad.EMPTY and reply is Reply.RELAY:
        return ""
    if isinstance(found, Bad):
        raise Wrong(_QUESTIONS[found])
    return found
