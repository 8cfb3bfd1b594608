"""Why a call went where it went: each routing decision, kept with its reasons."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from dispatcher.domain.agents import AgentId
from dispatcher.domain.callbacks import CallbackId
from dispatcher.domain.calls import CallSid, OfferId
from dispatcher.store.schema import decisions


class Decisions:
    """The decisions of one transaction."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def keep(
        self,
        reasons: dict[str, Any],
        *,
        at: datetime,
        call: CallSid | None = None,
        callback: CallbackId | None = None,
        offer: OfferId | None = None,
        agent: AgentId | None = None,
    ) -> None:
        """Keep one decision; ``reasons`` is as the operation tells it, in plain JSON."""
        row = {
            "call": call,
            "callback": callback,
            "at": at,
            "offer": offer,
            "agent": agent,
            "reasons": reasons,
        }
        self._connection.execute(sa.insert(decisions), row)

    def of(
        self, call: CallSid | None = None, *, callback: CallbackId | None = None
    ) -> list[dict[str, Any]]:
        """The decisions about a call or a callback, oldest first."""
        about = decisions.c.call == call if call else decisions.c.callback == callback
        query = sa.select(decisions).where(about).order_by(decisions.c.id)
        return [dict(row) for row in self._connection.execute(query).mappings()]
