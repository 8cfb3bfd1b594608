"""Mandates: prepared once, consented to once, each of their grants ended once.

Whose they are is sealed, and found by keyed hashes; the rest says nothing of anybody.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from dispatcher.domain.grants import Duration, End, Grant, ends
from dispatcher.domain.mandates import Mandate, MandateId, Person, Reference
from dispatcher.domain.matters import Topic
from dispatcher.domain.numbers import PhoneNumber
from dispatcher.store.consents import Consents
from dispatcher.store.schema import Moment, metadata
from dispatcher.store.vault import Vault

mandates: Final = sa.Table(
    "mandates",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("reference", sa.Text, nullable=False, unique=True),
    sa.Column("structure", sa.ForeignKey("structures.id"), nullable=False, index=True),
    sa.Column("prepared_by", sa.ForeignKey("agents.id"), nullable=False, index=True),
    sa.Column("prepared_at", Moment, nullable=False),
    sa.Column("number", sa.LargeBinary),
    sa.Column("number_key", sa.Text, index=True),
    sa.Column("name", sa.LargeBinary),
    sa.Column("person_key", sa.Text, index=True),
    sa.Column("consented_at", Moment),
    sa.Column("refused_at", Moment),
    sa.Column("withdrawn_at", Moment),
    sa.Column("over_at", Moment, nullable=False),  # when nothing of it holds any more
)
mandate_grants: Final = sa.Table(
    "mandate_grants",
    metadata,
    sa.Column("mandate", sa.ForeignKey("mandates.id"), primary_key=True),
    sa.Column("procedure", sa.Text, primary_key=True),
    sa.Column("precision", sa.LargeBinary),
    sa.Column("duration", sa.Text, nullable=False),
    sa.Column("until", Moment),
    sa.Column("ended_at", Moment),
    sa.Column("end", sa.Text),
)
BLANK: Final = {"number": None, "number_key": None, "name": None, "person_key": None}
"""What a mandate has instead of whose it was, once that is erased."""
_SAME: Final = (
    *("id", "reference", "structure", "prepared_by", "prepared_at"),
    *("consented_at", "refused_at", "withdrawn_at"),
)
_UNDECIDED: Final = sa.and_(
    mandates.c.consented_at.is_(None),
    mandates.c.refused_at.is_(None),
    mandates.c.withdrawn_at.is_(None),
)


class Mandates:
    """The mandates of one transaction."""

    def __init__(self, connection: sa.Connection, vault: Vault) -> None:
        self._connection = connection
        self._vault = vault
        self._consents = Consents(connection, vault)

    def prepare(self, mandate: Mandate) -> None:
        """Keep a draft."""
        assert mandate.person is not None
        row = {name: getattr(mandate, name) for name in _SAME} | self._sealed(mandate.person)
        row |= {"over_at": mandate.prepared_at}
        self._connection.execute(sa.insert(mandates), row)
        grants = [
            asdict(each)
            | {"mandate": mandate.id, "precision": self._vault.seal_words(each.precision)}
            for each in mandate.grants
        ]
        self._connection.execute(sa.insert(mandate_grants), grants)

    def lock(self, mandate: Mandate) -> None:
        """Have whoever decides anything of this person's mandates with this house wait for us.

        SQLite has one writer at a time, and needs none of it.
        """
        its = sa.or_(mandates.c.id == mandate.id, self._of_same(mandate))
        query = sa.select(mandates.c.id).where(its).order_by(mandates.c.id).with_for_update()
        self._connection.execute(query).all()

    def consent(self, mandate: Mandate, *, at: datetime) -> list[tuple[MandateId, Topic]] | None:
        """They said yes: its grants hold from now on. Which ones for the same end; None when it was
        decided before.
        """
        if not self._decide(mandate.id, {"consented_at": at}):
            return None
        procedures = [each.procedure for each in mandate.grants]
        replaced = self._end(self._of_same(mandate), End.REPLACED, at=at, procedures=procedures)
        for each in mandate.grants:
            its = (
                mandate_grants.c.mandate == mandate.id,
                mandate_grants.c.procedure == each.procedure,
            )
            until = ends(at, each.duration)
            self._connection.execute(sa.update(mandate_grants).where(*its).values(until=until))
        self._settle_over([mandate.id])
        return replaced

    def refuse(self, id: MandateId, *, at: datetime) -> bool:
        """They said no; False when it was decided before."""
        return self._decide(id, {"refused_at": at, "over_at": at})

    def withdraw(self, id: MandateId, *, at: datetime) -> bool:
        """It is given up before anybody answered; False when it was decided before."""
        self._consents.close(id, at=at)
        return self._decide(id, {"withdrawn_at": at, "over_at": at})

    def end(
        self, id: MandateId, end: End, *, at: datetime, procedure: Topic | None = None
    ) -> list[Topic]:
        """End what holds still of it, or of one procedure; which ones that were."""
        procedures = None if procedure is None else [procedure]
        return [
            each for _, each in self._end(mandates.c.id == id, end, at=at, procedures=procedures)
        ]

    def find(self, id: MandateId) -> Mandate | None:
        """The mandate of this id."""
        return next(iter(self._some(mandates.c.id == id)), None)

    def of_reference(self, reference: Reference) -> Mandate | None:
        """The mandate that the public knows by this."""
        return next(iter(self._some(mandates.c.reference == reference)), None)

    def ending(self, *, after: datetime, until: datetime) -> list[Mandate]:
        """Those of which a grant ends between these moments, and has not ended before."""
        its = sa.exists().where(
            mandate_grants.c.mandate == mandates.c.id,
            mandate_grants.c.ended_at.is_(None),
            mandate_grants.c.until > after,
            mandate_grants.c.until <= until,
        )
        return self._some(its)

    def of_structure(self, structure: str, *, limit: int = 200) -> list[Mandate]:
        """Those of a house, newest first."""
        return self._some(mandates.c.structure == structure, limit=limit)

    def of_number(self, number: PhoneNumber) -> list[Mandate]:
        """Those of whoever has this telephone, newest first."""
        return self._some(mandates.c.number_key.in_(self._vault.keys(number)))

    def of_person(self, person: Person) -> list[Mandate]:
        """Those of a person, newest first: of any house."""
        return self._some(mandates.c.person_key.in_(self._persons(person)))

    def erase(self, number: PhoneNumber, *, at: datetime) -> list[MandateId]:
        """Forget whose those were of which nothing holds any more, and what words were written in
        them; which ones.
        """
        its = sa.and_(
            mandates.c.number_key.in_(self._vault.keys(number)),
            sa.or_(mandates.c.over_at <= at, _UNDECIDED),
        )
        found = self._connection.scalars(sa.select(mandates.c.id).where(its))
        ids = [MandateId(id) for id in found]
        for id in ids:
            self.withdraw(id, at=at)
        grants = sa.update(mandate_grants).where(mandate_grants.c.mandate.in_(ids))
        self._connection.execute(grants.values(precision=None))
        self._consents.forget(ids)
        blank = sa.update(mandates).where(mandates.c.id.in_(ids))
        self._connection.execute(blank.values(**BLANK))
        return ids

    def _decide(self, id: MandateId, facts: dict[str, Any]) -> bool:
        change = sa.update(mandates).where(mandates.c.id == id, _UNDECIDED).values(**facts)
        return self._connection.execute(change).rowcount == 1

    def _end(
        self,
        which: sa.ColumnElement[bool],
        end: End,
        *,
        at: datetime,
        procedures: Sequence[Topic] | None,
    ) -> list[tuple[MandateId, Topic]]:
        chosen = sa.select(mandates.c.id).where(which, mandates.c.consented_at.is_not(None))
        its = [
            mandate_grants.c.mandate.in_(chosen.scalar_subquery()),
            mandate_grants.c.ended_at.is_(None),
            mandate_grants.c.until > at,
        ]
        if procedures is not None:
            its.append(mandate_grants.c.procedure.in_(procedures))
        change = sa.update(mandate_grants).where(*its).values(ended_at=at, end=end)
        done = self._connection.execute(
            change.returning(mandate_grants.c.mandate, mandate_grants.c.procedure)
        ).all()
        self._settle_over({MandateId(row.mandate) for row in done})
        return [(MandateId(row.mandate), Topic(row.procedure)) for row in done]

    def _settle_over(self, ids: Iterable[MandateId]) -> None:
        """Since, or from, when nothing of these holds any more."""
        ended = sa.func.coalesce(mandate_grants.c.ended_at, mandate_grants.c.until)
        last = sa.select(sa.func.max(ended)).where(mandate_grants.c.mandate == mandates.c.id)
        change = sa.update(mandates).where(mandates.c.id.in_(list(ids)))
        self._connection.execute(change.values(over_at=last.scalar_subquery()))

    def _of_same(self, mandate: Mandate) -> sa.ColumnElement[bool]:
        """Those of the same person with the same house, this one apart."""
        keys = [] if mandate.person is None else self._persons(mandate.person)
        return sa.and_(
            mandates.c.id != mandate.id,
            mandates.c.structure == mandate.structure,
            mandates.c.person_key.in_(keys),
        )

    def _persons(self, person: Person) -> list[str]:
        return self._vault.persons(person.number, person.folded)

    def _sealed(self, person: Person) -> dict[str, Any]:
        return {
            "number": self._vault.seal(person.number),
            "number_key": self._vault.key(person.number),
            "name": self._vault.seal_words(person.name),
            "person_key": self._persons(person)[0],
        }

    def _some(self, *where: sa.ColumnElement[bool], limit: int | None = None) -> list[Mandate]:
        newest = (mandates.c.prepared_at.desc(), mandates.c.id)
        query = sa.select(mandates).where(*where).order_by(*newest).limit(limit)
        rows = self._connection.execute(query).mappings().all()
        ids = [MandateId(row["id"]) for row in rows]
        grants, consents = self._grants(ids), self._consents.of(ids)
        return [
            Mandate(
                **{name: row[name] for name in _SAME},
                grants=tuple(grants.get(row["id"], ())),
                person=self._person(row),
                consents=tuple(consents.get(row["id"], ())),
            )
            for row in rows
        ]

    def _person(self, row: sa.RowMapping) -> Person | None:
        number = self._vault.open(row["number"])
        return None if number is None else Person(number, self._vault.open_words(row["name"]))

    def _grants(self, ids: Sequence[MandateId]) -> dict[str, list[Grant]]:
        found: dict[str, list[Grant]] = {}
        query = sa.select(mandate_grants).where(mandate_grants.c.mandate.in_(ids))
        for row in self._connection.execute(query.order_by(mandate_grants.c.procedure)):
            precision = self._vault.open_words(row.precision) if row.precision else ""
            end = None if row.end is None else End(row.end)
            facts = (Duration(row.duration), row.until, row.ended_at, end)
            its = found.setdefault(row.mandate, [])
            its.append(Grant(Topic(row.procedure), precision, *facts))
        return found
