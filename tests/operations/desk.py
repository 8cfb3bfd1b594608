"""A desk without a network: the operations on a real database, Redis and queues, at a time we set."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from redis import Redis
from rq import Queue
from rq.job import Job
from rq.serializers import JSONSerializer

from config import queues
from config.public_holidays import PublicHolidays
from config.words import words
from dispatcher.carrier.barring import Barring
from dispatcher.carrier.mails import Letter
from dispatcher.carrier.rest import Carrier
from dispatcher.domain.agents import Agent, AgentId, Need
from dispatcher.domain.callbacks import Callback, CallbackId
from dispatcher.domain.calls import Call, CallSid, Keys, LineId, OfferId, Step, Why
from dispatcher.domain.channels import Softphone
from dispatcher.domain.lines import Line
from dispatcher.domain.links import Links
from dispatcher.domain.mails import Address, Mail, MailId
from dispatcher.domain.mails import Kind as MailKind
from dispatcher.domain.numbers import PhoneNumber
from dispatcher.domain.offers import Offer
from dispatcher.domain.script import Ring, Script
from dispatcher.domain.texts import Kind, Text, TextId
from dispatcher.live.bell import QueueBell
from dispatcher.live.board import Board
from dispatcher.live.desks import Desks
from dispatcher.operations import (
    agents,
    board,
    calls,
    directory,
    legs,
    mails,
    screening,
    stops,
    texts,
)
from dispatcher.operations.services import Archive, Services
from dispatcher.store.database import connect
from dispatcher.store.signing import SigningKey
from dispatcher.store.store import Store, Transaction
from tests.office import ATLAS, BASE, EARS, TUESDAY, line, vault
from tests.operations.wire import Wire
from tests.people import AGENTS_HEADER, LINE, MONA, STRUCTURES, Helper
from tests.simulator.toy import ACCOUNT, TOKEN

ORCIERES = "05096"
QUEUE = "QU" + "1" * 32


def sid(number: int) -> CallSid:
    return CallSid(f"CA{number:032x}")


def number(last: int) -> PhoneNumber:
    return PhoneNumber(f"+33199{last:06d}")


@dataclass
class Postbag:
    """Takes mails, or does what it is told to: before it has one (``before``), or after."""

    letters: list[Letter] = field(default_factory=list)
    before: list[Callable[[], None]] = field(default_factory=list)
    after: list[Callable[[], None]] = field(default_factory=list)

    def deliver(self, letter: Letter, *, handing: Callable[[], bool]) -> bool:
        if self.before:
            self.before.pop(0)()
        if not handing():
            return False
        self.letters.append(letter)
        if self.after:
            self.after.pop(0)()
        return True

    def discard(self, id: MailId) -> None:
        del id

    def forget(self, **_: object) -> int:
        return 0


@dataclass
class Desk:
    """The operations' services, a clock, and what was asked of the carrier and of the workers."""

    services: Services
    redis: Redis
    wire: Wire
    postbag: Postbag = field(default_factory=Postbag)
    at: datetime = TUESDAY
    _sids: int = field(default=0)

    def passes(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)

    def has(self, *helpers: Helper) -> list[AgentId]:
        """These agents are on duty, and free for everybody."""
        text = AGENTS_HEADER + "\n".join(helper.row for helper in helpers)
        imported = directory.import_agents(text.encode(), self.services)
        assert not imported.problems, imported.problems
        self.passes(5)
        by_name = {agent.name: agent.id for agent in self.roster()}
        return [by_name[helper.name] for helper in helpers]

    def waits(self, *, queue: str | None = QUEUE, **changes: Any) -> Call:
        """Somebody from Orcières waits for procedures, as far as SQL knows."""
        self._sids += 1
        call = Call(
            sid(self._sids),
            LineId("principale"),
            self.at,
            number=number(self._sids),
            step=Step.WAITING,
            turn=4,
            commune=ORCIERES,
            need=Need.PROCEDURES,
            waiting_since=self.at,
            queue=queue,
        )
        call = replace(call, **changes)
        with self.services.store.writing() as tx:
            assert tx.calls.add(call)
        return call

    def asks(
        self, *, number: PhoneNumber | None = None, code: str = "05170"
    ) -> tuple[CallSid, Script]:
        """Somebody rings, keys their postal code and that they want procedures: what they hear."""
        self._sids += 1
        caller = number or PhoneNumber(f"+33199{self._sids:06d}")
        calls.answer(sid(self._sids), LINE, caller, None, self.services)
        calls.hear(sid(self._sids), 1, Keys(code), self.services)
        return sid(self._sids), calls.hear(sid(self._sids), 2, Keys("1"), self.services)

    def keeps(self, **changes: Any) -> Callback:
        """A callback that waits for an agent."""
        call = self.waits(queue=None)
        with self.services.store.writing() as tx:
            ended = call.keeps(Why.ASKED, callable_back=True).hung_up(at=self.at)
            assert tx.calls.save(ended, over=call, at=self.at)
            callback = Callback(
                id=CallbackId(f"k{self._sids}"),
                call=call.sid,
                line=call.line,
                number=number(self._sids),
                commune=ORCIERES,
                need=Need.PROCEDURES,
                why=Why.ASKED,
                asked_at=self.at,
                place_since=self.at,
                due_at=self.at,
            )
            assert tx.callbacks.keep(replace(callback, **changes))
        return replace(callback, **changes)

    def presses_one(self, offer: OfferId) -> Script:
        """The agent's telephone rings, is picked up, and its 1 is pressed."""
        self.rings(offer)
        screening.screen(offer, sid(900), self.services)
        return screening.press(offer, Keys("1"), self.services)

    def writes(
        self, to: str = MONA.number, *, about: str = "a1", minutes: float = 30, after: float = 0
    ) -> TextId:
        """A text is taken in for somebody: how to come back from a pause."""
        id = self.queues(to, about=about, minutes=minutes, after=after)
        assert id is not None
        return id

    def queues(
        self, to: str = MONA.number, *, about: str = "a1", minutes: float = 30, after: float = 0
    ) -> TextId | None:
        """The same; None when it is refused."""
        with self.services.store.writing() as tx:
            return self.queues_in(tx, to, about=about, minutes=minutes, after=after)

    def queues_in(
        self,
        tx: Transaction,
        to: str = MONA.number,
        *,
        about: str = "a1",
        minutes: float = 30,
        after: float = 0,
    ) -> TextId | None:
        return texts.queue(
            tx,
            self.services,
            kind=Kind.AGENT_PAUSED,
            number=PhoneNumber(to),
            about=about,
            words={"number": "01 99 00 01 00"},
            due_at=self.at + timedelta(minutes=after),
            expires_at=self.at + timedelta(minutes=minutes),
        )

    def mails(self, to: str = "chef@exemple.test", *, about: str = "m1") -> MailId:
        """A mail is taken in for a supervisor."""
        id = self.mails_or_not(to, about=about)
        assert id is not None
        return id

    def mails_or_not(self, to: str = "chef@exemple.test", *, about: str = "m1") -> MailId | None:
        """The same; None when there is one of that matter already."""
        with self.services.store.writing() as tx:
            return self.mails_in(tx, to, about=about)

    def mails_in(
        self, tx: Transaction, to: str = "chef@exemple.test", *, about: str = "m1"
    ) -> MailId | None:
        return mails.queue(
            tx,
            self.services,
            kind=MailKind.WAITS,
            to=Address(to),
            about=about,
            subject="Une longue attente",
            body="Quelqu'un attend à Gap.",
            expires_at=self.at + timedelta(hours=6),
        )

    def mail(self, id: MailId) -> Mail:
        with self.services.store.reading() as tx:
            found = tx.mails.find(id)
        assert found is not None
        return found

    def text(self, id: TextId) -> Text:
        with self.services.store.reading() as tx:
            found = tx.texts.find(id)
        assert found is not None
        return found

    def rings(self, offer: OfferId) -> None:
        legs.moved(offer, sid(900), "ringing", None, over=False, services=self.services)

    def ring_ends(self, call: CallSid, status: str, **how: bool) -> Script:
        """The caller's ring of an agent ends, and their telephone asks what is next."""
        offer = self.call(call).offer
        assert offer is not None
        return self.ring_of_ends(offer, call, status, **how)

    def ring_of_ends(
        self,
        offer: OfferId,
        call: CallSid,
        status: str,
        *,
        bridged: bool = False,
        leg_over: bool = False,
    ) -> Script:
        return legs.ended(
            offer, call, status, bridged=bridged, leg_over=leg_over, services=self.services
        )

    def call(self, sid: CallSid) -> Call:
        with self.services.store.reading() as tx:
            found = tx.calls.find(sid)
        assert found is not None
        return found

    def offer(self, id: OfferId) -> Offer:
        with self.services.store.reading() as tx:
            found = tx.offers.find(id)
        assert found is not None
        return found

    def callback(self, id: CallbackId) -> Callback:
        with self.services.store.reading() as tx:
            found = tx.callbacks.find(id)
        assert found is not None
        return found

    def offers(self) -> list[Offer]:
        """Every open offer."""
        with self.services.store.reading() as tx:
            return tx.offers.open()

    def only_offer(self) -> Offer:
        [offer] = self.offers()
        return offer

    def roster(self) -> list[Agent]:
        with self.services.store.reading() as tx:
            return tx.agents.roster(agents.calendar(self.services))

    def agent(self, id: AgentId) -> Agent:
        return next(agent for agent in self.roster() if agent.id == id)

    def holder(self, agent: AgentId) -> str | None:
        """Who holds this agent on the board; "" when they are free, None when they are off duty."""
        return self.services.board.holders([agent]).get(agent, (None, None))[0]

    def jobs(self) -> list[tuple[str, str]]:
        """The jobs asked for since we last looked."""
        found = []
        for name in queues.NAMES:
            queue = Queue(name, connection=self.redis)
            for id in queue.job_ids:
                job = Job.fetch(id, connection=self.redis, serializer=JSONSerializer)
                found.append((job.func_name.removeprefix("workers."), *job.args))  # type: ignore[union-attr]
            queue.empty()  # type: ignore[no-untyped-call]
        return found

    def forgets(self) -> None:
        """Redis is emptied."""
        self.redis.flushall()

    def rebuilds(self) -> None:
        assert board.rebuild(self.services)


def rung(script: Script) -> PhoneNumber | Softphone | None:
    """Whom this script rings."""
    return next((step.to for step in script if isinstance(step, Ring)), None)


@contextmanager
def open_desk(database_url: str, redis_url: str, *, lines: tuple[Line, ...] = ()) -> Iterator[Desk]:
    """A desk with four houses and nobody in them."""
    wire, postbag = Wire(), Postbag()
    store = Store(connect(database_url), vault())
    barring = Barring(fiction=True, stopped=stops.held(store))
    with Redis.from_url(redis_url) as redis, TemporaryDirectory() as folder:
        opened = {name: queues.open_queue(name, redis) for name in queues.NAMES}
        services = Services(
            store=store,
            board=Board(redis),
            desks=Desks(redis),
            carrier=Carrier(
                ACCOUNT,
                TOKEN,
                public_base_url=BASE,
                barring=barring,
                http_client=wire,
            ),
            archive=Archive(SigningKey.made(), logs=Path(folder)),
            bell=QueueBell(opened, queues.QUEUE_OF),
            atlas=ATLAS,
            lines=lines or (line(),),
            now=lambda: desk.at,
            texts=words("texts"),
            spoken=words("spoken"),
            mails=words("mails"),
            post=postbag,
            ears=EARS,
            holidays=PublicHolidays.of_departement,
            links=Links([b"l" * 32], BASE),
            sender="Permanence",
            fiction=True,
        )
        desk = Desk(services, redis, wire, postbag)
        board.rebuild(services)
        directory.import_structures(STRUCTURES.encode(), services)
        yield desk
        services.store.engine.dispose()
