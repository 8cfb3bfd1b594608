"""The spool: on disk when it says so, a file for each call, sealed, private, and never in the way."""

import json
import os
from datetime import datetime
from pathlib import Path

import pytest

from dispatcher.store.spool import Spool, Spooled
from dispatcher.store.vault import Keys, Vault
from tests.office import vault
from tests.store.rows import AT, number, seconds, sid

CALLED = "+33199000100"


class Clock:
    at = AT

    def now(self) -> datetime:
        return self.at


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def spool(tmp_path: Path, clock: Clock) -> Spool:
    return Spool(tmp_path / "spool", vault(), clock.now)


def files(tmp_path: Path) -> list[Path]:
    return sorted((tmp_path / "spool").iterdir())


def test_what_is_put_is_found_until_it_is_done(spool: Spool) -> None:
    spool.put(sid(1), CALLED, number(1))

    [entry] = spool.entries()
    assert entry == Spooled(sid(1), CALLED, number(1), AT)
    spool.done(entry)
    assert [*spool.entries()] == []
    spool.done(entry)


def test_nothing_was_ever_put(spool: Spool) -> None:
    assert [*spool.entries()] == []


def test_the_same_call_twice_is_one_file_with_the_last_number(spool: Spool, tmp_path: Path) -> None:
    spool.put(sid(1), CALLED, number(1))
    spool.put(sid(1), CALLED, number(2))

    assert len(files(tmp_path)) == 1
    assert [entry.number for entry in spool.entries()] == [number(2)]


def test_nobody_else_reads_it_and_it_names_no_number(spool: Spool, tmp_path: Path) -> None:
    spool.put(sid(1), CALLED, number(123456))

    [file] = files(tmp_path)
    assert file.stat().st_mode & 0o777 == 0o600
    assert "123456" not in file.read_text()


def test_it_is_on_disk_before_anybody_is_told_so(
    spool: Spool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[str] = []
    sync = os.fsync

    def note(descriptor: int) -> None:
        synced.append(Path(f"/proc/self/fd/{descriptor}").readlink().name)
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", note)
    spool.put(sid(1), CALLED, number(1))

    assert [synced[0].startswith(sid(1)), synced[1]] == [True, "spool"]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b'"text"',
        b"\xff\xfe",
        b"{}",
        b'{"sid": "CA", "called": "", "number": "zz", "at": "2026-11-24T09:30:00+00:00"}',
        b'{"sid": "CA", "called": "", "number": "00", "at": "2026-11-24T09:30:00+00:00"}',
        b'{"sid": "CA", "called": "", "number": 7, "at": "2026-11-24T09:30:00+00:00"}',
    ],
)
def test_a_file_that_cannot_be_read_is_left_alone_and_hides_no_other(
    spool: Spool, tmp_path: Path, content: bytes
) -> None:
    spool.put(sid(2), CALLED, number(2))
    spoiled = tmp_path / "spool" / f"{sid(1)}.json"
    spoiled.write_bytes(content)

    assert [entry.sid for entry in spool.entries()] == [sid(2)]
    assert spoiled.read_bytes() == content


def test_a_moment_without_its_zone_counts_as_spoiled(spool: Spool, tmp_path: Path) -> None:
    spool.put(sid(1), CALLED, number(1))
    [file] = files(tmp_path)
    file.write_text(json.dumps(json.loads(file.read_text()) | {"at": "2026-11-24T09:30:00"}))

    assert [*spool.entries()] == []


def test_a_file_still_being_written_is_not_read(spool: Spool, tmp_path: Path) -> None:
    spool.put(sid(2), CALLED, number(2))
    (tmp_path / "spool" / f"{sid(1)}.1234.abcdef").write_text("{")

    assert [entry.sid for entry in spool.entries()] == [sid(2)]


def test_the_oldest_come_first(spool: Spool, clock: Clock) -> None:
    for id, after in ((3, 0), (1, 5), (2, 9)):
        clock.at = AT + seconds(after)
        spool.put(sid(id), CALLED, number(id))

    assert [entry.sid for entry in spool.entries()] == [sid(3), sid(1), sid(2)]


def test_what_was_sealed_with_the_previous_secret_is_read(tmp_path: Path, clock: Clock) -> None:
    old, new = (Keys(each * 32, each * 32, each * 32) for each in (b"o", b"n"))
    Spool(tmp_path, Vault([old]), clock.now).put(sid(1), CALLED, number(1))

    assert [e.number for e in Spool(tmp_path, Vault([new, old]), clock.now).entries()] == [
        number(1)
    ]
    assert [*Spool(tmp_path, Vault([new]), clock.now).entries()] == []


def test_a_disk_that_is_full_is_no_promise(tmp_path: Path, clock: Clock) -> None:
    (tmp_path / "spool").write_text("a file where the folder should be")

    with pytest.raises(OSError, match="spool"):
        Spool(tmp_path / "spool", vault(), clock.now).put(sid(1), CALLED, number(1))
