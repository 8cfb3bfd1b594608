"""Supervisors are told by mail, over the whole service, once a day and of nobody in particular."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from dispatcher import assembly
from dispatcher.carrier.mails import SmtpPost
from dispatcher.domain.alerts import Watch
from dispatcher.domain.mails import Address
from dispatcher.operations import mails
from dispatcher.simulator import answers, lets_it_ring
from tests import people
from tests.office import Office, open_office
from tests.people import INES, LEON, MONA, ROSE, Citizen, Helper
from tests.post_office import GONE, PostOffice, open_post_office

CHEF = Address("chef@exemple.test")
SENDER = "Permanence <permanence@exemple.test>"


def told_to(office: Office, monkeypatch: pytest.MonkeyPatch, *to: Address) -> None:
    services = replace(office.services, watch=Watch(to or (CHEF,)))
    _with(office, services, monkeypatch)


def _with(office: Office, services: object, monkeypatch: pytest.MonkeyPatch) -> None:
    parts = replace(office.parts, services=services)  # type: ignore[arg-type]
    office.parts = parts
    monkeypatch.setattr(assembly, "parts", lambda: parts)


@pytest.fixture
def late_office(
    sqlite_url: str, redis_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Office]:
    """Ten minutes before midnight in Paris."""
    at = datetime(2026, 11, 24, 22, 50, tzinfo=UTC)
    with open_office(sqlite_url, redis_url, tmp_path, monkeypatch, starts_at=at) as office:
        yield office


@pytest.fixture
def post_office(office: Office, monkeypatch: pytest.MonkeyPatch) -> Iterator[PostOffice]:
    """Mails go to a server."""
    with open_post_office() as opened:
        post = SmtpPost.at(f"smtp://127.0.0.1:{opened.port}", SENDER, near=True)
        services = replace(office.services, post=post, watch=Watch((CHEF,)))
        _with(office, services, monkeypatch)
        yield opened


def written(folder: Path) -> list[EmailMessage]:
    """The mails that were written to files."""
    paths = sorted((folder / "mail").glob("*.eml"), key=lambda path: path.stat().st_mtime)
    return [message_from_bytes(path.read_bytes(), policy=policy.default) for path in paths]


def personal() -> set[str]:
    """Every number of the cast, as people and programs write it, and every name."""
    cast = [each for each in vars(people).values() if isinstance(each, Citizen | Helper)]
    numbers = {each.number.removeprefix("+33") for each in cast if each.number.startswith("+")}
    pairs = {" ".join(f"0{n}"[i : i + 2] for i in range(0, 10, 2)) for n in numbers}
    return numbers | pairs | {each.name for each in cast}


def test_with_nobody_on_duty_one_alert_is_written_and_no_second_one_that_day(
    late_office: Office, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    office = late_office
    told_to(office, monkeypatch)

    async def rings() -> None:
        call = await office.asks(ROSE)
        await call.hears("rappel")
        await call.hangs_up()
        call = await office.asks(office.other(ROSE))
        await call.hears("rappel")
        await call.hangs_up()

    office.run(rings(), until=560)

    [told] = written(tmp_path)
    assert told["To"] == CHEF
    assert "personne n'est de service (Hautes-Alpes (05))" in told["Subject"]
    office.run(until=840)
    assert len(written(tmp_path)) == 2, "another day has begun"


def test_nothing_personal_stands_in_any_mail(
    office: Office, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    told_to(office, monkeypatch)
    office.has(INES, MONA)
    for helper in (INES, MONA):
        office.network.phone(helper.number).when_rung(lets_it_ring())

    async def rings(citizen: Citizen) -> None:
        call = await office.asks(citizen)
        await call.waits(300)
        await call.hangs_up()

    office.run(rings(ROSE), rings(LEON), until=400)

    texts = [f"{told.as_string()}{told.get_content()}" for told in written(tmp_path)]
    assert len(texts) == 2, "of two places"
    assert {word for text in texts for word in personal() if word in text} == set()


def test_a_server_that_goes_away_after_the_data_is_not_written_to_twice(
    office: Office, post_office: PostOffice
) -> None:
    post_office.will("end", GONE)

    async def rings() -> None:
        call = await office.asks(ROSE)
        await call.hears("rappel")
        await call.hangs_up()

    office.run(rings(), until=400)

    assert len(post_office.got) == 1
    with office.services.store.reading() as tx:
        assert mails.now(tx, office.services).unsure == 1


def test_a_mail_is_taken_by_one_of_two_workers(
    office: Office, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The second comes while the first has its hands on it."""
    told_to(office, monkeypatch)
    sent: list[str] = []
    deliver = type(office.services.post).deliver

    def twice(self: object, letter: object, **how: object) -> bool:
        sent.append(letter.id)  # type: ignore[attr-defined]
        if len(sent) == 1:
            mails.send(letter.id, office.services)  # type: ignore[attr-defined]
        return deliver(self, letter, **how)  # type: ignore[arg-type]

    monkeypatch.setattr(type(office.services.post), "deliver", twice)

    async def rings() -> None:
        call = await office.asks(ROSE)
        await call.hears("rappel")
        await call.hangs_up()

    office.run(rings(), until=400)

    assert len(sent) == len(written(tmp_path)) == 1


def test_while_a_call_is_answered_at_once_nobody_is_written_to(
    office: Office, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    told_to(office, monkeypatch)
    office.has(INES)
    office.network.phone(INES.number).when_rung(answers(talks_for=60))

    async def rings() -> None:
        call = await office.asks(ROSE)
        await call.waits(120)

    office.run(rings(), until=300)

    assert written(tmp_path) == []
