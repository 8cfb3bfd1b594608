"""The Conferences resource: reading them, and ending one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dispatcher.simulator.conferences import Conference
from dispatcher.simulator.rest.form import VERSION, Form, Listing, after_token, not_found, rfc2822

if TYPE_CHECKING:
    from dispatcher.simulator.network import Network


class RestConferences:
    """Conferences are made by Dial; here they are read and ended."""

    def __init__(self, network: Network) -> None:
        self._network = network

    def list(self, form: Form) -> dict[str, Any]:
        """List conferences, newest first; by name and status only."""
        rooms = [room for room in reversed(self._network.conferences.all) if _chosen(room, form)]
        there = [room for room in rooms if self._network.is_visible(room.created_at)]
        listing = Listing(self._path(".json"), "conferences", by_token=True)
        return listing.page(map(self._json, after_token(there, form, lambda room: room.sid)), form)

    def fetch(self, _form: Form, sid: str) -> dict[str, Any]:
        """Read one conference."""
        return self._json(self.get(sid))

    def update(self, form: Form, sid: str) -> dict[str, Any]:
        """End a conference: each Dial goes on to its action."""
        room = self.get(sid)
        if form.get("Status") == "completed":
            room.end("conference-ended-via-api")
        return self._json(room)

    def get(self, sid: str) -> Conference:
        """Get a conference by its id. Raises ``RestError``."""
        room = self._network.conferences.find(sid)
        if room is None or not self._network.is_visible(room.created_at):
            raise not_found(self._path(f"/{sid}.json"))
        return room

    def _path(self, rest: str) -> str:
        return f"/{VERSION}/Accounts/{self._network.account_sid}/Conferences{rest}"

    def _json(self, room: Conference) -> dict[str, Any]:
        return {
            "sid": room.sid,
            "account_sid": self._network.account_sid,
            "friendly_name": room.name,
            "status": room.status,
            "region": "ie1",
            "api_version": VERSION,
            "date_created": rfc2822(room.created_at),
            "date_updated": rfc2822(self._network.now()),
            "reason_conference_ended": room.reason or None,
            "call_sid_ending_conference": room.ended_by or None,
            "uri": self._path(f"/{room.sid}.json"),
            "subresource_uris": {"participants": self._path(f"/{room.sid}/Participants.json")},
        }


def _chosen(room: Conference, form: Form) -> bool:
    facts = {"FriendlyName": room.name, "Status": room.status}
    return all(form.get(name, fact) == fact for name, fact in facts.items())
