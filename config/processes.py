"""What ``dispatcher run`` keeps running: the Procfile, and our own Redis when there is no other."""

import shlex
import sys
from dataclasses import dataclass
from pathlib import Path

from config import redis_server
from config.settings import Settings, SettingsError
from config.words import words

PROCFILE = Path(__file__).parents[1] / "Procfile"
RELEASE = "release"  # done once, before the others


@dataclass(frozen=True, slots=True)
class Program:
    """A process with a name, and the words of the command that starts it."""

    name: str
    command: tuple[str, ...]


def in_procfile(text: str) -> tuple[Program, ...]:
    """Every program of a Procfile, in its order."""
    lines = (line.partition(":") for line in text.splitlines() if line.strip())
    return tuple(Program(name.strip(), tuple(shlex.split(rest))) for name, _, rest in lines)


def programs(settings: Settings) -> tuple[Program, ...]:
    """What has to run with these settings, in the order of starting; the last to start stops first.

    SettingsError when one of them could not.
    """
    if not redis_server.port_is_free(settings.port):
        raise SettingsError(words("operator")["run.port_taken"].format(port=settings.port))
    named = in_procfile(PROCFILE.read_text(encoding="utf-8"))
    needed = [program for program in named if program.name != RELEASE]
    if settings.redis_url is None:
        redis_server.find_server()
        redis_server.prepare(settings.data_dir)
        needed.insert(0, Program("redis", ("dispatcher", "redis")))
    return tuple(Program(program.name, _beside_us(program.command)) for program in needed)


def _beside_us(command: tuple[str, ...]) -> tuple[str, ...]:
    """The command of our own environment, whatever PATH says."""
    ours = Path(sys.executable).with_name(command[0])
    return (str(ours) if ours.exists() else command[0], *command[1:])
