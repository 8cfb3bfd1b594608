"""A toy application: its pages by path, what it was posted, every signature checked."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from twilio.request_validator import RequestValidator
from werkzeug.wrappers import Request, Response

TOKEN = "a-token-for-tests"
ACCOUNT = "AC" + "0" * 32
BASE = "https://toy.test"

Form = dict[str, str]
Page = str | Callable[[Form], str]


@dataclass
class Toy:
    """Answers each path with its page; an unknown path is a 404, an exception a crash."""

    pages: dict[str, Page] = field(default_factory=dict)
    posted: list[tuple[str, Form]] = field(default_factory=list)
    bad_signatures: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        return self._answer(Request(environ))(environ, start)

    def _answer(self, request: Request) -> Response:
        url = BASE + request.environ["REQUEST_URI"]
        signature = request.headers.get("X-Twilio-Signature", "")
        if not RequestValidator(TOKEN).validate(url, request.form, signature):
            self.bad_signatures.append(url)
        form = {**request.args.to_dict(), **request.form.to_dict()}
        self.posted.append((request.path, form))
        self.headers.append(dict(request.headers))
        page = self.pages.get(request.path)
        if page is None:
            return Response("no such page", 404)
        text = page(form) if callable(page) else page
        return Response(f"<Response>{text}</Response>", mimetype="text/xml")

    def forms(self, path: str) -> list[Form]:
        """Everything posted to one path."""
        return [form for posted, form in self.posted if posted == path]
