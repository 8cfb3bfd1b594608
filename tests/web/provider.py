"""A provider of identities in a thread, on loopback, as strict as ProConnect."""

import base64
import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import time
from typing import Any
from urllib.parse import parse_qs, urlsplit

from flask import Flask, Response, request
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey
from werkzeug.serving import make_server

CLIENT, SECRET = "permanence", "s" * 32
BACK = "https://permanence.test/connexion/retour"
HOME = "https://permanence.test/connexion"
ASKED = {"response_type", "client_id", "redirect_uri", "scope", "state", "nonce"}
PKCE = {"code_challenge", "code_challenge_method"}


@dataclass
class MockProvider:
    """Whom it vouches for, and how it may be wrong: ``id_token``, ``told`` replace claims."""

    issuer: str = ""
    email: str = "Carla@exemple.test"
    subject: str = "sub-1"
    pkce: bool = False
    id_token: dict[str, Any] = field(default_factory=dict)
    told: dict[str, Any] = field(default_factory=dict)
    algorithm: str = "RS256"
    signed: bool = True
    strange_key: bool = False
    begun: dict[str, dict[str, str]] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "1"}))
    other: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "1"}))

    def authorizes(self, url: str) -> tuple[str, str]:
        """Somebody is sent here, and agrees: the code and state they go back with."""
        parts = urlsplit(url)
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        assert parts.path == "/authorize"
        assert set(asked) == ASKED | (PKCE if self.pkce else set()), "it answers Y000400"
        assert (asked["client_id"], asked["redirect_uri"]) == (CLIENT, BACK)
        assert min(len(asked["state"]), len(asked["nonce"])) >= 32
        code = f"code-{len(self.begun)}"
        self.begun[code] = asked
        return code, asked["state"]

    def token(self) -> Response | tuple[str, int]:
        form = request.form
        asked = self.begun.pop(form["code"], None)  # once
        if asked is None or form["client_secret"] != SECRET or form["redirect_uri"] != BACK:
            return '{"error": "invalid_grant"}', 400
        if self.pkce:
            digest = hashlib.sha256(form["code_verifier"].encode()).digest()
            challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
            assert (asked["code_challenge"], asked["code_challenge_method"]) == (challenge, "S256")
        access = f"access-{form['code']}"
        claims = {"nonce": asked["nonce"], "iat": int(time()), "exp": int(time()) + 60}
        self.tokens[access] = asked["nonce"]
        return _json(
            access_token=access,
            token_type="Bearer",
            expires_in=60,
            id_token=self.sign(self.named() | claims | self.id_token),
        )

    def userinfo(self) -> Response | tuple[str, int]:
        if request.headers.get("Authorization", "").removeprefix("Bearer ") not in self.tokens:
            return "", 401
        told = self.named() | {"email": self.email} | self.told
        if not self.signed:
            return _json(**told)
        return Response(self.sign(told), content_type="application/jwt")

    def named(self) -> dict[str, Any]:
        return {"iss": self.issuer, "aud": CLIENT, "sub": self.subject}

    def sign(self, claims: dict[str, Any]) -> str:
        from joserfc.jwk import OctKey

        key: Any = self.other if self.strange_key else self.key
        if self.algorithm == "HS256":
            key = OctKey.import_key(SECRET)
        return jwt.encode({"alg": self.algorithm, "kid": "1"}, claims, key, [self.algorithm])

    def metadata(self) -> Response:
        more = {"code_challenge_methods_supported": ["S256"]} if self.pkce else {}
        return _json(
            issuer=self.issuer,
            token_endpoint_auth_methods_supported=["client_secret_post"],
            **{f"{name}_endpoint": f"{self.issuer}/{name}" for name in ("token", "userinfo")},
            authorization_endpoint=f"{self.issuer}/authorize",
            end_session_endpoint=f"{self.issuer}/end",
            jwks_uri=f"{self.issuer}/jwks",
            **more,
        )

    def app(self) -> Flask:
        app = Flask("provider")
        app.add_url_rule("/.well-known/openid-configuration", "metadata", self.metadata)
        app.add_url_rule("/token", "token", self.token, methods=["POST"])
        app.add_url_rule("/userinfo", "userinfo", self.userinfo)
        keys = KeySet([self.key])
        app.add_url_rule("/jwks", "jwks", lambda: _json(**keys.as_dict(private=False)))
        return app


@contextmanager
def served() -> Iterator[MockProvider]:
    """One that answers until this is over."""
    provider = MockProvider()
    server = make_server("127.0.0.1", 0, provider.app(), threaded=False)
    provider.issuer = f"http://localhost:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _json(**told: Any) -> Response:
    import json

    return Response(json.dumps(told), content_type="application/json")
