"""What the clock does again and again: no job of RQ, so that it goes on while Redis is away."""

from dispatcher import assembly
from dispatcher.assembly import services
from dispatcher.operations import reconciling, spooling, sweep


def tick() -> None:
    """Leases, wrap-ups, callbacks that are due."""
    sweep.tick(services())


def check() -> None:
    """Duty, what hangs between the gates, calls gone quiet."""
    sweep.check(services())


def replay() -> None:
    """Callbacks taken down while the database was away."""
    spooling.replay(assembly.parts().spool, services())


def ask() -> None:
    """Calls that the carrier had and we had not: asking the carrier is a job."""
    reconciling.ask(services())
