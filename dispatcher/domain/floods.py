"""How often something may be done by one number, one address, or in the same words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import IPv6Address, ip_address
from typing import Final


@dataclass(frozen=True, slots=True)
class Allowance:
    """So many within a stretch of time; stretches follow one another and begin anew."""

    name: str
    at_most: int
    within: timedelta

    def until(self, at: datetime) -> datetime:
        """The end of the stretch that ``at`` is in."""
        seconds = self.within.total_seconds()
        return datetime.fromtimestamp((at.timestamp() // seconds + 1) * seconds, UTC)


FORMS_OF_ADDRESS: Final = Allowance("address", 20, timedelta(hours=1))
"""A house's whole waiting room may ask from one address."""
FORMS_OF_NUMBER: Final = Allowance("number", 5, timedelta(days=1))
"""A whole family may ask for one telephone."""
FORMS_OF_MAIL: Final = Allowance("mail", 5, timedelta(days=1))
"""A whole family may share an address of e-mail too."""
MAILS_KEPT: Final = Allowance("mail_kept", 2, timedelta(days=1))
"""Mails that say to an address that something was noted: anybody can write it in a form."""
FORMS_OF_TEXT: Final = Allowance("text", 30, timedelta(hours=1))
"""The same words for one number after the other: a program's."""
PARTNER_ASKS: Final = Allowance("partner", 300, timedelta(hours=1))
"""A partner's counters together; each person's number has its own allowance besides."""
CODES_OF_NUMBER: Final = Allowance("codes of a number", 10, timedelta(days=1))
"""Codes of cases that were keyed well and looked up: so many guesses lead nowhere near all."""
CODES_WITHOUT_NUMBER: Final = Allowance("codes without a number", 30, timedelta(hours=1))
"""Of everybody together whose number we do not see."""
CHANGES: Final = Allowance("changes", 20, timedelta(days=1))
SIGN_INS_OF_ADDRESS: Final = Allowance("sign-in of address", 60, timedelta(minutes=15))
"""A whole house signs in from one address in the morning."""
LINKS_OF_ACCOUNT: Final = Allowance("links of account", 5, timedelta(hours=1))
PASSWORDS_OF_ACCOUNT: Final = Allowance("passwords of account", 10, timedelta(minutes=15))
CODES_OF_ACCOUNT: Final = Allowance("codes of account", 5, timedelta(minutes=5))
"""Two stretches that meet let ten through in five minutes, of a million codes."""


def counted_address(address: str) -> str | None:
    """What an address is counted as: of IPv6 the network, which is one person's. None when many
    may be behind it: it is no public one.
    """
    try:
        read = ip_address(address)
    except ValueError:
        return None
    if isinstance(read, IPv6Address) and read.ipv4_mapped is not None:
        read = read.ipv4_mapped
    if not read.is_global:
        return None
    if isinstance(read, IPv6Address):
        return read.exploded[:19]
    return str(read)
