"""Users: who has an account, with which roles."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from dispatcher.domain.agents import AgentId
from dispatcher.domain.roles import Grant, Role
from dispatcher.domain.users import Email, User, UserId
from dispatcher.domain.zones import Zones
from dispatcher.store import statements
from dispatcher.store.schema import Moment, agents, metadata

users: Final = sa.Table(
    "users",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("email", sa.Text, nullable=False, unique=True),
    sa.Column("agent", sa.ForeignKey("agents.id"), unique=True),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("disabled_at", Moment),
    sa.Column("password", sa.Text),
    sa.Column("code_key", sa.LargeBinary),
    sa.Column("next_code_key", sa.LargeBinary),
    sa.Column("code_step", sa.BigInteger),
    sa.Column("subject", sa.Text, unique=True),
)
user_roles: Final = sa.Table(
    "user_roles",
    metadata,
    sa.Column("user", sa.ForeignKey("users.id"), primary_key=True),
    sa.Column("role", sa.Text, primary_key=True),
    sa.Column("structure", sa.Text, primary_key=True, server_default=""),
    sa.Column("zones", sa.Text, nullable=False, server_default=""),
    sa.Index("ix_user_roles_structure", "structure"),
)
_INSERT: Final = {name: statements.insert_or_ignore(name, users) for name in statements.DIALECTS}


class Users:
    """The users of one transaction."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def add(self, user: User) -> bool:
        """Make an account; False when this e-mail, or this agent, has one."""
        row = {"id": user.id, "email": user.email, "agent": user.agent} | {
            "created_at": user.created_at
        }
        added = self._connection.execute(_INSERT[self._connection.dialect.name], row).rowcount == 1
        if added:
            for grant in user.grants:
                self.grant(user.id, grant)
        return added

    def find(self, id: UserId) -> User | None:
        """The user of this id."""
        return self._one(users.c.id == id)

    def of_email(self, email: Email) -> User | None:
        """The user whom this e-mail names."""
        return self._one(users.c.email == email)

    def of_agent(self, agent: AgentId) -> User | None:
        """The user who is this agent."""
        return self._one(users.c.agent == agent)

    def of_subject(self, subject: str) -> User | None:
        """The user who is this one at the identity provider."""
        return self._one(users.c.subject == subject)

    def all(self) -> list[User]:
        """Everybody, by e-mail."""
        return self._some(sa.true())

    def those(self, ids: Collection[UserId]) -> list[User]:
        """The users of these ids."""
        return self._some(users.c.id.in_(list(ids)))

    def with_role(self, role: Role) -> list[User]:
        """Everybody who has this role, by e-mail."""
        granted = sa.select(user_roles.c.user).where(user_roles.c.role == role)
        return self._some(users.c.id.in_(granted))

    def of_structure(self, structure: str) -> list[User]:
        """Everybody with a role in this house, or who is one of its agents; by e-mail."""
        granted = sa.select(user_roles.c.user).where(user_roles.c.structure == structure)
        staff = sa.select(agents.c.id).where(agents.c.structure == structure)
        return self._some(sa.or_(users.c.id.in_(granted), users.c.agent.in_(staff)))

    def grant(self, id: UserId, grant: Grant) -> None:
        """Give a role; given again, with other zones."""
        self.drop(id, grant.role, structure=grant.structure)
        row = {"user": id, "role": grant.role, "structure": grant.structure}
        self._connection.execute(sa.insert(user_roles), row | {"zones": str(grant.zones)})

    def drop(self, id: UserId, role: Role, *, structure: str | None = None) -> bool:
        """Take a role away, everywhere or in one house; False when they did not have it."""
        where = [user_roles.c.user == id, user_roles.c.role == role]
        if structure is not None:
            where.append(user_roles.c.structure == structure)
        return self._connection.execute(sa.delete(user_roles).where(*where)).rowcount > 0

    def disable(self, id: UserId, *, at: datetime) -> bool:
        """Let nobody in any more under this account; False when that was so."""
        return self._set(id, users.c.disabled_at.is_(None), disabled_at=at)

    def enable(self, id: UserId) -> bool:
        """Let them in again; False when they were not kept out."""
        return self._set(id, users.c.disabled_at.is_not(None), disabled_at=None)

    def shut_out(self) -> frozenset[AgentId]:
        """The agents whose account was closed."""
        query = sa.select(users.c.agent).where(
            users.c.disabled_at.is_not(None), users.c.agent.is_not(None)
        )
        return frozenset(AgentId(id) for id in self._connection.scalars(query))

    def link_agent(self, id: UserId, agent: AgentId) -> bool:
        """Note which agent this is; False when they are one already."""
        return self._set(id, users.c.agent.is_(None), agent=agent)

    def bind(self, id: UserId, subject: str) -> bool:
        """Note who this is at the identity provider; False when that was another."""
        return self._set(
            id, sa.or_(users.c.subject.is_(None), users.c.subject == subject), subject=subject
        )

    def erase(self, id: UserId) -> bool:
        """Forget the account and its roles; False when there is none. Links, sessions and codes
        are to go first.
        """
        self._connection.execute(sa.delete(user_roles).where(user_roles.c.user == id))
        return self._connection.execute(sa.delete(users).where(users.c.id == id)).rowcount == 1

    def _set(self, id: UserId, where: sa.ColumnElement[bool], **facts: object) -> bool:
        statement = sa.update(users).where(users.c.id == id, where).values(**facts)
        return self._connection.execute(statement).rowcount == 1

    def _one(self, where: sa.ColumnElement[bool]) -> User | None:
        return next(iter(self._some(where)), None)

    def _some(self, where: sa.ColumnElement[bool]) -> list[User]:
        query = sa.select(users).where(where).order_by(users.c.email)
        rows = list(self._connection.execute(query))
        ids = [row.id for row in rows]
        of = user_roles.c.user.in_(ids)
        held: dict[str, list[Grant]] = {id: [] for id in ids}
        for role in self._connection.execute(
            sa.select(user_roles).where(of).order_by(user_roles.c.role, user_roles.c.structure)
        ):
            held[role.user].append(Grant(Role(role.role), role.structure, Zones.parse(role.zones)))
        return [_user(row, held[row.id]) for row in rows]


def _user(row: sa.Row[tuple[object, ...]], grants: Iterable[Grant]) -> User:
    return User(
        id=UserId(row.id),
        email=Email(row.email),
        created_at=row.created_at,
        agent=None if row.agent is None else AgentId(row.agent),
        disabled_at=row.disabled_at,
        has_password=row.password is not None,
        has_code=row.code_key is not None,
        grants=tuple(grants),
    )
