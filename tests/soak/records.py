"""What SQL says of everything, read once."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import sqlalchemy as sa

from dispatcher.domain.callbacks import Callback, CallbackId
from dispatcher.domain.calls import Call, CallSid, OfferId, Step
from dispatcher.domain.offers import Offer
from dispatcher.domain.texts import Text, TextId
from dispatcher.store.schema import callbacks, calls, moves, offers, texts
from dispatcher.store.store import Store


@dataclass(frozen=True, slots=True)
class Records:
    """Calls by id, their moves (turn and step), offers in the order of opening, callbacks, texts."""

    calls: dict[CallSid, Call]
    moves: dict[str, list[tuple[int, Step]]]
    offers: list[Offer]
    callbacks: dict[CallbackId, Callback]
    texts: list[Text]


def read(store: Store) -> Records:
    """All of it, of one moment."""
    with store.reading() as tx:
        connection = tx.calls._connection
        noted = defaultdict(list)
        for row in connection.execute(sa.select(moves).order_by(moves.c.call, moves.c.turn)):
            noted[row.call].append((row.turn, Step(row.step)))
        made = connection.scalars(sa.select(offers.c.id).order_by(offers.c.opened_at, offers.c.id))
        rang = connection.scalars(sa.select(calls.c.sid))
        kept = connection.scalars(sa.select(callbacks.c.id))
        written = [tx.texts.find(TextId(id)) for id in connection.scalars(sa.select(texts.c.id))]
        every_call = [tx.calls.find(CallSid(sid)) for sid in rang]
        every_callback = [tx.callbacks.find(CallbackId(id)) for id in kept]
        return Records(
            {call.sid: call for call in every_call if call},
            noted,
            [offer for id in made if (offer := tx.offers.find(OfferId(id)))],
            {callback.id: callback for callback in every_callback if callback},
            [text for text in written if text],
        )
