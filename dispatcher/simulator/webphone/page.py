"""The page, opened: its booth, its door, and the reader of the story."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dispatcher.simulator.webphone.booth import Booth
from dispatcher.simulator.webphone.bulletin import Bulletin
from dispatcher.simulator.webphone.door import PageServer
from dispatcher.simulator.webphone.story import Reader, Source

if TYPE_CHECKING:
    from dispatcher.simulator.network import Network
    from dispatcher.simulator.scenario import PageCall


@dataclass(frozen=True, slots=True)
class Page:
    """An open page."""

    url: str
    booth: Booth


@contextmanager
def open_page(
    network: Network,
    call: PageCall,
    secrets: Mapping[str, str],
    *,
    port: int = 0,
    when_used: Callable[[], object] = lambda: None,
) -> Iterator[Page]:
    """Serve the page: ``page_key`` of the secrets opens it, ``story_key`` its ``story_url``."""
    with ExitStack() as stack:
        bulletin = Bulletin()
        booth = Booth(network, call, bulletin, when_used)
        server = PageServer(network, booth, bulletin, secrets["page_key"], port)
        stack.callback(server.close)
        if "story_url" in secrets:
            reader = Reader(Source(secrets["story_url"], secrets["story_key"]), booth, bulletin)
            stack.callback(reader.close)
        yield Page(server.url, booth)
