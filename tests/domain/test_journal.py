"""The chain: what is hashed, what does not go in, and what a check says of it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatcher.domain.journal import BadEntry, Entry, Row, encoded
from dispatcher.domain.journal_checks import Findings, What, check
from dispatcher.domain.journal_heads import Head, signed

AT = datetime(2026, 11, 25, 9, 30, tzinfo=UTC)


class Notary:
    """Signs with a secret of its own, as far as these tests need it."""

    key = "a" * 16

    def sign(self, message: bytes) -> str:
        return sha256(b"notary" + message).hexdigest()

    def knows(self, key: str) -> bool:
        return key == self.key

    def is_signed(self, message: bytes, signature: str, key: str) -> bool:
        return self.knows(key) and signature == self.sign(message)


def chain(count: int) -> list[Row]:
    rows: list[Row] = []
    for place in range(count):
        last = (rows[-1].seq, rows[-1].hash) if rows else None
        entry = Entry("mandate.used", AT + timedelta(minutes=place), {"mandate": f"m{place}"})
        rows.append(Row.after(last, entry))
    return rows


def heads(rows: list[Row], *upto: int) -> list[Head]:
    made: list[Head] = []
    for seq in upto:
        last = made[-1] if made else None
        behind = [row.hash for row in rows[last.seq if last else 0 : seq]]
        made.append(signed(last, behind, Notary(), at=AT))
    return made


def found(rows: list[Row], kept: list[Head], outside: list[Head] | None = None) -> Findings:
    return check(rows, kept, outside or [], Notary())


def named(findings: Findings) -> list[tuple[What, int]]:
    return [(fault.what, fault.number) for fault in findings.faults]


def test_a_row_is_hashed_as_the_document_says() -> None:
    """By hand, as somebody else would: docs/journal.md."""
    told = ["permanence-journal-1", "1", "0" * 64, "mandate.used", "1764063000000", "2"]
    told += ["agent", "7", "mandate", "m1"]
    by_hand = b"".join(len(each).to_bytes(4, "big") + each.encode() for each in told)
    at = datetime.fromtimestamp(1764063000, UTC)

    row = Row.after(None, Entry("mandate.used", at, {"mandate": "m1", "agent": "7"}))

    assert row.hash == sha256(by_hand).hexdigest()
    assert (row.seq, row.previous, row.moment) == (1, "0" * 64, at)


@given(st.lists(st.text()), st.lists(st.text()))
def test_no_two_lists_of_fields_are_written_alike(one: list[str], other: list[str]) -> None:
    assert (encoded(one) == encoded(other)) == (one == other) or "\\" in "".join([*one, *other])


@pytest.mark.parametrize(
    "value",
    ["Rose Martin", "rose@example.fr", "+33199000001", "0199000001", "33199000001", "é", "a\nb"],
)
def test_names_and_numbers_do_not_go_in_and_are_not_quoted(value: str) -> None:
    with pytest.raises(BadEntry) as refusal:
        Entry("mandate.used", AT, {"mandate": value})

    assert value not in str(refusal.value)


@pytest.mark.parametrize("value", ["m1", "05096", "2026-11-25T22:30:00Z", "a" * 64, ""])
def test_codes_moments_and_commitments_go_in(value: str) -> None:
    assert Entry("mandate.used", AT, {"it": value}).facts["it"] == value


def test_a_journal_that_nobody_touched_is_found_whole() -> None:
    rows = chain(9)

    findings = found(rows, heads(rows, 4, 4, 7))

    assert findings == Findings(rows=9, signed=7, heads=3, faults=())


def rehashed(rows: list[Row], start: int) -> list[Row]:
    """As whoever may write everywhere would leave it: every hash from there on made anew."""
    done = rows[: start - 1]
    for row in rows[start - 1 :]:
        last = done[-1].hash if done else "0" * 64
        fresh = replace(row, seq=len(done) + 1, previous=last)
        done.append(replace(fresh, hash=fresh.recomputed))
    return done


def edited(rows: list[Row], seq: int) -> list[Row]:
    return [replace(row, facts={"mandate": "x"}) if row.seq == seq else row for row in rows]


def swapped(rows: list[Row], seq: int) -> list[Row]:
    one, other = rows[seq - 1], rows[seq]
    there = [replace(other, seq=seq), replace(one, seq=seq + 1)]
    return [*rows[: seq - 1], *there, *rows[seq + 1 :]]


ATTACKS: dict[str, tuple[Callable[[list[Row]], list[Row]], What]] = {
    "edited": (lambda rows: edited(rows, 5), What.ALTERED),
    "deleted": (lambda rows: rows[:4] + rows[5:], What.MISSING),
    "deleted, and those behind moved up": (
        lambda rows: rows[:4] + [replace(row, seq=row.seq - 1) for row in rows[5:]],
        What.ALTERED,
    ),
    "swapped": (lambda rows: swapped(rows, 5), What.ALTERED),
    "cut off": (lambda rows: rows[:4], What.CUT_OFF),
    "edited and hashed anew": (lambda rows: rehashed(edited(rows, 5), 5), What.REWRITTEN),
    "deleted and hashed anew": (lambda rows: rehashed(rows[:4] + rows[5:], 5), What.REWRITTEN),
    "edited, and its own hash with it": (
        lambda rows: rows[:4] + rehashed(edited(rows, 5), 5)[4:5] + rows[5:],
        What.REWRITTEN,
    ),
}


@pytest.mark.parametrize(("attack", "what"), ATTACKS.values(), ids=ATTACKS)
def test_whatever_is_done_to_a_row_is_found_and_named(
    attack: Callable[[list[Row]], list[Row]], what: What
) -> None:
    rows = chain(9)
    kept = heads(rows, 3, 9)

    findings = found(attack(rows), kept)

    assert named(findings) == [(what, 5)]


def test_a_head_that_was_erased_here_and_kept_elsewhere_still_shows_it() -> None:
    rows = chain(9)
    kept = heads(rows, 3, 9)

    assert named(found(rows[:4], kept[:1])) == [], "why heads are sent outside"
    assert named(found(rows[:4], kept[:1], [kept[1]])) == [(What.CUT_OFF, 5)]
    assert named(found(rows[:4], [kept[1]])) == [(What.CUT_OFF, 5), (What.HEAD_MISSING, 1)]


def test_a_head_that_somebody_else_made_is_not_believed() -> None:
    rows = chain(9)
    [head] = heads(rows, 9)
    later = replace(head, seq=4, hash=rows[3].hash, prints=head.prints[:64])

    assert named(found(rows[:4], [later])) == [(What.FORGED, 1)]
    assert named(found(rows, [replace(head, key="b" * 16)])) == [(What.UNKNOWN_KEY, 1)]


def test_rows_without_any_head_are_not_called_whole() -> None:
    rows = chain(3)

    assert named(found(rows, [])) == [(What.UNSIGNED, 3)]
    assert found([], []).faults == ()
