"""No number and no name anywhere that it need not be: a morning of calls with canaries in it."""

import logging
import zlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from redis import Redis

from dispatcher.simulator import answers, declines
from tests.office import Office
from tests.people import GINA, INES, LINE, MALO, ROSE, Citizen, Helper

CALLER = replace(ROSE, name="Rosamonde", number="+33199004321")
WAITING = replace(GINA, name="Gwendoline", number="+33199008765", postal_code="05170")
KEYED = "0199006677"
FIRST, SECOND = replace(INES, name="Isadora"), replace(MALO, name="Melchior")
OURS = {"dispatcher", "workers", "config", "rq"}


def canaries(*people: Citizen | Helper) -> list[str]:
    numbers = [each.number.removeprefix("+33") for each in people]
    return [*numbers, *(each.name for each in people), KEYED[1:]]


CANARIES = canaries(CALLER, WAITING, FIRST, SECOND)


def shown_in(text: str) -> list[str]:
    return [canary for canary in CANARIES if canary in text.replace(" ", "")]


def formatted(record: logging.LogRecord) -> str:
    """A record as a log shows it, its traceback too."""
    return logging.Formatter().format(record)


def everything_in(redis: Redis) -> Iterator[str]:
    """All that Redis holds, in plain text; RQ packs some of it."""
    for key in redis.scan_iter():
        yield key.decode()
        kind = redis.type(key).decode()  # type: ignore[union-attr]
        if kind == "hash":
            for name, value in redis.hgetall(key).items():
                yield name.decode()  # type: ignore[union-attr]
                yield (zlib.decompress(value) if value[:1] == b"x" else value).decode("latin-1")  # type: ignore[arg-type, union-attr]
        elif kind == "string":
            yield redis.get(key).decode("latin-1")  # type: ignore[union-attr]
        elif kind == "set":
            yield from (each.decode() for each in redis.smembers(key))  # type: ignore[union-attr]
        elif kind == "zset":
            yield from (each.decode() for each in redis.zrange(key, 0, -1))  # type: ignore[union-attr]
        elif kind == "list":
            yield from (each.decode() for each in redis.lrange(key, 0, -1))  # type: ignore[union-attr]
        else:
            pytest.fail(f"a {kind} in Redis that nobody looks into")


def plays(office: Office) -> list[str]:
    """Declined, answered, left for a callback and rung back; gives what Redis held meanwhile."""
    office.has(FIRST, SECOND)
    office.network.phone(FIRST.number).when_rung(declines(), answers(talks_for=20))
    office.network.phone(SECOND.number).when_rung(answers(talks_for=60))
    office.network.phone(WAITING.number).when_rung(answers(at="tapez 1", talks_for=10))
    held: list[str] = []
    office.network.every(2, lambda: held.extend(everything_in(office.redis)))

    async def served() -> None:
        call = await office.asks(CALLER)
        await call.talks_with_somebody(within=90)
        await call.ends()

    async def leaves_for_a_callback() -> None:
        await office.waits(20)
        call = await office.asks(WAITING)
        await call.talks_with_somebody(within=90)
        await call.ends()

    async def is_rung_back() -> None:
        await office.waits(30)
        call = await office.asks(WAITING)
        await call.hears("sans perdre votre place", within=60)
        await call.presses("1")
        await call.hears("pour un autre numéro", within=30)
        await call.presses("2")
        await call.hears("À quel numéro")
        await call.presses(KEYED)
        await call.hangs_up()

    office.run(served(), leaves_for_a_callback(), is_rung_back(), until=170)
    return held


def test_no_number_and_no_name_in_redis_addresses_logs_or_readable_in_sql(
    office: Office, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    caplog.set_level(logging.DEBUG)

    held = plays(office)

    ledger = office.network.ledger
    assert len(held) > 1000
    assert len(ledger.bridges()) >= 3, "everybody was served, and one rung back"
    addresses = [entry.path for entry in ledger.entries if entry.path]
    told = [formatted(each) for each in caplog.records if each.name.split(".")[0] in OURS]
    for where, texts in {"Redis": held, "addresses": addresses, "logs": told}.items():
        assert len(texts) > 1, where
        assert {canary for text in texts for canary in shown_in(text)} == set(), where
    office.services.store.engine.dispose()
    kept = b"".join(path.read_bytes() for path in tmp_path.glob("permanence.db*"))
    assert b"Melchior" in kept, "an agent's name is no secret there"
    for number in (CALLER.number, WAITING.number, FIRST.number, SECOND.number, KEYED[1:]):
        assert number.removeprefix("+33").encode() not in kept


def test_an_error_in_a_door_logs_no_number(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    with office.services.store.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE calls RENAME COLUMN page TO leaf")

    async def broken() -> None:
        call = await office.network.phone(CALLER.number, CALLER.name).dials(LINE)
        await call.hears("Excusez-nous")
        await call.hangs_up()

    office.run(broken(), until=30)

    assert "a door failed" in caplog.text
    ours = [record for record in caplog.records if record.name.startswith("dispatcher.web")]
    told = "".join(map(formatted, ours))
    assert "OperationalError" in told
    assert shown_in(told) == []
