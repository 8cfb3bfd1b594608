"""The REST requests that an application makes of its carrier: who may, which, and what fails."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from dispatcher.simulator.documented.rest import undocumented
from dispatcher.simulator.ledger import Kind
from dispatcher.simulator.rest.calls import RestCalls
from dispatcher.simulator.rest.conferences import RestConferences
from dispatcher.simulator.rest.faults import THROTTLED, RestHungError
from dispatcher.simulator.rest.form import (
    INVALID_PARAMETER,
    VERSION,
    Form,
    RestError,
    asked_of,
    not_found,
)
from dispatcher.simulator.rest.participants import RestParticipants
from dispatcher.simulator.rest.queues import RestQueues

if TYPE_CHECKING:
    from dispatcher.simulator.network import Network


Reply = tuple[int, dict[str, Any]]
_DONE = {"create": 201, "delete": 204}
_Resource = Callable[..., dict[str, Any]]


class Rest:
    """Every request is obeyed at once and synchronously; its effects happen on the loop."""

    def __init__(self, network: Network) -> None:
        self._network = network
        calls, queues, texts = RestCalls(network), RestQueues(network), network.messages
        recordings = network.recordings
        rooms, seats = RestConferences(network), RestParticipants(network, calls)
        seat = r"/Conferences/(\w+)/Participants/(\w+)\.json"
        self._resources: list[tuple[str, str, _Resource]] = [
            ("POST", r"/Calls\.json", calls.create),
            ("GET", r"/Calls\.json", calls.list),
            ("GET", r"/Calls/(\w+)\.json", calls.fetch),
            ("POST", r"/Calls/(\w+)\.json", calls.update),
            ("GET", r"/Queues\.json", queues.list),
            ("GET", r"/Queues/(\w+)\.json", queues.fetch),
            ("GET", r"/Queues/(\w+)/Members\.json", queues.members),
            ("GET", r"/Queues/(\w+)/Members/(\w+)\.json", queues.member),
            ("POST", r"/Queues/(\w+)/Members/(\w+)\.json", queues.dequeue),
            ("GET", r"/Conferences\.json", rooms.list),
            ("GET", r"/Conferences/(\w+)\.json", rooms.fetch),
            ("POST", r"/Conferences/(\w+)\.json", rooms.update),
            ("GET", r"/Conferences/(\w+)/Participants\.json", seats.list),
            ("POST", r"/Conferences/(\w+)/Participants\.json", seats.create),
            ("GET", seat, seats.fetch),
            ("POST", seat, seats.update),
            ("DELETE", seat, seats.delete),
            ("POST", r"/Messages\.json", texts.create),
            ("GET", r"/Messages\.json", texts.list),
            ("GET", r"/Messages/(\w+)\.json", texts.fetch),
            ("GET", r"/Calls/(\w+)/Recordings\.json", recordings.list),
            ("GET", r"/Recordings/(\w+)\.json", recordings.fetch),
            ("GET", r"/Recordings/(\w+)\.mp3", recordings.medium),
            ("DELETE", r"/Recordings/(\w+)\.json", recordings.delete),
        ]

    def obey(
        self, method: str, path: str, fields: Mapping[str, Any], auth: tuple[str, str]
    ) -> Reply:
        """Do what is asked and give status and JSON, unless a fault was meant for it."""
        parts = urlsplit(path)
        fault = self._network.rest_faults.draw(method, parts.path)
        if fault is None:
            return self._answer(method, path, fields, auth)
        if fault.after_effect:
            self._answer(method, path, fields, auth)
        if fault.hang:
            self._write(method, path, 0, "hangs")
            raise RestHungError(path)
        self._write(method, path, fault.status, "fails as planned")
        code = 20429 if fault.status == THROTTLED else 20500
        return fault.status, RestError(fault.status, code, "planned failure").as_json()

    def _answer(
        self, method: str, path: str, fields: Mapping[str, Any], auth: tuple[str, str]
    ) -> Reply:
        try:
            reply = self._do(method, path, fields, auth)
        except RestError as refusal:
            reply = refusal.status, refusal.as_json()
        self._write(method, path, reply[0], str(reply[1].get("message") or ""))
        return reply

    def _do(
        self, method: str, path: str, fields: Mapping[str, Any], auth: tuple[str, str]
    ) -> Reply:
        if auth != (self._network.account_sid, self._network.auth_token):
            raise RestError(401, 20003, "Authenticate")
        parts = urlsplit(path)
        form = Form(asked_of(parts.query, fields))
        account = f"/{VERSION}/Accounts/{self._network.account_sid}"
        if parts.path.startswith(account):
            asked = parts.path.removeprefix(account)
            if self._network.strict:
                self._refuse_undocumented(method, asked, form)
            for known, pattern, resource in self._resources:
                match = re.fullmatch(pattern, asked)
                if match is not None and known == method:
                    status = _DONE.get(resource.__name__, 200)
                    return status, resource(form, *match.groups())
        raise not_found(parts.path)

    def _refuse_undocumented(self, method: str, asked: str, form: Form) -> None:
        odd = undocumented(method, asked, form.fields)
        if not odd:
            return
        said = "; ".join(map(str, odd))
        refusal = RestError(400, INVALID_PARAMETER, said)
        if any(one.in_path for one in odd):
            refusal = not_found(asked)
        self._network.ledger.write(
            Kind.ERROR, path=f"{method} {asked}", status=refusal.code, detail=said
        )
        raise refusal

    def _write(self, method: str, path: str, status: int, detail: str) -> None:
        self._network.ledger.write(Kind.REST, path=f"{method} {path}", status=status, detail=detail)
