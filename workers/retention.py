"""Jobs about how long data is kept: each takes an id and may safely run twice."""

from dispatcher import assembly
from dispatcher.operations import retention


def run(mark_id: str) -> None:
    """Erase what is outdated, once a day (queue: texts)."""
    retention.run_daily(mark_id, assembly.parts().spool, assembly.services())
