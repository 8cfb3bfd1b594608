"""The Queues and their Members: who waits, and taking one of them out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dispatcher.simulator.performing.stage import Fetch
from dispatcher.simulator.queues import Member, Queue
from dispatcher.simulator.rest.form import VERSION, Form, Listing, not_found, rfc2822
from dispatcher.simulator.wire.webhooks import Address

if TYPE_CHECKING:
    from dispatcher.simulator.network import Network


class RestQueues:
    """Queues are made by Enqueue; here they are read, and members leave."""

    def __init__(self, network: Network) -> None:
        self._network = network

    def list(self, form: Form) -> dict[str, Any]:
        """List the queues."""
        queues = self._network.queues.all.values()
        rows = [self._json(one) for one in queues if self._network.is_visible(one.created_at)]
        return Listing(self._path(".json"), "queues").page(rows, form)

    def fetch(self, _form: Form, sid: str) -> dict[str, Any]:
        """Read one queue."""
        return self._json(self._get(sid))

    def members(self, form: Form, sid: str) -> dict[str, Any]:
        """List those who wait, first come first."""
        queue = self._get(sid)
        rows = [
            self._member_json(queue, member)
            for member in queue.members
            if self._network.is_visible(member.enqueued_at)
        ]
        return Listing(self._path(f"/{sid}/Members.json"), "queue_members").page(rows, form)

    def member(self, _form: Form, sid: str, call_sid: str) -> dict[str, Any]:
        """Read one who waits; ``Front`` is the first."""
        return self._member_json(self._get(sid), self._get_member(sid, call_sid))

    def dequeue(self, form: Form, sid: str, call_sid: str) -> dict[str, Any]:
        """Take one who waits out of the queue, to go on at ``Url``."""
        url = form.require("Url", 21205, "Url parameter is required")
        member = self._get_member(sid, call_sid)
        row = self._member_json(self._get(sid), member)
        self._network.redirect(member.leg, Fetch(Address(url, form.get("Method", "POST"))))
        return row

    def _get(self, sid: str) -> Queue:
        queue = self._network.queues.find(sid)
        if queue is None or not self._network.is_visible(queue.created_at):
            raise not_found(self._path(f"/{sid}.json"))
        return queue

    def _get_member(self, sid: str, call_sid: str) -> Member:
        member = self._get(sid).find(call_sid)
        if member is None or not member.leg.live or not self._is_there(member):
            raise not_found(self._path(f"/{sid}/Members/{call_sid}.json"))
        return member

    def _is_there(self, member: Member) -> bool:
        return self._network.is_visible(member.enqueued_at)

    def _path(self, rest: str) -> str:
        return f"/{VERSION}/Accounts/{self._network.account_sid}/Queues{rest}"

    def _json(self, queue: Queue) -> dict[str, Any]:
        return {
            "sid": queue.sid,
            "account_sid": self._network.account_sid,
            "friendly_name": queue.name,
            "current_size": len(queue.members),
            "max_size": queue.max_size,
            "average_wait_time": queue.average_wait(self._network.seconds()),
            "date_created": rfc2822(queue.created_at),
            "date_updated": rfc2822(queue.created_at),
            "uri": self._path(f"/{queue.sid}.json"),
        }

    def _member_json(self, queue: Queue, member: Member) -> dict[str, Any]:
        return {
            "call_sid": member.leg.sid,
            "queue_sid": queue.sid,
            "date_enqueued": rfc2822(member.enqueued_at),
            "position": queue.members.index(member) + 1,
            "wait_time": round(self._network.seconds() - member.since),
            "uri": self._path(f"/{queue.sid}/Members/{member.leg.sid}.json"),
        }
