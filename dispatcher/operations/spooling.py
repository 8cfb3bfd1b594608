"""Bringing what was taken down during an outage into SQL."""

from __future__ import annotations

import logging

from dispatcher.domain.agents import Need
from dispatcher.domain.calls import Call, CallSid, LineId
from dispatcher.domain.lines import line_for
from dispatcher.operations import callbacks, calls
from dispatcher.operations.services import Services
from dispatcher.store.spool import Spool

log = logging.getLogger(__name__)


def replay(spool: Spool, services: Services) -> None:
    """Keep a callback for every number in the spool, once each, with the place of the moment it was
    keyed.
    """
    for entry in spool.entries():
        line = line_for(services.lines, entry.called) or services.lines[0]
        sid = CallSid(entry.sid)
        call = Call(sid, LineId(line.id), entry.at, need=Need.EITHER)
        callbacks.keep_late(call, entry.number, services)
        calls.hang_up(sid, services)  # whatever they still held here is let go
        spool.done(entry)
        log.warning("a callback taken down during an outage is kept now")
