"""The few things we ask of the carrier ourselves. Only jobs do; no webhook waits for the carrier.

Every failure is a CarrierError with one bit: ``permanent`` (asking again cannot help). A timeout or
a 5xx may come after the carrier did what was asked: whoever calls must not ask again blindly.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from twilio.base.exceptions import TwilioException, TwilioRestException

from dispatcher.carrier import forms, recordings, texts
from dispatcher.carrier.barring import Barred, Barring, Why
from dispatcher.carrier.recordings import Recording, RecordingSid
from dispatcher.carrier.texts import TextsThere
from dispatcher.domain import doors
from dispatcher.domain.calls import CallSid, OfferId
from dispatcher.domain.channels import Softphone
from dispatcher.domain.gsm import spelt
from dispatcher.domain.numbers import PhoneNumber
from dispatcher.domain.offers import NO_SUCH_NUMBER_ERROR
from dispatcher.domain.texts import CarrierTextId, TextId

if TYPE_CHECKING:
    from twilio.http import HttpClient

TIMEOUT_SECONDS: Final = 10.0
"""twilio-python waits for ever unless told otherwise."""
_OK: Final = 200
_GONE: Final = 404
_TWILIO: Final = "https://api.twilio.com"
_SOUNDS: Final = "/2010-04-01/Accounts/{account}/Recordings/{sid}.mp3"
_NOT_IN_PROGRESS: Final = 21220
_TRY_LATER: Final = frozenset({408, 429})
_NO_ANSWER: Final = (ValueError, TypeError, AttributeError)
"""What twilio-python lets through when the answer is not the JSON of anything."""
_OVER: Final = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})
_PAGE: Final = 1000
_PAGES: Final = 2
"""How much of one list is read, calls of every direction: two pages of Twilio's largest."""


class CarrierError(Exception):
    """The carrier did not do what was asked, or did not say that it did."""

    def __init__(self, *, permanent: bool, status: int | None, code: int | None = None) -> None:
        super().__init__(f"status {status}, code {code}")
        self.permanent = permanent
        self.status = status
        self.code = code


class Refused(CarrierError):
    """We did not even ask: the number is barred.

    Its ``code`` is the carrier's own for a number that it does not call, so that whoever has it is
    put aside like one whose number does not exist; or for one that it does not text.
    """

    def __init__(self, reason: Why) -> None:
        code = texts.ERRORS.get(reason, NO_SUCH_NUMBER_ERROR)
        super().__init__(permanent=True, status=None, code=code)
        self.args = (f"barred: {reason}",)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class CallState:
    """What the carrier knows of a call; ``over`` when it has ended, or is not there (``known``)."""

    over: bool
    known: bool = True


@dataclass(frozen=True, slots=True)
class Inbound:
    """A call that reached the carrier for one of our numbers. ``number`` None: masked or odd."""

    sid: CallSid
    called: str
    number: PhoneNumber | None
    started_at: datetime
    ended_at: datetime | None
    over: bool


@dataclass(frozen=True, slots=True)
class Listed:
    """What the carrier listed; not ``whole`` when it had more than we read: the oldest are left
    out.
    """

    calls: tuple[Inbound, ...]
    whole: bool


class Carrier:
    """Twilio's REST API, or anything that speaks it at ``base_url``."""

    def __init__(
        self,
        account_sid: str,
        auth_token: str,
        *,
        public_base_url: str,
        base_url: str | None = None,
        barring: Barring | None = None,
        http_client: HttpClient | None = None,
        fetch: recordings.Fetch = recordings.over_http,
    ) -> None:
        self._account = (account_sid, auth_token)
        self._http = http_client
        self._base_url = base_url
        self._fetch = fetch
        self._public = public_base_url.rstrip("/")
        self._barring = barring or Barring()

    @cached_property
    def _client(self) -> Any:
        """Made when first asked: 19 MB that a web process, which never asks, is spared."""
        from twilio.http.http_client import TwilioHttpClient
        from twilio.rest import Client

        http = self._http or TwilioHttpClient(timeout=TIMEOUT_SECONDS)
        client = Client(*self._account, http_client=http)
        if self._base_url is not None:
            client.api.base_url = self._base_url
        return client

    def ring_agent(
        self, to: PhoneNumber | Softphone, offer: OfferId, *, caller_id: str, seconds: int
    ) -> None:
        """Ring an agent for a callback; what they hear and do arrives at the offer's doors."""
        _asked(
            lambda: self._client.calls.create(
                to=self._barring.let_out_agent(to),
                from_=caller_id,
                url=self._public + doors.offer(offer, "screen"),
                timeout=seconds,
                status_callback=self._public + doors.offer(offer, "legs"),
                status_callback_event=["initiated", "ringing", "answered", "completed"],
            )
        )

    def dequeue(self, queue: str, call: CallSid, offer: OfferId) -> bool:
        """Have somebody leave the queue now for this offer; False when they are no longer in it."""
        url = self._public + doors.offer(offer, "dial")
        return _done(
            lambda: self._client.queues(queue).members(call).update(url=url, method="POST")
        )

    def redirect(self, call: CallSid, door: str) -> bool:
        """Tear a call out of whatever it is in, and have it go on at this door; False when it is
        over. Asked twice, it comes to the door twice.
        """
        url = self._public + door
        return _done(lambda: self._client.calls(call).update(url=url, method="POST"))

    def hang_up(self, call: CallSid) -> bool:
        """End a call, whatever it is doing; False when it is over."""
        return _done(lambda: self._client.calls(call).update(status="completed"))

    def state(self, call: CallSid) -> CallState:
        """Whether this call still lives."""
        try:
            found = _asked(lambda: self._client.calls(call).fetch())
        except CarrierError as error:
            if error.status == _GONE:
                return CallState(over=True, known=False)
            raise
        return CallState(over=str(found.status) in _OVER)

    def inbound(self, *, since: datetime, before: datetime | None = None) -> Listed:
        """The inbound calls that started in a span of time (whole seconds, as Twilio knows them).

        Its filter is documented for whole days only: whatever else it lists is left out here.
        """
        span = {"start_time_after": since.astimezone(UTC)}
        if before is not None:
            span["start_time_before"] = before.astimezone(UTC)
        rows, whole = _asked(lambda: _read(self._client.calls.page(**span, page_size=_PAGE)))
        within = (
            call
            for call in map(_inbound, filter(_reached_us, rows))
            if since <= call.started_at and (before is None or call.started_at < before)
        )
        return Listed(tuple(within), whole)

    def text(
        self,
        number: PhoneNumber,
        body: str,
        *,
        sender: str,
        id: TextId,
        valid_for: timedelta = timedelta(hours=1),
    ) -> CarrierTextId:
        """Send an SMS, in the GSM alphabet whatever is in it; what comes of it arrives at its door.

        The carrier forgets it when it could not send it for so long.
        """
        sent = _asked(
            lambda: self._client.messages.create(
                to=self._barring.let_out_text(number),
                from_=sender,
                body=spelt(body),
                validity_period=texts.valid_seconds(valid_for),
                status_callback=self._public + doors.text_status(id),
            )
        )
        return CarrierTextId(str(sent.sid))

    def texted(self, number: PhoneNumber, body: str, *, since: datetime) -> TextsThere:
        """The texts of these very words that the carrier took for this number since then.

        What they say is our reference: the resource has no field for one. It is not asked by day of
        sending, which a text that waits at the carrier has not.
        """
        messages = self._client.messages
        page = _asked(lambda: messages.page(to=number, page_size=texts.PAGE))
        found: TextsThere = _asked(lambda: texts.among(page, body, since=since))
        return found

    def recordings(self, call: CallSid) -> tuple[Recording, ...]:
        """What the carrier has recorded on this call, oldest first."""
        page = _asked(lambda: self._client.calls(call).recordings.page(page_size=recordings.PAGE))
        found: tuple[Recording, ...] = _asked(lambda: recordings.listed(page))
        return found

    def sound(self, recording: RecordingSid, *, at_most: int) -> bytes | None:
        """What a recording holds, as MP3; None when that is more than so many bytes."""
        path = _SOUNDS.format(account=self._account[0], sid=recording)
        address = (self._base_url or _TWILIO) + path
        try:
            status, body = self._fetch(address, self._account, at_most)
        except OSError:  # those of requests are, too
            raise CarrierError(permanent=False, status=None) from None
        if status != _OK:
            raise CarrierError(permanent=False, status=status)
        return body if len(body) <= at_most else None

    def erase(self, recording: RecordingSid) -> None:
        """Erase a recording at the carrier; one that is not there is erased."""
        _done(lambda: self._client.recordings(recording).delete())


def _read(page: Any) -> tuple[list[Any], bool]:
    """The rows of a list from this page on, and whether that is all there are."""
    rows = list(page)
    for _ in range(_PAGES - 1):
        if page.next_page_url is None:
            break
        page = page.next_page()
        rows += page
    return rows, page.next_page_url is None


def _reached_us(listed: Any) -> bool:
    began = listed.start_time or listed.date_created
    return listed.direction == "inbound" and bool(listed.sid) and began is not None


def _inbound(listed: Any) -> Inbound:
    return Inbound(
        sid=CallSid(listed.sid),
        called=listed.to or "",
        number=forms.caller({"From": listed._from or ""}),  # noqa: SLF001  twilio's name for it
        started_at=listed.start_time or listed.date_created,
        ended_at=listed.end_time,
        over=str(listed.status) in _OVER,
    )


def _done(request: Callable[[], Any]) -> bool:
    """Whether this was done; False when what it is about is over, or not there."""
    try:
        _asked(request)
    except CarrierError as error:
        if error.status == _GONE or error.code == _NOT_IN_PROGRESS:
            return False
        raise
    return True


def _asked(request: Callable[[], Any]) -> Any:
    try:
        return request()
    except Barred as barred:
        raise Refused(barred.reason) from None
    except TwilioRestException as error:
        later = error.status >= 500 or error.status in _TRY_LATER
        raise CarrierError(permanent=not later, status=error.status, code=error.code) from None
    except (TwilioException, OSError, *_NO_ANSWER):  # those of requests are OSErrors
        raise CarrierError(permanent=False, status=None) from None
