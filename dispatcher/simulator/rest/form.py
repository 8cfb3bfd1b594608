"""What a REST request brings, and how a refusal or a list is put into JSON like Twilio's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from typing import Any
from urllib.parse import urlencode

VERSION = "2010-04-01"


class RestError(Exception):
    """A refusal: an HTTP status, Twilio's code and a sentence."""

    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(message)
        self.status, self.code = status, code

    def as_json(self) -> dict[str, Any]:
        """Give the body of the refusal."""
        return {
            "code": self.code,
            "message": str(self),
            "more_info": f"https://www.twilio.com/docs/errors/{self.code}",
            "status": self.status,
        }


class Form:
    """The fields of a request; a name may come several times."""

    def __init__(self, fields: Mapping[str, Any]) -> None:
        self._fields = {name: _values(value) for name, value in fields.items() if value is not None}

    def all(self, name: str) -> list[str]:
        """Give every value of a field."""
        return self._fields.get(name, [])

    def get(self, name: str, default: str = "") -> str:
        """Give the first value of a field."""
        return next(iter(self.all(name)), default)

    def require(self, name: str, code: int, message: str) -> str:
        """Give a field that must be there; raises ``RestError``."""
        value = self.get(name)
        if not value:
            raise RestError(400, code, message)
        return value

    def without_paging(self) -> dict[str, str]:
        """Give the fields that choose, not those that page."""
        return {name: self.get(name) for name in self._fields if not name.startswith("Page")}


def _values(value: object) -> list[str]:
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [str(one) for one in value]
    return [str(value)]


@dataclass(frozen=True, slots=True)
class Listing:
    """A list resource: where it is, and under which name its rows stand."""

    path: str
    key: str

    def page(self, rows: Iterable[dict[str, Any]], form: Form) -> dict[str, Any]:
        """Give the page asked for, and the address of the next one."""
        every = list(rows)
        size, page = int(form.get("PageSize", "50")), int(form.get("Page", "0"))
        start = page * size
        shown = every[start : start + size]
        more = start + size < len(every)
        return {
            self.key: shown,
            "page": page,
            "page_size": size,
            "start": start,
            "end": start + max(0, len(shown) - 1),
            "uri": self._uri(form, size, page),
            "first_page_uri": self._uri(form, size, 0),
            "next_page_uri": self._uri(form, size, page + 1) if more else None,
            "previous_page_uri": self._uri(form, size, page - 1) if page else None,
        }

    def _uri(self, form: Form, size: int, page: int) -> str:
        asked = {**form.without_paging(), "PageSize": str(size), "Page": str(page)}
        return f"{self.path}?{urlencode(asked)}"


def rfc2822(moment: datetime | None) -> str | None:
    """Give a moment the way Twilio's 2010 API writes it."""
    return format_datetime(moment) if moment is not None else None


def not_found(what: str) -> RestError:
    """Give the refusal for something that does not exist."""
    return RestError(404, 20404, f"The requested resource {what} was not found")
