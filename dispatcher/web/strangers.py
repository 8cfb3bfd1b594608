"""Doors for whoever has no account: what a post of theirs is counted by, and which are refused."""

from __future__ import annotations

import logging
from typing import Final

from flask import Response, render_template, request

from dispatcher.domain.floods import counted_address
from dispatcher.domain.lines import Line
from dispatcher.web import guards

log = logging.getLogger(__name__)

TRAP: Final = "site"
"""A field that nobody sees: a program fills it in."""


def own_pages_only() -> Response | None:
    """No other site posts in somebody's name, so that none spends what their address may ask.

    There is no cookie that a post could abuse; browsers say themselves where a post comes from.
    """
    if request.method != "POST":
        return None
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    elsewhere = site == "cross-site"
    if site is None and origin is not None:
        elsewhere = origin not in {guards.parts().renderer.base_url, request.host_url.rstrip("/")}
    if not elsewhere:
        return None
    log.warning("refused a form of another site")
    return Response(status=403)


def address() -> str | None:
    """What the address of whoever asks is counted as; None when it tells nobody apart.

    Behind proxies, each adds whom it saw to a header; what stands before theirs anybody may write.
    """
    proxies = guards.parts().proxies
    told = [each.strip() for each in request.headers.get("X-Forwarded-For", "").split(",")]
    behind = 0 < proxies <= len(told)
    return counted_address(told[-proxies] if behind else request.remote_addr or "")


def turned_away(template: str, line: Line, *, status: int, **shown: object) -> Response:
    """A page that says what happened, and the number to ring instead."""
    document = render_template(template, line=line, **shown)
    headers = {"Retry-After": "3600"} if status == 429 else {}
    return Response(document, status=status, headers=headers)
