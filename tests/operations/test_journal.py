"""The journal kept: signed once a day, sent outside until it has arrived, written out by day."""

import json
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from config.words import words
from dispatcher.carrier.outside import OutsideError
from dispatcher.domain.journal import Entry
from dispatcher.domain.journal_exports import heads_in, read
from dispatcher.domain.journal_heads import Head
from dispatcher.domain.mails import MailId
from dispatcher.operations import journal, journal_heads, mandate_logs
from dispatcher.operations.services import Archive
from dispatcher.store.signing import PublicKeys, SigningKey
from tests.hands import hands
from tests.operations.desk import Desk, open_desk

DAY = 24 * 3600
WORDS = words("journal")


class Elsewhere:
    """A web address outside, that may be away."""

    def __init__(self) -> None:
        self.away = False
        self.got: list[tuple[str, str]] = []

    def __call__(self, url: str, body: str, *, name: str) -> None:
        if self.away:
            raise OutsideError("status 503")
        self.got.append((url, name))
        assert heads_in([body])[0].number


@pytest.fixture
def desk(request: pytest.FixtureRequest, redis_url: str) -> Iterator[Desk]:
    """On SQLite; a test may ask for another kind of database by name."""
    url = request.getfixturevalue(f"{getattr(request, 'param', 'sqlite')}_url")
    with open_desk(url, redis_url) as desk:
        yield desk


def sends_to(desk: Desk, *to: str) -> Elsewhere:
    elsewhere = Elsewhere()
    archive = replace(desk.services.archive, to=to, post=elsewhere)
    desk.services = replace(desk.services, archive=archive)
    return elsewhere


def appends(desk: Desk, structure: str = "gap", **facts: str) -> None:
    with desk.services.store.writing() as tx:
        tx.journal.append(Entry("mandate.used", desk.at, {"structure": structure, **facts}))


def seals(desk: Desk) -> None:
    journal.seal_daily(journal.MARK, desk.services)


def heads(desk: Desk) -> list[Head]:
    with desk.services.store.reading() as tx:
        return tx.journal_heads.behind()


def public(desk: Desk) -> str:
    assert desk.services.archive.signer is not None
    return desk.services.archive.signer.public


def test_a_head_is_signed_once_a_day_however_often_the_clock_asks(desk: Desk) -> None:
    appends(desk)
    seals(desk)
    appends(desk)
    seals(desk)
    assert [(head.after, head.seq) for head in heads(desk)] == [(0, 1)]

    desk.passes(DAY)
    seals(desk)

    assert [(head.after, head.seq) for head in heads(desk)] == [(0, 1), (1, 2)]
    found = journal.verify([], PublicKeys([public(desk)]), desk.services)
    assert (found.rows, found.signed, found.heads, found.faults) == (2, 2, 2, ())


@pytest.mark.parametrize("desk", ["sqlite", "postgresql"], indirect=True)
def test_of_three_who_sign_at_once_each_follows_the_one_before(desk: Desk) -> None:
    appends(desk)

    with hands() as together:
        together([partial(journal.sign, desk.services)] * 3)

    assert [head.number for head in heads(desk)] == [1, 2, 3]


def test_nothing_is_signed_where_there_is_no_key_nor_before_the_first_row(desk: Desk) -> None:
    assert journal.sign(desk.services) is None
    desk.services = replace(desk.services, archive=Archive())
    appends(desk)

    seals(desk)

    assert heads(desk) == []
    desk.jobs()
    journal.ask(desk.services)
    assert desk.jobs() == []


def test_a_head_goes_to_each_address_once(desk: Desk, tmp_path: Path) -> None:
    web = sends_to(
        desk, f"file:{tmp_path}/t%C3%AAtes", "mailto:archives@exemple.test", "https://h.test/x?k=1"
    )
    appends(desk)
    seals(desk)
    desk.passes(DAY / 2)
    seals(desk)

    [file] = (tmp_path / "têtes").iterdir()
    assert heads_in(file.read_text().splitlines()) == heads(desk)
    assert [url for url, _ in web.got] == ["https://h.test/x?k=1"]
    [(job, id)] = [each for each in desk.jobs() if each[0] == "mails.send"]
    mail = desk.mail(MailId(id))
    assert (job, heads_in(mail.body.splitlines())) == ("mails.send", heads(desk))
    assert mail.subject.startswith("Permanence : tête signée n° 1 du journal")


def test_a_head_is_kept_until_an_address_that_was_away_takes_it(
    desk: Desk, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    web = sends_to(desk, "https://secret.test/away", f"file:{tmp_path}/heads")
    web.away = True
    appends(desk)
    seals(desk)
    desk.passes(DAY)
    seals(desk)
    assert len([*(tmp_path / "heads").iterdir()]) == 2, "one that is away keeps no other waiting"
    assert "secret" not in caplog.text

    web.away = False
    desk.passes(3600)
    seals(desk)

    assert [name[:11] for _, name in web.got] == ["head-000001", "head-000002"]


class Killed(BaseException):
    """As RQ ends a job that took its minute."""


def test_an_address_so_slow_that_the_job_is_killed_keeps_no_other_waiting_for_good(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    web = sends_to(desk, "https://slow.test/x", "https://h.test/x")
    ways = dict(journal_heads.WAYS)

    def slowly(to: str, *rest: Any) -> None:
        if "slow" in to:
            raise Killed
        ways["https"](to, *rest)

    monkeypatch.setitem(journal_heads.WAYS, "https", slowly)
    appends(desk)
    with pytest.raises(Killed):
        seals(desk)
    desk.passes(3600)

    with pytest.raises(Killed):
        seals(desk)

    assert [url for url, _ in web.got] == ["https://h.test/x"]


def test_two_workers_at_once_send_a_head_once(desk: Desk) -> None:
    web = sends_to(desk, "https://h.test/x")
    appends(desk)

    with hands() as together:
        together([partial(seals, desk)] * 3)

    assert len(web.got) == 1


def test_a_head_longer_than_one_may_be_is_several(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal, "MOST", 3)
    for _ in range(7):
        appends(desk)

    journal.sign(desk.services)

    assert [(head.after, head.seq) for head in heads(desk)] == [(0, 3), (3, 6), (6, 7)]
    assert not journal.verify([], PublicKeys([public(desk)]), desk.services).faults


def test_an_export_reads_as_the_database_does(desk: Desk) -> None:
    appends(desk, result="done")
    journal.sign(desk.services)

    exported = read(journal.export(desk.services))

    with desk.services.store.reading() as tx:
        assert [*exported.rows] == [*tx.journal.rows()]
    assert [*exported.heads] == heads(desk)


def logs(desk: Desk) -> dict[str, str]:
    folder = desk.services.archive.logs
    assert folder is not None
    return {each.name: each.read_text(encoding="utf-8") for each in folder.iterdir()}


def test_each_structure_has_a_file_for_each_day_that_is_over(desk: Desk) -> None:
    appends(
        desk,
        "gap",
        mandate="m1",
        procedure="logement",
        agent="7",
        result="done",
        until="2027-01-01",
    )
    appends(desk, "a/../b")
    write = partial(mandate_logs.write_days, mandate_logs.MARK, WORDS, desk.services)
    desk.passes(14.5 * 3600)
    appends(desk, "gap")
    write()
    assert logs(desk) == {}, "half past midnight: what began yesterday may not be over"

    desk.passes(3600)
    write()

    assert sorted(logs(desk)) == [
        "mandats_a%2F..%2Fb_2026-11-24.csv",
        "mandats_gap_2026-11-24.csv",
    ]
    with desk.services.store.reading() as tx:
        first = next(iter(tx.journal.rows()))
    assert logs(desk)["mandats_gap_2026-11-24.csv"] == (
        "\ufeffLigne;Date et heure (Paris);Acte;Mandat;Démarche;Aidant;Résultat;"
        "Autres précisions;Empreinte\n"
        f"1;24/11/2026 10:00:00;mandate.used;m1;logement;7;done;until=2027-01-01;{first.hash}\n"
    )


def test_a_day_that_was_written_is_not_written_again(desk: Desk) -> None:
    appends(desk)
    desk.passes(DAY)
    mandate_logs.write_days(mandate_logs.MARK, WORDS, desk.services)
    folder = desk.services.archive.logs
    assert folder is not None
    for each in folder.iterdir():
        each.unlink()

    desk.passes(3600)
    mandate_logs.write_days(mandate_logs.MARK, WORDS, desk.services)

    assert logs(desk) == {}


def test_days_on_which_no_worker_ran_are_written_by_the_next(desk: Desk) -> None:
    for _ in range(3):
        appends(desk)
        desk.passes(DAY)

    mandate_logs.write_days(mandate_logs.MARK, WORDS, desk.services)

    assert [name[-14:-4] for name in sorted(logs(desk))] == [
        "2026-11-24",
        "2026-11-25",
        "2026-11-26",
    ]


def test_an_extract_on_demand_holds_one_structure_and_its_days(desk: Desk) -> None:
    appends(desk, "gap", mandate="m1")
    appends(desk, "orcieres", mandate="m2")
    desk.passes(DAY)
    appends(desk, "gap", mandate="-1")

    whole = mandate_logs.extract("gap", None, None, WORDS, desk.services)
    first = mandate_logs.extract("gap", desk.at.date().replace(day=24), desk.at.date().replace(day=24), WORDS, desk.services)  # fmt: skip

    assert [line.split(";")[3] for line in whole.split("\r\n")[1:-1]] == ["m1", "'-1"]
    assert [line.split(";")[3] for line in first.split("\r\n")[1:-1]] == ["m1"]


def test_a_head_of_another_key_is_told_from_ours(desk: Desk) -> None:
    appends(desk)
    journal.sign(desk.services)

    found = journal.verify([], PublicKeys([SigningKey.made().public]), desk.services)

    assert [fault.what.value for fault in found.faults] == ["unknown_key"]
    assert json.loads(next(journal.export(desk.services)))["format"] == "permanence-journal-1"
