"""Twilio's own client, talking to a carrier that is in this process: a rehearsal's network."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from twilio.base.exceptions import TwilioException
from twilio.http import HttpClient
from twilio.http.response import Response

Obey = Callable[[str, str, dict[str, Any], tuple[str, str] | None], tuple[int, dict[str, Any]]]
"""Takes a method, a path, the fields and who asks; gives the status and the answer's JSON.

Raises TimeoutError for a carrier that never answers.
"""


NO_CONTENT = 204


class InsideClient(HttpClient):  # type: ignore[misc]  # twilio has no types
    """An HTTP client that opens no connection: each request is obeyed at once."""

    def __init__(self, obey: Obey) -> None:
        super().__init__(None, False, None)
        self._obey = obey

    def fetch(self, url: str, auth: tuple[str, str], at_most: int) -> tuple[int, bytes]:
        """Fetch a sound: its answer is one member, in base64."""
        del at_most
        status, answer = self._obey("GET", urlsplit(url).path, {}, auth)
        return status, base64.b64decode(answer.get("audio/mpeg", ""))

    def request(
        self,
        method: str,
        uri: str,
        params: dict[str, object] | None = None,
        data: dict[str, object] | None = None,
        *,
        auth: tuple[str, str] | None = None,
        **_: object,
    ) -> Response:
        """Have it obeyed; a carrier that hangs is a time-out at once."""
        parts = urlsplit(uri)
        path = f"{parts.path}?{parts.query}" if parts.query else parts.path
        try:
            status, answer = self._obey(method, path, {**(params or {}), **(data or {})}, auth)
        except TimeoutError as silence:
            raise TwilioException("the carrier did not answer in time") from silence
        return Response(status, "" if status == NO_CONTENT else json.dumps(answer))
