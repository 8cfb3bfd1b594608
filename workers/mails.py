"""Jobs about mails: each takes an id and may safely run twice."""

from dispatcher.assembly import services
from dispatcher.domain.mails import MailId
from dispatcher.operations import mails


def send(mail_id: str) -> None:
    """Send a mail (queue: texts)."""
    mails.send(MailId(mail_id), services())
