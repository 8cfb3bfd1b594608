"""Recordings of calls: what was said after the beep, and its REST resource.

A medium holds the words said, as text: nothing on this network plays it. It is there only once the
recording is ``completed``, a moment after its end.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from dispatcher.simulator.ledger import Kind
from dispatcher.simulator.rest.form import (
    VERSION,
    Form,
    Listing,
    after_token,
    not_found,
    rfc2822,
)
from dispatcher.simulator.wire.webhooks import Address, Webhook

if TYPE_CHECKING:
    from dispatcher.simulator.legs import Leg
    from dispatcher.simulator.network import Network

READY_AFTER = 2.0
"""Seconds from the end of a recording until its medium can be fetched."""
MEDIUM = "audio/mpeg"
"""The one member of an answer that is a medium: its bytes in base64."""


@dataclass(frozen=True, slots=True)
class Told:
    """Who is told what becomes of a recording: ``events`` of in-progress, completed, absent."""

    address: Address
    events: frozenset[str]


@dataclass(slots=True)
class Recording:
    """One recording; ``status`` is Twilio's."""

    sid: str
    call: str
    words: str
    seconds: int
    created_at: datetime
    url: str
    status: str = "processing"
    deleted: bool = False


@dataclass(slots=True)
class Recordings:
    """All recordings of the account."""

    network: Network
    _all: dict[str, Recording] = field(default_factory=dict)

    @property
    def left(self) -> list[Recording]:
        """Give those that the carrier still has."""
        return [one for one in self._all.values() if not one.deleted]

    def keep(self, leg: Leg, words: str, seconds: int, told: Told | None) -> Recording | None:
        """Keep what was said; None when nothing was."""
        if not words:
            self._tell(leg, told, "absent", {})
            return None
        sid = self.network.new_sid("RE")
        now, url = self.network.now(), f"https://api.twilio.com{self._path(sid)}"
        recording = Recording(sid, leg.sid, words, max(1, seconds), now, url)
        self._all[sid] = recording
        self.network.ledger.write(Kind.RECORDED, call=leg.sid, number=leg.number, detail=words)
        self.network.after(READY_AFTER, lambda: self._complete(recording, leg, told))
        return recording

    def list(self, form: Form, call: str) -> dict[str, Any]:
        """List the recordings of a call that were not deleted, newest first."""
        every = [one for one in reversed(self.left) if one.call == call and self._is_there(one)]
        listed = after_token(every, form, lambda one: one.sid)
        path = f"/{VERSION}/Accounts/{self.network.account_sid}/Calls/{call}/Recordings.json"
        return Listing(path, "recordings", by_token=True).page(map(self._json, listed), form)

    def fetch(self, _form: Form, sid: str) -> dict[str, Any]:
        """Read one recording."""
        return self._json(self._get(sid))

    def medium(self, _form: Form, sid: str) -> dict[str, Any]:
        """Give the sound of one that is completed."""
        recording = self._get(sid)
        if recording.status != "completed":
            raise not_found(self._path(f"{sid}.mp3"))
        return {MEDIUM: base64.b64encode(recording.words.encode()).decode()}

    def delete(self, _form: Form, sid: str) -> dict[str, Any]:
        """Delete one, its sound with it."""
        self._get(sid).deleted = True
        return {}

    def _get(self, sid: str) -> Recording:
        found = self._all.get(sid)
        if found is None or found.deleted or not self._is_there(found):
            raise not_found(self._path(f"{sid}.json"))
        return found

    def _is_there(self, recording: Recording) -> bool:
        return self.network.is_visible(recording.created_at)

    def _complete(self, recording: Recording, leg: Leg, told: Told | None) -> None:
        recording.status = "completed"
        about = {
            "RecordingSid": recording.sid,
            "RecordingUrl": recording.url,
            "RecordingDuration": str(recording.seconds),
            "RecordingChannels": "1",
            "RecordingSource": "RecordVerb",
            "RecordingStartTime": rfc2822(recording.created_at) or "",
        }
        self._tell(leg, told, "completed", about)

    def _tell(self, leg: Leg, told: Told | None, status: str, about: dict[str, str]) -> None:
        if told is None or status not in told.events:
            return
        form = {"AccountSid": self.network.account_sid, "CallSid": leg.sid}
        form |= {"RecordingStatus": status} | about
        self.network.webhooks.tell(Webhook(told.address, form, self.network.new_token()))

    def _path(self, rest: str) -> str:
        return f"/{VERSION}/Accounts/{self.network.account_sid}/Recordings/{rest}"

    def _json(self, one: Recording) -> dict[str, Any]:
        created = rfc2822(one.created_at)
        return {
            "sid": one.sid,
            "account_sid": self.network.account_sid,
            "api_version": VERSION,
            "call_sid": one.call,
            "conference_sid": None,
            "channels": 1,
            "date_created": created,
            "date_updated": created,
            "start_time": created,
            "duration": str(one.seconds) if one.status == "completed" else None,
            "encryption_details": None,
            "error_code": None,
            "media_url": one.url,
            "price": None,
            "price_unit": "USD",
            "source": "RecordVerb",
            "status": one.status,
            "track": "inbound",
            "uri": self._path(f"{one.sid}.json"),
            "subresource_uris": {},
        }
