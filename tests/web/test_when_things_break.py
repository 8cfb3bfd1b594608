"""Whatever breaks, the telephone gets a 200, an apology in French, and a way on."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from dispatcher.domain.calls import CallSid, Outcome
from dispatcher.live.board import Board
from dispatcher.operations import calls, screening, spooling
from tests.office import Office
from tests.people import ROSE
from tests.web.doors import SID, Doors


def _breaks(*_: object, **__: object) -> None:
    raise RuntimeError("broken on purpose")


def _xml(doors: Doors, path: str, form: dict[str, str] | None = None) -> str:
    answer = doors.post(path, form)
    assert answer.status_code == 200
    assert answer.mimetype == "text/xml"
    return answer.get_data(as_text=True)


@pytest.mark.parametrize("name", ["answer", "hear", "left"])
def test_a_broken_door_of_the_caller_apologises_and_leads_on(
    doors: Doors, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(calls, name, _breaks)
    path = {"answer": "/voice/incoming", "hear": "/voice/answer/1"}.get(name, f"/voice/{name}")

    document = _xml(doors, path)

    assert "Excusez-nous" in document
    assert "/voice/fallback</Redirect>" in document


@pytest.mark.parametrize(
    ("door", "name"),
    [("screen", "screen"), ("key", "press"), ("greet", "greet"), ("greeted", "greeted")],
)
def test_a_broken_door_of_a_screened_leg_hangs_up_and_is_never_empty(
    doors: Doors, monkeypatch: pytest.MonkeyPatch, door: str, name: str
) -> None:
    monkeypatch.setattr(screening, name, _breaks)

    assert "<Hangup" in _xml(doors, f"/voice/offers/abc/{door}")


def test_a_broken_status_door_asks_to_be_told_again(
    doors: Doors, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calls, "hang_up", _breaks)

    assert doors.post("/voice/status", {"CallStatus": "completed"}).status_code == 503


def test_an_offer_nobody_knows_puts_nobody_through(doors: Doors) -> None:
    for door in ("screen", "key", "greet", "greeted"):
        document = _xml(doors, f"/voice/offers/nobody/{door}", {"Digits": "1"})
        assert "<Hangup" in document


@pytest.fixture
def without_database(office: Office, monkeypatch: pytest.MonkeyPatch) -> Office:
    """The database is away, and so is Redis."""
    dead = sa.create_engine("sqlite:////nowhere/at/all.db")
    monkeypatch.setattr(office.services.store, "engine", dead)
    office.services.board.__init__(Redis(port=1, retry=Retry(NoBackoff(), 0)))  # type: ignore[misc]
    return office


def test_without_a_database_the_caller_is_led_to_the_fallback(
    without_database: Office, doors: Doors
) -> None:
    assert "/voice/fallback</Redirect>" in _xml(doors, "/voice/incoming")


@pytest.mark.parametrize(
    ("shown", "digits", "kept"),
    [
        (ROSE.number, "", ROSE.number),
        (ROSE.number, "0199000008", "+33199000008"),
        ("anonymous", "0199000008", "+33199000008"),
    ],
)
def test_the_fallback_takes_a_number_with_neither_database_nor_redis_and_keeps_it_once(
    without_database: Office,
    doors: Doors,
    monkeypatch: pytest.MonkeyPatch,
    shown: str,
    digits: str,
    kept: str,
) -> None:
    engine = without_database.services.store.engine
    assert "Excusez-nous" in _xml(doors, "/voice/fallback", {"From": shown})
    for _ in range(2):
        said = _xml(doors, "/voice/fallback/number/1", {"From": shown, "Digits": digits})
        assert "Nous vous rappellerons" in said
    [file] = list(Path(without_database.parts.spool._folder).iterdir())
    assert kept.encode() not in file.read_bytes()
    assert file.stat().st_mode & 0o077 == 0

    monkeypatch.undo()
    assert without_database.services.store.engine is not engine
    for _ in range(2):
        spooling.replay(without_database.parts.spool, without_database.services)

    with without_database.services.store.reading() as tx:
        callback = tx.callbacks.of(CallSid(SID))
        assert tx.callbacks.open() == 1
    assert callback is not None
    assert callback.number == kept
    assert without_database.all_calls()[0].outcome is Outcome.CALLBACK
    assert list(without_database.parts.spool.entries()) == []


def test_a_masked_caller_who_keys_nothing_is_asked_three_times_and_told_the_truth(
    without_database: Office, doors: Doors
) -> None:
    said = [
        _xml(doors, f"/voice/fallback/number/{tries}", {"From": "anonymous", "Digits": "12"})
        for tries in (1, 2, 3)
    ]

    assert "Nous n'avons pas compris" in said[0]
    assert "nous n'avons pas pu noter" in said[2]
    assert list(without_database.parts.spool.entries()) == []


def test_health_names_what_is_away(without_database: Office) -> None:
    client = without_database.app.test_client()

    assert client.get("/healthz").status_code == 200
    ready = client.get("/readyz")

    assert ready.status_code == 503
    assert set(ready.get_json()) == {"database", "redis", "board"}
    assert "ok" not in ready.get_json().values()


def test_ready_when_everything_is_there(office: Office) -> None:
    ready = office.app.test_client().get("/readyz")

    assert (ready.status_code, set(ready.get_json().values())) == (200, {"ok"})
    assert isinstance(office.services.board, Board)
