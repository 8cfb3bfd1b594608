"""A partner's program, and what it is answered: always as our own document says."""

from dataclasses import dataclass, replace
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from dispatcher.domain.partners import Partners
from dispatcher.web.app import create_app
from dispatcher.web.openapi import described
from tests.office import BASE, Office
from tests.web.schemas import faults

KEY, OLDER, OTHER = "k" * 32, "o" * 32, "x" * 32
KEYS = Partners((("ccas-gap", OLDER), ("ccas-gap", KEY), ("caf", OTHER)))
CALLBACKS = "/api/callbacks"
ROSES = {
    "number": "01 99 00 00 01",
    "first_name": "Rose",
    "postal_code": "05170",
    "need": "procedures",
}
DOCUMENT = described(BASE)


@dataclass
class Program:
    """What posts and looks with this key."""

    app: Flask
    key: str = KEY

    def asks(self, once: str | None = "1", **body: Any) -> TestResponse:
        """Post what Rose asks, but for these members; None leaves one out."""
        asked = {name: each for name, each in (ROSES | body).items() if each is not None}
        return self.posts(asked, once)

    def posts(self, body: Any, once: str | None = "1", **how: Any) -> TestResponse:
        headers = self._headers | ({} if once is None else {"Idempotency-Key": once})
        sent = how or {"json": body}
        answer = self._client.post(CALLBACKS, headers=headers, base_url=BASE, **sent)
        return as_documented(answer, DOCUMENT["paths"][CALLBACKS]["post"])

    def looks(self, id: str) -> TestResponse:
        answer = self._client.get(f"{CALLBACKS}/{id}", headers=self._headers, base_url=BASE)
        return as_documented(answer, DOCUMENT["paths"][CALLBACKS + "/{id}"]["get"])

    @property
    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.key}"}

    @property
    def _client(self) -> Any:
        return self.app.test_client(use_cookies=False)


def as_documented(answer: TestResponse, operation: dict[str, Any]) -> TestResponse:
    """The answer, once it is known to be one that the document promises."""
    promised = operation["responses"][str(answer.status_code)]
    [(kind, content)] = promised["content"].items()
    assert answer.mimetype == kind
    assert faults(answer.get_json(), content["schema"], DOCUMENT) == []
    for header in promised.get("headers", {}):
        assert answer.headers[header].isdecimal()
    return answer


def program(office: Office, key: str = KEY) -> Program:
    return Program(create_app(replace(office.parts, partners=KEYS)), key)
