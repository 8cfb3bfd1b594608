"""The carrier's REST API as far as a wire: what we asked, and what it answered."""

import json
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from typing import Any
from urllib.parse import urlsplit

from twilio.http import HttpClient
from twilio.http.response import Response

from tests.people import LINE

Answer = tuple[int, dict[str, Any]] | Exception
CREATED: Answer = (201, {"sid": "CA" + "c" * 32, "status": "queued"})


@dataclass
class Asked:
    """One request: its method, the last parts of its path, its fields."""

    method: str
    path: str
    fields: dict[str, Any]


@dataclass
class Wire(HttpClient):  # type: ignore[misc]  # twilio has no types
    """Keeps every request, and answers each with the next of ``answers``, else that it was done."""

    asked: list[Asked] = field(default_factory=list)
    answers: deque[Answer] = field(default_factory=deque)

    def request(
        self,
        method: str,
        uri: str,
        params: dict[str, object] | None = None,
        data: dict[str, object] | None = None,
        **_: object,
    ) -> Response:
        path = urlsplit(uri).path.partition("/Accounts/")[2].partition("/")[2]
        self.asked.append(Asked(method, path, {**(params or {}), **(data or {})}))
        answer = self.answers.popleft() if self.answers else CREATED
        if isinstance(answer, Exception):
            raise answer
        status, body = answer
        return Response(status, json.dumps(body))

    def will(self, *answers: Answer) -> None:
        """Answer the next requests so."""
        self.answers.extend(answers)


def error(status: int, code: int = 20000) -> Answer:
    return status, {"code": code, "message": "no", "status": status}


def state(status: str) -> Answer:
    return 200, {"sid": "CA" + "c" * 32, "status": status}


def inbound(
    sid: str, *, starts: datetime, ends: datetime | None, **fields: str | None
) -> dict[str, Any]:
    """A call as the carrier lists it: it lives as long as it has no end."""
    return {
        "sid": sid,
        "direction": "inbound",
        "from": None,
        "to": LINE,
        "status": "completed" if ends else "in-progress",
        "date_created": format_datetime(starts),
        "start_time": format_datetime(starts),
        "end_time": format_datetime(ends) if ends else None,
        **fields,
    }


def listing(*calls: dict[str, Any], next_page: str | None = None) -> Answer:
    return 200, {"calls": list(calls), "next_page_uri": next_page}


def texts_listed(
    *bodies: str, at: datetime, sid: str = "SM" + "c" * 32, status: str = "delivered", code: int = 0
) -> Answer:
    """Texts as the carrier lists them, the last first."""
    row = {"sid": sid, "direction": "outbound-api", "status": status, "error_code": code or None}
    rows = [row | {"body": body, "date_created": format_datetime(at)} for body in bodies]
    return 200, {"messages": rows, "next_page_uri": None}
