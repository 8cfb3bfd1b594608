"""Another service that vouches for people: OpenID Connect, by the rules of ProConnect.

State and nonce are of 43 signs (32 at least are asked), and what the provider tells of somebody is
a signed JWT. Only RS256 and ES256 are taken. Authlib is read when somebody first comes this way.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from secrets import token_urlsafe
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode, urlsplit

if TYPE_CHECKING:
    from authlib.integrations.requests_client import OAuth2Session

log = logging.getLogger(__name__)

ALGORITHMS: Final = ["RS256", "ES256"]
TIMEOUT: Final = 5.0
"""Seconds for each request: somebody waits before a page, and a thread of the web with them."""
LEEWAY: Final = 60
"""Seconds that the provider's clock may differ from ours."""
WELL_KNOWN: Final = "/.well-known/openid-configuration"


class IdentityError(Exception):
    """Nothing can be believed of what came back, or nothing came."""


@dataclass(frozen=True, slots=True)
class Beginning:
    """Where somebody is sent, and what must come back with them."""

    url: str
    state: str = field(repr=False)
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)


@dataclass(frozen=True, slots=True, repr=False)
class Identity:
    """Whom the provider vouches for. ``hint``: what it is shown when they sign out."""

    subject: str
    email: str
    hint: str


class Provider:
    """One provider. Raises IdentityError, whatever goes wrong."""

    def __init__(self, issuer: str, client: str, secret: str, *, back: str, home: str) -> None:
        self.issuer = issuer
        self._client = client
        self._secret = secret
        self._back = back
        self._home = home
        self._known: Mapping[str, Any] | None = None

    @property
    def name(self) -> str:
        """What people know it as."""
        host = urlsplit(self.issuer).hostname or ""
        return (
            "ProConnect"
            if host.endswith((".proconnect.gouv.fr", ".agentconnect.gouv.fr"))
            else host
        )

    def begin(self) -> Beginning:
        """Where to send somebody who wants to come in."""
        known = self._metadata()
        state, nonce = token_urlsafe(32), token_urlsafe(32)
        pkce = "S256" in known.get("code_challenge_methods_supported", ())
        verifier = token_urlsafe(48) if pkce else ""
        more = {"code_verifier": verifier} if pkce else {}
        with self._session(known, pkce=pkce) as session:
            url, _ = session.create_authorization_url(
                known["authorization_endpoint"], state=state, nonce=nonce, **more
            )
        return Beginning(url, state, nonce, verifier)

    def finish(self, code: str, nonce: str, verifier: str) -> Identity:
        """Whom this code is of. Its state is the caller's to compare."""
        known = self._metadata()
        more = {"code_verifier": verifier} if verifier else {}
        try:
            with self._session(known, pkce=bool(verifier)) as session:
                token = session.fetch_token(
                    known["token_endpoint"], code=code, timeout=TIMEOUT, **more
                )
                keys = _got(session.get(known["jwks_uri"], timeout=TIMEOUT, withhold_token=True))
                subject = self._subject(token, keys.json(), nonce)
                told = _got(session.get(known["userinfo_endpoint"], timeout=TIMEOUT))
                return self._identity(told, keys.json(), subject, token["id_token"])
        except IdentityError:
            raise
        except Exception as error:  # Authlib, joserfc and requests raise a dozen kinds
            raise IdentityError(type(error).__name__) from error

    def farewell(self, hint: str) -> str | None:
        """Where somebody who signs out is sent, so that they are signed out there too."""
        ends: str | None = self._metadata().get("end_session_endpoint")
        if ends is None:
            return None
        asked = {"id_token_hint": hint, "state": token_urlsafe(32)}
        return f"{ends}?{urlencode(asked | {'post_logout_redirect_uri': self._home})}"

    def _subject(self, token: Mapping[str, Any], keys: Any, nonce: str) -> str:
        """Whom the ID token is of, all of it checked."""
        from authlib.oidc.core import CodeIDToken

        header, claims = _decoded(token["id_token"], keys)
        options = {
            "iss": {"essential": True, "value": self.issuer},
            "aud": {"essential": True, "value": self._client},
        }
        params = {"nonce": nonce, "client_id": self._client, "access_token": token["access_token"]}
        CodeIDToken(claims, header, options, params).validate(leeway=LEEWAY)
        return str(claims["sub"])

    def _identity(self, told: Any, keys: Any, subject: str, hint: str) -> Identity:
        """What the provider tells of them: a signed JWT, by it, for us, of the same person."""
        if not told.headers.get("Content-Type", "").startswith("application/jwt"):
            raise IdentityError("userinfo is no signed JWT")
        _, claims = _decoded(told.text.strip(), keys)
        audience = claims.get("aud")
        ours = self._client in (audience if isinstance(audience, list) else [audience])
        if claims.get("iss") != self.issuer or not ours or claims.get("sub") != subject:
            raise IdentityError("userinfo of another")
        if not claims.get("email") or claims.get("email_verified") is False:
            raise IdentityError("no e-mail")
        return Identity(subject, str(claims["email"]), hint)

    def _metadata(self) -> Mapping[str, Any]:
        if self._known is None:
            import requests

            try:
                address = self.issuer.rstrip("/") + WELL_KNOWN
                found = _got(requests.get(address, timeout=TIMEOUT)).json()
            except (requests.RequestException, ValueError) as error:
                raise IdentityError(type(error).__name__) from error
            if found.get("issuer") != self.issuer:
                raise IdentityError("another issuer")
            self._known = found
        return self._known

    def _session(self, known: Mapping[str, Any], *, pkce: bool) -> OAuth2Session:
        from authlib.integrations.requests_client import OAuth2Session

        methods = known.get("token_endpoint_auth_methods_supported", ())
        post = "client_secret_post" in methods
        return OAuth2Session(
            self._client,
            self._secret,
            scope="openid email",
            redirect_uri=self._back,
            token_endpoint_auth_method="client_secret_post" if post else "client_secret_basic",
            code_challenge_method="S256" if pkce else None,
            leeway=0,  # of 60, the default, an access token of ProConnect is dead at birth
        )


def _got(answer: Any) -> Any:
    if answer.status_code != 200:
        raise IdentityError(f"answered {answer.status_code}")
    return answer


def _decoded(text: str, keys: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """The header and claims of a JWT that one of these keys signed."""
    from joserfc import jwt
    from joserfc.jwk import KeySet

    read = jwt.decode(text, KeySet.import_key_set(keys), algorithms=ALGORITHMS)
    return dict(read.header), dict(read.claims)
