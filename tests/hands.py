"""Many hands that reach at the very same moment: real threads, started together."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier
from typing import Any

PATIENCE = 20  # seconds
Together = Callable[[Iterable[Callable[[], Any]]], list[Any]]


@contextmanager
def hands(most: int = 12) -> Iterator[Together]:
    """Something that does up to so many things at once, and gives what each returned."""
    with ThreadPoolExecutor(most) as pool:

        def together(deeds: Iterable[Callable[[], Any]]) -> list[Any]:
            deeds = list(deeds)
            start = Barrier(len(deeds))

            def one(deed: Callable[[], Any]) -> Any:
                start.wait(PATIENCE)
                return deed()

            return [done.result(PATIENCE) for done in [pool.submit(one, deed) for deed in deeds]]

        yield together
