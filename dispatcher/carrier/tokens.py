"""What lets an agent's browser be rung by Twilio: a token for them, for ten minutes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from dispatcher.domain.channels import Softphone

LASTS: Final = 600
"""Seconds; a page asks for another before they are over."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """Signs them with a key of the account, which may be taken back without changing its token."""

    account: str
    key: str
    secret: str = field(repr=False)

    def issue(self, softphone: Softphone) -> str:
        """A token that lets this browser be rung, and call nobody (voice grant, incoming only)."""
        from twilio.jwt.access_token import AccessToken  # spared to processes that never sign one
        from twilio.jwt.access_token.grants import VoiceGrant

        token = AccessToken(
            self.account, self.key, self.secret, identity=softphone.identity, ttl=LASTS
        )
        token.add_grant(VoiceGrant(incoming_allow=True))
        return str(token.to_jwt())
