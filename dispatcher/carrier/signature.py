"""Whether a request really comes from the carrier.

Twilio signs the exact URL it was given and the sorted form; we hold it against the *configured*
public URL and the raw path and query, never against what a proxy or a decoded path says.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from twilio.request_validator import RequestValidator


class Signatures:
    """Checks signatures made with our token over our public URL."""

    def __init__(self, auth_token: str, public_base_url: str) -> None:
        self._validator = RequestValidator(auth_token)
        self._base = public_base_url.rstrip("/")

    def accepts(self, raw_path: str, form: Any, signature: str | None) -> bool:
        """Whether the signature fits; whatever is odd about it is a no, never an error.

        ``raw_path`` is path and query as they were sent; ``form`` a multi-dict that still holds
        every value of a repeated name.
        """
        if not signature or not raw_path.startswith("/"):
            return False
        try:
            return bool(self._validator.validate(self._base + raw_path, form, signature))
        except (TypeError, ValueError, IndexError):
            return False


def raw_path(environ: Mapping[str, Any]) -> str:
    """Path and query as the client sent them; Werkzeug's own ``request.url`` is decoded."""
    for name in ("RAW_URI", "REQUEST_URI"):
        raw = environ.get(name)
        if isinstance(raw, str) and raw:
            return _without_host(raw)
    return ""


def _without_host(uri: str) -> str:
    if uri.startswith("/"):
        return uri
    parts: Sequence[str] = uri.split("/", 3)
    return "/" + parts[3] if len(parts) == 4 else "/"
