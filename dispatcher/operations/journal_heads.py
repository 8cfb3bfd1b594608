"""Signed heads sent outside, each until it has arrived: where nobody who can write here can.

What was sent where is a mark for each address: heads arrive in order, and twice at worst.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

from dispatcher.carrier import outside
from dispatcher.carrier.outside import OutsideError
from dispatcher.domain.journal_exports import head_line
from dispatcher.domain.journal_heads import Head
from dispatcher.domain.mails import Address, Kind
from dispatcher.domain.schedule import local
from dispatcher.operations import mails
from dispatcher.operations.services import Services

log = logging.getLogger(__name__)

AT_ONCE: Final = 3
"""Heads for one address in one job, which has a minute; an hour later come the next."""
LEASE: Final = timedelta(minutes=2)
"""For how long nobody else sends to an address; longer than a job lasts."""
WANTED_FOR: Final = timedelta(days=7)
LONG_AGO: Final = datetime(1970, 1, 1, tzinfo=UTC)
PARIS: Final = "Europe/Paris"


def send(services: Services) -> None:
    """Send to each address the heads that have not arrived there.

    The one tried longest ago comes first: slow ones may use up the minute that a job has.
    """
    with services.store.reading() as tx:
        tried = {to: tx.marks.find(_lease(to)) or LONG_AGO for to in services.archive.to}
    for to in sorted(tried, key=lambda each: tried[each]):
        at, place = services.now(), services.archive.to.index(to) + 1
        with services.store.writing() as tx:
            mine = tx.marks.move(_lease(to), to=at, if_before=at - LEASE)
        if mine:
            _send_to(to, place, f"journal.sent.{_short(to)}", services)


def _send_to(to: str, place: int, mark: str, services: Services) -> None:
    with services.store.reading() as tx:
        since = tx.marks.find(mark)
        waiting = [head for head in tx.journal_heads.behind() if _is_new(head, since)]
    for head in waiting[:AT_ONCE]:
        try:
            WAYS[urlsplit(to).scheme](to, head, services)
        except OutsideError as wrong:  # an address may be a secret: it is told by its place
            log.error("head %d not taken at address %d: %s", head.number, place, wrong)  # noqa: TRY400
            return
        with services.store.writing() as tx:
            tx.marks.move(mark, to=head.moment)


def _lease(to: str) -> str:
    return f"journal.lease.{_short(to)}"


def _short(to: str) -> str:
    return sha256(to.encode()).hexdigest()[:16]  # an address may be a secret


def _is_new(head: Head, since: datetime | None) -> bool:
    return since is None or head.moment > since


def _to_folder(to: str, head: Head, services: Services) -> None:
    del services
    outside.put(Path(unquote(urlsplit(to).path)), f"{_named(head)}.json", head_line(head))


def _to_web(to: str, head: Head, services: Services) -> None:
    services.archive.post(to, head_line(head), name=_named(head))


def _to_mail(to: str, head: Head, services: Services) -> None:
    words = services.mails
    said = {"number": head.number, "seq": head.seq, "day": f"{local(head.moment, PARIS):%d/%m/%Y}"}
    with services.store.writing() as tx:
        id = mails.queue(
            tx,
            services,
            kind=Kind.JOURNAL_HEAD,
            to=Address(urlsplit(to).path),
            about=_named(head),
            subject=words["journal.head.subject"].format_map(said),
            body=words["journal.head.body"].format_map(said) + "\n\n" + head_line(head),
            expires_at=services.now() + WANTED_FOR,
        )
    mails.prompt([id], services)


def _named(head: Head) -> str:
    return f"head-{head.number:06d}-{head.hash[:12]}"


WAYS: Final[dict[str, Callable[[str, Head, Services], None]]] = {
    "file": _to_folder,
    "https": _to_web,
    "mailto": _to_mail,
}
