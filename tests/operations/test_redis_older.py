"""Redis is emptied, or comes back older than it was, while a hundred wait and twenty agents talk."""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from config.redis_server import find_server
from dispatcher.domain.calls import Call, CallSid, Keys, Step
from dispatcher.domain.offers import callback_of, callback_waiter, waiter_of
from dispatcher.operations import calls, legs, offers, screening, sweep
from dispatcher.operations.waiting import press, wait
from tests.operations.desk import QUEUE, Desk, open_desk
from tests.people import Helper
from tests.servers import wait_for_redis

TWENTY = [Helper(f"Agent{i}", f"+334657101{i:02d}", "orcieres") for i in range(20)]


@dataclass
class Server:
    """A Redis with an append-only file, killed and started again on the same socket."""

    folder: Path
    _process: "subprocess.Popen[bytes]" = field(init=False)

    def __post_init__(self) -> None:
        (self.folder / "kept").mkdir()
        self.start()

    @property
    def url(self) -> str:
        return f"unix://{self.folder}/redis.sock"

    def start(self) -> None:
        command = [str(find_server()), "--port", "0", "--unixsocket", f"{self.folder}/redis.sock"]
        command += ["--dir", f"{self.folder}/kept", "--save", "", "--loglevel", "warning"]
        command += ["--appendonly", "yes", "--appendfsync", "always"]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        wait_for_redis(self.url)

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()

    def save(self) -> None:
        """Copy what it keeps on disk."""
        shutil.copytree(self.folder / "kept", self.folder / "older")

    def comes_back_older(self) -> None:
        self.kill()
        shutil.rmtree(self.folder / "kept")
        (self.folder / "older").rename(self.folder / "kept")
        self.start()

    def starts_again(self) -> None:
        self.kill()
        self.start()


@pytest.fixture
def server() -> Iterator[Server]:
    with tempfile.TemporaryDirectory(prefix="permanence-aof-") as folder:
        server = Server(Path(folder))
        yield server
        server.kill()


@pytest.fixture
def desk(server: Server, sqlite_url: str) -> Iterator[Desk]:
    """Twenty talk, a hundred wait."""
    with open_desk(sqlite_url, server.url) as desk:
        desk.has(*TWENTY)
        for call in they_wait(desk, 20):
            assert offers.seek(call, desk.services).step is Step.OFFERED
        they_accept(desk)
        for call in they_wait(desk, 100):
            offers.seek(call, desk.services)
        assert len(desk.services.board.waiting()) == 100
        yield desk


def they_wait(desk: Desk, many: int) -> list[Call]:
    found = []
    for _ in range(many):
        desk.passes(0.01)
        found.append(desk.waits())
    return found


def they_accept(desk: Desk) -> None:
    """Every agent who is being rung takes the call."""
    ringing = [offer for offer in desk.offers() if offer.accepted_at is None]
    for offer in (offer for offer in ringing if offer.callback is not None):
        screening.press(offer.id, Keys("1"), desk.services)
    with desk.services.store.writing() as tx:
        for offer in (offer for offer in ringing if offer.call is not None):
            call = desk.call(CallSid(waiter_of(offer)))
            assert tx.calls.save(call.talks(), over=call, at=desk.at)
            assert tx.offers.mark(offer.id, accepted_at=desk.at)


def they_hang_up(desk: Desk, many: int) -> None:
    """So many conversations end."""
    for offer in desk.offers()[:many]:
        if offer.call is not None:
            desk.ring_of_ends(offer.id, offer.call, "completed", bridged=True)
        else:
            legs.called(offer.id, bridged=False, services=desk.services)


def they_finish(desk: Desk, many: int) -> None:
    """So many conversations end, and after their wrap-ups these agents are there for others."""
    they_hang_up(desk, many)
    desk.passes(31)
    sweep.tick(desk.services)


def life_goes_on(desk: Desk) -> None:
    """Some hang up, some agents are with others than before, some leave for a callback."""
    for call in waiting(desk)[3:40:4]:
        calls.hang_up(call, desk.services)
    they_finish(desk, 6)
    they_accept(desk)
    for call in waiting(desk)[2:30:9]:
        press(call, desk.call(call).turn, 0, Keys("1"), desk.services)


def places(desk: Desk) -> list[str]:
    """Everybody who waits, on the line or for a callback, in the order of their places."""
    with desk.services.store.reading() as tx:
        found = [
            (each.place_since, callback_waiter(each.id)) for each in tx.callbacks.due(at=desk.at)
        ]
        for call in tx.calls.at_step(Step.WAITING):
            assert call.waiting_since is not None
            found.append((call.waiting_since, call.sid))
    return [waiter for _, waiter in sorted(found)]


def waiting(desk: Desk) -> list[CallSid]:
    """Who of them is on the line."""
    return [CallSid(waiter) for waiter in places(desk) if callback_of(waiter) is None]


def assert_the_board_is_as_sql_says(desk: Desk) -> None:
    open_offers = desk.offers()
    held = {offer.agent: waiter_of(offer) for offer in open_offers}
    shown = desk.services.board.holders(desk.services.board.on_duty())
    assert len(held) == len(open_offers) == 20, "nobody is with two, and everybody talks"
    assert {agent: holder for agent, (holder, _) in shown.items()} == held
    assert desk.services.board.waiting() == set(places(desk)), "no ghosts, and nobody left out"


def assert_they_are_served_in_order(desk: Desk) -> None:
    for many in (1, 1, 1, 20, 20):
        first = places(desk)[:many]

        they_finish(desk, many)

        offered = {waiter_of(offer) for offer in desk.offers() if offer.accepted_at is None}
        assert offered == set(first)
        they_accept(desk)


@pytest.mark.parametrize("loss", ["comes_back_older", "starts_again", "emptied"])
def test_after_one_sweep_places_are_kept_and_nobody_is_taken_twice(
    server: Server, desk: Desk, loss: str
) -> None:
    server.save()
    life_goes_on(desk)
    if loss == "emptied":
        desk.forgets()
    else:
        getattr(server, loss)()

    sweep.tick(desk.services)

    assert_the_board_is_as_sql_says(desk)
    assert_they_are_served_in_order(desk)


def test_before_that_sweep_an_older_board_takes_nobody_twice(server: Server, desk: Desk) -> None:
    """On the older board six are in their wrap-up; in truth they talk with others by now."""
    they_hang_up(desk, 6)
    server.save()
    they_finish(desk, 0)
    they_accept(desk)
    server.comes_back_older()
    desk.passes(5)
    before = {offer.id for offer in desk.offers()}

    for call in waiting(desk)[:10]:
        wait(call, QUEUE, desk.services)
    sweep.tick(desk.services)

    assert {offer.id for offer in desk.offers()} == before
    assert_the_board_is_as_sql_says(desk)
