"""The store: one transaction at a time, with a room for each noun."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from dispatcher.store.agents import Agents
from dispatcher.store.allowances import Allowances
from dispatcher.store.alterations import Alterations
from dispatcher.store.attempts import Attempts
from dispatcher.store.calendars import Calendars
from dispatcher.store.callbacks import Callbacks
from dispatcher.store.calls import Calls
from dispatcher.store.cases import Cases
from dispatcher.store.consents import Consents
from dispatcher.store.database import reading, writing
from dispatcher.store.decisions import Decisions
from dispatcher.store.desks import Desks
from dispatcher.store.dispositions import Dispositions
from dispatcher.store.inquiries import Inquiries
from dispatcher.store.journal import Journal
from dispatcher.store.journal_heads import JournalHeads
from dispatcher.store.known_callers import KnownCallers
from dispatcher.store.load import Load
from dispatcher.store.mails import Mails
from dispatcher.store.mandate_deeds import MandateDeeds
from dispatcher.store.mandates import Mandates
from dispatcher.store.marks import Marks
from dispatcher.store.messages import Messages
from dispatcher.store.offers import Offers
from dispatcher.store.person import Person
from dispatcher.store.pins import Pins
from dispatcher.store.practices import Practices
from dispatcher.store.proofs import Proofs
from dispatcher.store.regulars import Regulars
from dispatcher.store.retention import Retention
from dispatcher.store.seats import Seats
from dispatcher.store.sessions import Sessions
from dispatcher.store.sign_in_links import SignInLinks
from dispatcher.store.softphones import Softphones
from dispatcher.store.stand_ins import StandIns
from dispatcher.store.stops import Stops
from dispatcher.store.structures import Structures
from dispatcher.store.texts import Texts
from dispatcher.store.timetables import Timetables
from dispatcher.store.transfers import Transfers
from dispatcher.store.users import Users
from dispatcher.store.vault import Vault
from dispatcher.store.wrap_ups import WrapUps
from dispatcher.store.zones import AgentZones


class Withdrawn(Exception):
    """Raised inside a transaction to undo it: somebody else was first."""


class Transaction:
    """What a transaction can touch."""

    def __init__(self, connection: sa.Connection, vault: Vault) -> None:
        self.calls = Calls(connection, vault)
        self.offers = Offers(connection)
        self.callbacks = Callbacks(connection, vault)
        self.cases = Cases(connection)
        self.agents = Agents(connection, vault)
        self.seats = Seats(connection)
        self.timetables = Timetables(connection)
        self.calendars = Calendars(connection)
        self.stand_ins = StandIns(connection)
        self.alterations = Alterations(connection)
        self.softphones = Softphones(connection, vault)
        self.practices = Practices(connection)
        self.pins = Pins(connection, vault)
        self.structures = Structures(connection, vault)
        self.inquiries = Inquiries(connection, vault)
        self.dispositions = Dispositions(connection, vault)
        self.decisions = Decisions(connection)
        self.known_callers = KnownCallers(connection, vault)
        self.load = Load(connection)
        self.marks = Marks(connection)
        self.texts = Texts(connection, vault)
        self.mails = Mails(connection, vault)
        self.mandates = Mandates(connection, vault)
        self.mandate_deeds = MandateDeeds(connection, vault)
        self.consents = Consents(connection, vault)
        self.messages = Messages(connection, vault)
        self.stops = Stops(connection, vault)
        self.regulars = Regulars(connection, vault)
        self.retention = Retention(connection)
        self.transfers = Transfers(connection)
        self.person = Person(connection, vault)
        self.allowances = Allowances(connection, vault)
        self.users = Users(connection)
        self.sign_in_links = SignInLinks(connection, vault)
        self.sessions = Sessions(connection, vault)
        self.proofs = Proofs(connection, vault)
        self.attempts = Attempts(connection)
        self.zones = AgentZones(connection)
        self.wrap_ups = WrapUps(connection)
        self.desks = Desks(connection)
        self.journal = Journal(connection, vault)
        self.journal_heads = JournalHeads(connection)


class Store:
    """SQL, with the keys to the numbers in it."""

    def __init__(self, engine: sa.Engine, vault: Vault) -> None:
        self.engine = engine
        self._vault = vault

    @contextmanager
    def writing(self) -> Iterator[Transaction]:
        """A transaction that writes. Raising Withdrawn inside undoes it and goes on behind it."""
        try:
            with writing(self.engine) as connection:
                yield Transaction(connection, self._vault)
        except Withdrawn:
            return

    @contextmanager
    def reading(self) -> Iterator[Transaction]:
        """A transaction that only reads."""
        with reading(self.engine) as connection:
            yield Transaction(connection, self._vault)

    def ping(self) -> None:
        """Raises SQLAlchemyError when the database does not answer."""
        with reading(self.engine) as connection:
            connection.execute(sa.text("SELECT 1"))
