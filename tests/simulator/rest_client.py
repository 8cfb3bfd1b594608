"""Twilio's own client, talking to a network in this process."""

import json
from typing import Any
from urllib.parse import urlsplit

from twilio.base.exceptions import TwilioException
from twilio.http import HttpClient
from twilio.http.response import Response
from twilio.rest import Client

from dispatcher.simulator import Network, RestHungError
from tests.simulator.toy import ACCOUNT, TOKEN


class InProcessHttpClient(HttpClient):  # type: ignore[misc]  # twilio has no types
    """An HTTP client whose requests the network obeys at once, inside a webhook too."""

    def __init__(self, network: Network) -> None:
        super().__init__(None, False, None)
        self._network = network

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
        """Obey; a hanging carrier is a time-out at once."""
        parts = urlsplit(uri)
        path = f"{parts.path}?{parts.query}" if parts.query else parts.path
        fields: dict[str, Any] = {**(params or {}), **(data or {})}
        try:
            status, body = self._network.rest(method, path, fields, auth)
        except RestHungError as silence:
            raise TwilioException("the carrier did not answer in time") from silence
        return Response(status, json.dumps(body))


def twilio_client(network: Network, token: str = TOKEN) -> Client:
    """Twilio's client for the network's account."""
    return Client(ACCOUNT, token, http_client=InProcessHttpClient(network))
