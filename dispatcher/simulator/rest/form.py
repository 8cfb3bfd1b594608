"""What a REST request brings, and how a refusal or a list is put into JSON like Twilio's."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from typing import Any, TypeVar
from urllib.parse import parse_qs, urlencode

VERSION = "2010-04-01"
MOST_ROWS = 1000
"""The largest ``PageSize`` (twilio.com/docs/usage/twilios-response)."""
PAGE_AFTER = "PA"
INVALID_PARAMETER, NOT_FOUND = 20001, 20404
"""Twilio's codes for a parameter that it does not accept, and for what does not exist."""

_T = TypeVar("_T")


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

    @property
    def fields(self) -> Mapping[str, list[str]]:
        """Give every field with its values."""
        return self._fields

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


def asked_of(query: str, fields: Mapping[str, Any]) -> dict[str, list[str]]:
    """Put the fields of an address and of a body together, each with all that it was given."""
    found = parse_qs(query, keep_blank_values=True)
    for name, value in fields.items():
        if value is not None:
            found[name] = found.get(name, []) + _values(value)
    return found


def _values(value: object) -> list[str]:
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [str(one) for one in value]
    return [str(value)]


@dataclass(frozen=True, slots=True)
class Listing:
    """A list resource: where it is, and under which name its rows stand.

    A page is found by its number, or ``by_token``: what is new since the page before moves nothing.
    """

    path: str
    key: str
    by_token: bool = False

    def page(self, rows: Iterable[dict[str, Any]], form: Form) -> dict[str, Any]:
        """Give the page asked for, and the address of the next one."""
        every = list(rows)
        size = min(_whole(form, "PageSize", "50"), MOST_ROWS) or 1
        page = _whole(form, "Page", "0")
        start = page * size
        skipped = 0 if self.by_token and form.get("PageToken") else start
        shown = every[skipped : skipped + size]
        more = skipped + size < len(every)
        return {
            self.key: shown,
            "page": page,
            "page_size": size,
            "start": start,
            "end": start + max(0, len(shown) - 1),
            "uri": self._uri(form, size, page),
            "first_page_uri": self._uri(form, size, 0),
            "next_page_uri": self._uri(form, size, page + 1, shown[-1]) if more else None,
            "previous_page_uri": self._uri(form, size, page - 1) if page else None,
        }

    def _uri(self, form: Form, size: int, page: int, after: Mapping[str, Any] | None = None) -> str:
        asked = {**form.without_paging(), "PageSize": str(size), "Page": str(page)}
        if self.by_token and after is not None:
            asked["PageToken"] = PAGE_AFTER + after["sid"]
        return f"{self.path}?{urlencode(asked)}"


def after_token(things: Iterable[_T], form: Form, sid: Callable[[_T], str]) -> list[_T]:
    """Leave out what the pages before showed: all up to the thing that ``PageToken`` names."""
    every = list(things)
    last = form.get("PageToken").removeprefix(PAGE_AFTER)
    sids = [sid(thing) for thing in every]
    return every[sids.index(last) + 1 :] if last in sids else every


def _whole(form: Form, name: str, default: str) -> int:
    value = form.get(name, default)
    if not value.isdecimal():
        raise RestError(400, INVALID_PARAMETER, f"{name}: {value!r} is not a whole number")
    return int(value)


def rfc2822(moment: datetime | None) -> str | None:
    """Give a moment the way Twilio's 2010 API writes it."""
    return format_datetime(moment) if moment is not None else None


def not_found(what: str) -> RestError:
    """Give the refusal for something that does not exist."""
    return RestError(404, NOT_FOUND, f"The requested resource {what} was not found")
