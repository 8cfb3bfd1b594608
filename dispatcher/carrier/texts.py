"""Texts as the carrier's resource has them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from dispatcher.carrier.barring import Why
from dispatcher.domain.texts import CarrierTextId, Reason

ERRORS: Final[Mapping[Why, int]] = {Reason.NOT_MOBILE: 21614, Reason.STOPPED: 21610}
"""What Twilio would answer for a number that we do not let out."""
PAGE: Final = 100
"""Texts to one number are few: a cap bounds those of a day."""
_LOST: Final = frozenset({"failed", "undelivered"})
_SHORTEST: Final = 5
_LONGEST: Final = 36_000


@dataclass(frozen=True, slots=True)
class TextThere:
    """A text that the carrier has; ``code`` its error, when it was ``lost``."""

    sid: CarrierTextId
    lost: bool
    code: int | None


@dataclass(frozen=True, slots=True)
class TextsThere:
    """The texts found at the carrier; not ``whole`` when it may have had more than we read."""

    texts: tuple[TextThere, ...]
    whole: bool


def valid_seconds(valid_for: timedelta) -> int:
    """How long Twilio may keep a text that it cannot send yet (Message, ValidityPeriod)."""
    return min(max(_SHORTEST, int(valid_for.total_seconds())), _LONGEST)


def among(page: Any, body: str, *, since: datetime) -> TextsThere:
    """The texts of these words that were made since then, on this page, the newest ones.

    A trial account writes something of its own before what we say.
    """
    rows = list(page)
    new = [row for row in rows if row.date_created is None or row.date_created >= since]
    found = (row for row in new if row.direction != "inbound" and row.body.endswith(body))
    return TextsThere(
        tuple(map(_there, found)), whole=page.next_page_url is None or len(new) < len(rows)
    )


def _there(row: Any) -> TextThere:
    code = str(row.error_code or "")
    return TextThere(
        CarrierTextId(row.sid), str(row.status) in _LOST, int(code) if code.isdecimal() else None
    )
