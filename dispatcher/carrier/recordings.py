"""Recordings at the carrier: its record of what somebody said, and their sound.

The address of a sound is made here from the account and the recording's id: none that a request
gave us is ever fetched.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, NewType

RecordingSid = NewType("RecordingSid", str)
Fetch = Callable[[str, tuple[str, str], int], tuple[int, bytes]]
"""Takes an address, who asks and how many bytes are read at most (more are as good as none); gives
status and body. Raises OSError.
"""

PAGE: Final = 100
_SID: Final = re.compile(r"RE[0-9a-f]{32}\Z")
_READY: Final = frozenset({"completed", "absent", "failed"})
_TIMEOUT: Final = 10.0


@dataclass(frozen=True, slots=True)
class Recording:
    """A recording that the carrier has. ``ready``: nothing of it is still to come; ``sounds``: it
    holds something.
    """

    sid: RecordingSid
    ready: bool
    sounds: bool


def listed(rows: Any) -> tuple[Recording, ...]:
    """The recordings of a list of the carrier's, oldest first."""
    found = [
        Recording(
            RecordingSid(each.sid), str(each.status) in _READY, str(each.status) == "completed"
        )
        for each in rows
        if _SID.match(str(each.sid))
    ]
    return tuple(reversed(found))


def over_http(url: str, auth: tuple[str, str], at_most: int) -> tuple[int, bytes]:
    """Fetch from the carrier. It is led nowhere else."""
    import requests

    with requests.get(
        url, auth=auth, timeout=_TIMEOUT, stream=True, allow_redirects=False
    ) as answer:
        body = b""
        for chunk in answer.iter_content(65536):
            body += chunk
            if len(body) > at_most:
                break
        return answer.status_code, body
