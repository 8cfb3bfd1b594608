"""The whole service as ``dispatcher run`` keeps it, in a folder thrown away, over a simulated network."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench import service
from bench.network import network_of
from config.settings import Settings
from dispatcher import assembly
from dispatcher.operations import directory
from dispatcher.operations.services import Services
from dispatcher.simulator import Faults, Network
from tests.people import AGENTS_HEADER, LINE, STRUCTURES, Helper
from tests.soak.profile import Profile

HOUSES = ("orcieres", "gap", "guillestre")
LINES = f"""
[[line]]
id = "principale"
numbers = ["{LINE}"]
public_number = "{LINE}"
caller_id = "{LINE}"
timezone = "Europe/Paris"
hours = "mon-sun 00:00-24:00"
holidays = "open"
wrap_up_seconds = 5
offers_per_hour = 1000
calls_per_number = 0
"""


@dataclass(frozen=True, slots=True)
class Desk:
    """The service's processes, its truth, and the network that rings it."""

    service: subprocess.Popen[bytes]
    services: Services
    network: Network
    agents: tuple[Helper, ...]
    folder: Path

    @property
    def log(self) -> Path:
        """What the service's processes wrote."""
        return service.log_of(service.RUN, {"DATA_DIR": str(self.folder)})

    @property
    def redis(self) -> Path:
        """Where the service's Redis keeps its files."""
        return self.folder / "redis"


@contextmanager
def open_desk(folder: Path, profile: Profile, over: Mapping[str, str]) -> Iterator[Desk]:
    """A desk with everybody on duty; ``over``: settings and environment of its processes."""
    lines = folder / "lines.toml"
    lines.write_text(LINES, encoding="utf-8")
    environ = service.environment(
        folder / "desk",
        CLOCK_SPEED=f"{profile.speed:g}",
        LINES_FILE=str(lines),
        SMS_SENDER="Permanence",
        TEXTS_PER_DAY="100000",
        **over,
    )
    settings = Settings.read(environ)  # `dispatcher run` migrates, with the code that it is
    with ExitStack() as stack:
        process = stack.enter_context(service.running(service.RUN, environ))
        service.wait_until(lambda: service.answers(environ, "/readyz"), process)
        redis = assembly.connect_redis(settings)
        services = assembly.assemble(settings, redis=stack.enter_context(closing(redis))).services
        stack.callback(services.store.engine.dispose)
        service.wait_until(services.board.stands, process)
        agents = _people(profile.agents, services)
        opened = network_of(
            environ, speed=profile.speed, starts_at=services.now(), seed=profile.seed
        )
        network = stack.enter_context(opened)
        network.calls_per_second = 10.0
        network.faults = Faults(
            seed=profile.seed,
            duplicate=0.2,
            twins=0.1,
            reorder=0.3,
            delay=(0.0, 1.0),
            voice_delay=(0.0, 0.3),
        )
        yield Desk(process, services, network, agents, folder / "desk")


def _people(many: int, services: Services) -> tuple[Helper, ...]:
    agents = tuple(
        Helper(f"Agent{n}", f"+334657101{n:02d}", HOUSES[n % len(HOUSES)]) for n in range(many)
    )
    text = AGENTS_HEADER + "\n".join(each.row for each in agents)
    for imported in (
        directory.import_structures(STRUCTURES.encode(), services),
        directory.import_agents(text.encode(), services),
    ):
        assert not imported.problems, imported.problems[:3]
    return agents
