"""Five attacks on a journal by whoever owns its database, at random places: ``python -m tests.attacks``.

Each is done by SQL with the guards taken off, looked for, and undone. Exit code 1 when one is not
found, or another row is named. In ``make soak``: 10,000 rows, 200 places.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Final

import sqlalchemy as sa

from dispatcher.domain.journal import Entry, digest
from dispatcher.domain.journal_checks import check
from dispatcher.domain.journal_heads import signed
from dispatcher.store.database import connect, migrate
from dispatcher.store.journal import GUARDS, Journal, journal
from dispatcher.store.signing import PublicKeys, SigningKey
from dispatcher.store.store import Store, Withdrawn
from dispatcher.store.vault import Vault

AT: Final = datetime(2026, 11, 25, 9, 30, tzinfo=UTC)
HEADS: Final = 7
Attack = Callable[[sa.Connection, int, int], None]


def edit(connection: sa.Connection, seq: int, count: int) -> None:
    """Other facts."""
    del count
    facts = {"facts": '{"mandate":"m0","result":"refused"}'}
    connection.execute(sa.update(journal).where(journal.c.seq == seq).values(facts))


def delete(connection: sa.Connection, seq: int, count: int) -> None:
    """A row taken out."""
    del count
    connection.execute(sa.delete(journal).where(journal.c.seq == seq))


def swap(connection: sa.Connection, seq: int, count: int) -> None:
    """A row and the next change places."""
    for was, becomes in ((seq, count + 9), (seq + 1, seq), (count + 9, seq + 1)):
        connection.execute(sa.update(journal).where(journal.c.seq == was).values(seq=becomes))


def truncate(connection: sa.Connection, seq: int, count: int) -> None:
    """Nothing left from a row on."""
    del count
    connection.execute(sa.delete(journal).where(journal.c.seq >= seq))


def rewrite(connection: sa.Connection, seq: int, count: int) -> None:
    """An edit, and every hash from there on made anew."""
    edit(connection, seq, count)
    rows = [*Journal(connection, Vault([])).rows(after=seq - 1)]
    previous, made = rows[0].previous, []
    for row in rows:
        fresh = digest(row.seq, previous, row.kind, row.at, row.facts)
        made.append({"at_seq": row.seq, "new_previous": previous, "new_hash": fresh})
        previous = fresh
    anew = sa.update(journal).where(journal.c.seq == sa.bindparam("at_seq"))
    anew = anew.values(previous=sa.bindparam("new_previous"), hash=sa.bindparam("new_hash"))
    connection.execute(anew, made)


ATTACKS: Final[dict[str, Attack]] = {
    "edited": edit,
    "deleted": delete,
    "swapped": swap,
    "truncated": truncate,
    "edited and recomputed": rewrite,
}


def missed(store: Store, rows: int, places: int, seed: int) -> Iterator[str]:
    """What was not found, or called by another row: nothing, when all is well."""
    signer, dice = SigningKey.made(), Random(seed)
    reader = PublicKeys([signer.public])
    _fill(store, signer, rows)
    last = rows - 1  # the next one of a swap is there too
    where = sorted(dice.sample(range(1, last + 1), min(places, last)))
    for name, attack in ATTACKS.items():
        for seq in where:
            found = _named(store, attack, seq, rows, reader)
            if found != seq:
                yield f"{name} at row {seq}: found {found}"


def _named(store: Store, attack: Attack, seq: int, rows: int, reader: PublicKeys) -> int | None:
    """Attack, look, and undo: which row is named; None: none."""
    found: list[int] = []
    with store.writing() as tx:
        _take_guards_off(connection := tx.journal._connection)
        attack(connection, seq, rows)
        faults = check(tx.journal.rows(), tx.journal_heads.behind(), [], reader).faults
        found += [each.number for each in faults]
        _undo()
    return found[0] if found else None


def _undo() -> None:
    raise Withdrawn


def _take_guards_off(connection: sa.Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("ALTER TABLE journal DISABLE TRIGGER ALL")
        return
    for name in GUARDS["sqlite"]:
        connection.exec_driver_sql(f"DROP TRIGGER journal_{name}")


def _fill(store: Store, signer: SigningKey, rows: int) -> None:
    """So many rows, and a few heads of which the last covers all of them."""
    made, each = 0, -(-rows // HEADS)
    while made < rows:
        with store.writing() as tx:
            for _ in range(min(each, rows - made)):
                facts = {"mandate": f"m{made}", "procedure": "logement", "result": "done"}
                tx.journal.append(Entry("mandate.used", AT + timedelta(minutes=made), facts))
                made += 1
            last = tx.journal_heads.last()
            hashes = tx.journal.hashes(after=last.seq if last else 0, limit=rows)
            tx.journal_heads.add(signed(last, hashes, signer, at=AT))


def main() -> int:
    """Attack, tell, and give the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.attacks", description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--places", type=int, default=200)
    parser.add_argument("--seed", type=int, default=time.time_ns() % 1_000_000)
    asked, began = parser.parse_args(), time.monotonic()
    with tempfile.TemporaryDirectory(prefix="permanence-journal-") as folder:
        url = f"sqlite:///{Path(folder) / 'journal.db'}"
        migrate(url)
        store = Store(connect(url), Vault([]))
        wrong = [*missed(store, asked.rows, asked.places, asked.seed)]
        store.engine.dispose()
    looked = f"{asked.rows} rows, {asked.places} places, {len(ATTACKS)} attacks"
    print(f"{looked}: {len(wrong)} missed; seed {asked.seed}, {time.monotonic() - began:.0f} s")
    print(*wrong[:20], sep="\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
