"""The Participants of a conference: read, held, muted, put out, and called into it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import quoteattr

from dispatcher.simulator.conferences import Conference, Seat
from dispatcher.simulator.legs import Leg
from dispatcher.simulator.rest.calls import RestCalls
from dispatcher.simulator.rest.conferences import RestConferences
from dispatcher.simulator.rest.form import VERSION, Form, Listing, RestError, not_found, rfc2822
from dispatcher.simulator.wire.webhooks import Address

if TYPE_CHECKING:
    from dispatcher.simulator.network import Network

_ASKED = {
    "StartConferenceOnEnter": "startConferenceOnEnter",
    "EndConferenceOnExit": "endConferenceOnExit",
    "Muted": "muted",
    "WaitUrl": "waitUrl",
    "WaitMethod": "waitMethod",
    "Label": "participantLabel",
    "MaxParticipants": "maxParticipants",
    "ConferenceStatusCallback": "statusCallback",
    "ConferenceStatusCallbackMethod": "statusCallbackMethod",
}
_CALL = ("To", "From", "Timeout", "StatusCallback", "StatusCallbackMethod", "StatusCallbackEvent")


class RestParticipants:
    """A participant is named by its call, or by its label."""

    def __init__(self, network: Network, calls: RestCalls) -> None:
        self._network = network
        self._calls, self._rooms = calls, RestConferences(network)

    def list(self, form: Form, sid: str) -> dict[str, Any]:
        """List who is in the conference."""
        room = self._rooms.get(sid)
        rows = [self._json(seat) for seat in room.seats if self._is_there(seat)]
        for name, key in (("Muted", "muted"), ("Hold", "hold")):
            if form.get(name):
                rows = [row for row in rows if row[key] == (form.get(name) == "true")]
        return Listing(self._path(room, ""), "participants").page(rows, form)

    def fetch(self, _form: Form, sid: str, call: str) -> dict[str, Any]:
        """Read one participant."""
        return self._json(self._get(sid, call))

    def update(self, form: Form, sid: str, call: str) -> dict[str, Any]:
        """Hold, mute, or say whether their leaving ends it."""
        seat = self._get(sid, call)
        if form.get("Muted"):
            seat.conference.mute(seat, form.get("Muted") == "true")
        if form.get("EndConferenceOnExit"):
            seat.ends = form.get("EndConferenceOnExit") == "true"
        if form.get("Hold"):
            url = form.get("HoldUrl")
            at = Address(url, form.get("HoldMethod", "POST")) if url else None
            seat.conference.hold(seat, form.get("Hold") == "true", at)
        return self._json(seat)

    def delete(self, _form: Form, sid: str, call: str) -> dict[str, Any]:
        """Put one participant out; their Dial goes on to its action."""
        self._get(sid, call).put_out()
        return {}

    def create(self, form: Form, name: str) -> dict[str, Any]:
        """Call somebody into a conference, by its name or the id of one that is not over."""
        known = self._network.conferences.find(name)
        if known is not None and known.over:
            raise RestError(400, 21220, "the conference is over")
        asked = {field: form.all(field) for field in _CALL if form.get(field)}
        document = _document(form, known.name if known else name)
        placed = self._calls.create(Form({**asked, "Twiml": document}))
        leg = self._network.legs[placed["sid"]]
        return self._row(leg, known.sid if known else None) | {"queue_time": placed["queue_time"]}

    def _get(self, sid: str, call: str) -> Seat:
        room = self._rooms.get(sid)
        for seat in room.seats:
            if call in {seat.leg.sid, seat.how.label} and self._is_there(seat):
                return seat
        raise not_found(self._path(room, f"/{call}"))

    def _is_there(self, seat: Seat) -> bool:
        return seat.leg.live and self._network.is_visible(seat.joined_at)

    def _path(self, room: Conference, rest: str) -> str:
        account = f"/{VERSION}/Accounts/{self._network.account_sid}"
        return f"{account}/Conferences/{room.sid}/Participants{rest}.json"

    def _json(self, seat: Seat) -> dict[str, Any]:
        facts = {"muted": seat.muted, "hold": seat.held, "end_conference_on_exit": seat.ends}
        facts["start_conference_on_enter"] = seat.how.starts
        uri = self._path(seat.conference, f"/{seat.leg.sid}")
        row = self._row(seat.leg, seat.conference.sid)
        return row | facts | {"label": seat.how.label or None, "status": "connected", "uri": uri}

    def _row(self, leg: Leg, room: str | None) -> dict[str, Any]:
        return {
            "account_sid": self._network.account_sid,
            "call_sid": leg.sid,
            "conference_sid": room,
            "label": None,
            "date_created": rfc2822(leg.created_at),
            "date_updated": rfc2822(self._network.now()),
            "muted": False,
            "hold": False,
            "end_conference_on_exit": False,
            "start_conference_on_enter": True,
            "coaching": False,
            "call_sid_to_coach": None,
            "status": "queued",
            "queue_time": None,
        }


def _document(form: Form, name: str) -> str:
    said = {told: form.get(asked) for asked, told in _ASKED.items() if form.get(asked)}
    if form.get("ConferenceStatusCallback"):
        events = form.all("ConferenceStatusCallbackEvent") or ["start", "end"]
        said["statusCallbackEvent"] = " ".join(events)
    attributes = "".join(f" {key}={quoteattr(value)}" for key, value in said.items())
    spelt = name.replace("&", "&amp;").replace("<", "&lt;")
    return f"<Response><Dial><Conference{attributes}>{spelt}</Conference></Dial></Response>"
