"""What is asked of us by those who keep us running: are we alive, and is anything away."""

import pytest
import sqlalchemy as sa
from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from dispatcher.store.database import connect
from tests.office import Office

AWAY = {"database", "redis", "board"}


def loses_database(office: Office, monkeypatch: pytest.MonkeyPatch) -> set[str]:
    dead = sa.create_engine("sqlite:////nowhere/at/all.db")
    monkeypatch.setattr(office.services.store, "engine", dead)
    return {"database"}


def loses_postgresql(office: Office, monkeypatch: pytest.MonkeyPatch) -> set[str]:
    dead = connect("postgresql+psycopg://permanence@127.0.0.1:1/permanence")
    monkeypatch.setattr(office.services.store, "engine", dead)
    return {"database"}


def loses_redis(office: Office, monkeypatch: pytest.MonkeyPatch) -> set[str]:
    nowhere = Redis(port=1, retry=Retry(NoBackoff(), 0))
    monkeypatch.setattr(office.services.board, "_redis", nowhere)
    return {"redis", "board"}


def loses_the_board(office: Office, monkeypatch: pytest.MonkeyPatch) -> set[str]:
    office.redis.flushall()
    return {"board"}


@pytest.mark.parametrize("loses", [loses_database, loses_postgresql, loses_redis, loses_the_board])
def test_each_thing_that_is_away_is_named_and_nothing_else(
    office: Office, monkeypatch: pytest.MonkeyPatch, loses: object
) -> None:
    away = loses(office, monkeypatch)  # type: ignore[operator]

    ready = office.app.test_client().get("/readyz")

    assert ready.status_code == 503
    assert {name for name, said in ready.get_json().items() if said != "ok"} == away
    assert ready.get_json().keys() == AWAY
    assert office.app.test_client().get("/healthz").get_json() == {"status": "alive"}


def test_nothing_is_told_of_where_things_are(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    loses_postgresql(office, monkeypatch)

    told = office.app.test_client().get("/readyz").get_data(as_text=True)

    assert "127.0.0.1" not in told
    assert "permanence" not in told


def test_a_board_lost_is_ready_again_after_the_clocks_next_round(office: Office) -> None:
    office.redis.flushall()

    office.run(until=3)

    assert office.app.test_client().get("/readyz").status_code == 200
