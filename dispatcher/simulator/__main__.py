"""Run the network in real time: ``python -m dispatcher.simulator --help``.

Serves the REST requests on 127.0.0.1, posts webhooks to this machine only, and plays a scenario
with a narrator, beside two telephones on a web page if asked. Exit code 0, or 1 when somebody
waited in vain, or 2 for bad arguments.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import signal
import stat
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from dispatcher.simulator.clock import FastLoop
from dispatcher.simulator.ledger import Entry
from dispatcher.simulator.narrator import Narrator
from dispatcher.simulator.network import IncomingNumber, Network
from dispatcher.simulator.scenario import Scenario, ScenarioError
from dispatcher.simulator.server import RestServer
from dispatcher.simulator.webphone.page import Page, open_page
from dispatcher.simulator.wire.posting import HttpPost, require_loopback

SETTLE_SECONDS = 10.0
"""Network seconds for the last webhooks to be delivered."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve, play, and give the exit code."""
    parser = _parser()
    asked = parser.parse_args(arguments)
    try:
        held = _credentials(asked)
        line = _line(asked)
        scenario = _scenario(asked)
    except (ValueError, OSError) as fault:
        parser.error(str(fault))
    with ExitStack() as stack:
        post = HttpPost()
        stack.callback(post.close)
        network = stack.enter_context(
            Network(
                post,
                {"*": line},
                account_sid=held["account_sid"],
                auth_token=held["auth_token"],
                loop=(loop := FastLoop(asked.speed)),
                seed=asked.seed,
            )
        )
        if asked.ledger:
            _keep_ledger(network, asked.ledger, stack)
        server = RestServer(network, asked.port)
        stack.callback(server.close)
        narrator = Narrator(network, sys.stdout)
        narrator.announce("listening", server.url)
        network.narrator = narrator
        if asked.no_calls:
            scenario.cast(network)
        page = None
        if scenario.page is not None and asked.page_port is not None:
            brake = _brake(loop, asked.brake)
            opened = open_page(network, scenario.page, held, port=asked.page_port, when_used=brake)
            page = stack.enter_context(opened)
            if scenario.calls:
                narrator.announce("page", page.url)
        return _run(network, scenario, narrator, page, stay=asked.stay)


def _run(
    network: Network, scenario: Scenario, narrator: Narrator, page: Page | None, *, stay: bool
) -> int:
    stopped = asyncio.Event()
    missed: list[str] = []
    network.when_missed = lambda failure: missed.append(str(failure).splitlines()[0])
    for number in (signal.SIGTERM, signal.SIGINT):
        network.loop.add_signal_handler(number, stopped.set)
    if scenario.calls:
        network.run(_play(network, scenario, missed, stopped), settle=SETTLE_SECONDS)
        narrator.sum_up(missed)
    if page is not None:
        page.booth.alone = True
    if stay:
        if page is not None:
            narrator.announce("page", page.url)
        network.run(until=stopped.is_set, settle=0.0)
    return 1 if missed else 0


async def _play(
    network: Network, scenario: Scenario, missed: list[str], stopped: asyncio.Event
) -> None:
    """Live the calls of a scenario, unless told to stop."""
    playing = asyncio.create_task(scenario.play(network))
    stopping = asyncio.create_task(stopped.wait())
    await asyncio.wait({playing, stopping}, return_when=asyncio.FIRST_COMPLETED)
    if playing.done():
        missed.extend(playing.result())
    for task in (playing, stopping):
        task.cancel()


def _brake(loop: FastLoop, path: Path | None) -> Callable[[], None]:
    """Make what lets time go its natural way, once a person is in it; whoever reads is told."""

    def brake() -> None:
        if path is not None and not path.exists():
            draft = path.with_suffix(".draft")
            draft.write_text(datetime.now(UTC).isoformat(), encoding="ascii")
            draft.rename(path)
        loop.goes_at(1.0)

    return brake


def _scenario(asked: argparse.Namespace) -> Scenario:
    scenario = Scenario.read(asked.play) if asked.play else Scenario((), ())
    return replace(scenario, calls=()) if asked.no_calls else scenario


def _keep_ledger(network: Network, path: Path, stack: ExitStack) -> None:
    out = stack.enter_context(path.open("a", encoding="utf-8"))

    def keep(entry: Entry) -> None:
        out.write(entry.as_json() + "\n")
        out.flush()

    network.ledger.sink = keep


def _line(asked: argparse.Namespace) -> IncomingNumber:
    urls = (asked.voice_url, asked.fallback_url, asked.status_url, asked.sms_url)
    for url in filter(None, urls):
        require_loopback(url)
    return IncomingNumber(*urls)


def _credentials(asked: argparse.Namespace) -> dict[str, Any]:
    if asked.credentials is None:
        if not (asked.account_sid and asked.auth_token):
            raise ScenarioError("--credentials, or --account-sid and --auth-token, are required")
        if asked.page_port is not None:
            raise ScenarioError("--page-port needs --credentials with a page_key")
        return {"account_sid": asked.account_sid, "auth_token": asked.auth_token}
    if stat.S_IMODE(asked.credentials.stat().st_mode) & 0o077:
        raise ScenarioError(f"{asked.credentials}: others may read it; chmod 600")
    held: dict[str, Any] = json.loads(asked.credentials.read_text(encoding="utf-8"))
    needed = {"account_sid", "auth_token"} | (
        {"page_key"} if asked.page_port is not None else set()
    )
    for name in sorted(needed - held.keys()):
        raise ScenarioError(f"{asked.credentials}: {name} is missing")
    if "story_url" in held:
        require_loopback(held["story_url"])
    return held


_CREDENTIALS = "JSON: account_sid, auth_token; page_key, story_url, story_key for a page; mode 600"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m dispatcher.simulator", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="of the REST server; 0 is a free one")
    parser.add_argument("--speed", type=float, default=1.0, help="network seconds a real second")
    parser.add_argument("--account-sid")
    parser.add_argument("--auth-token")
    parser.add_argument("--credentials", type=Path, help=_CREDENTIALS)
    parser.add_argument("--voice-url", required=True, help="asked for every incoming call")
    parser.add_argument("--fallback-url", default="")
    parser.add_argument("--status-url", default="")
    parser.add_argument("--sms-url", default="")
    parser.add_argument("--play", type=Path, help="a scenario file (see scenario.py)")
    parser.add_argument("--no-calls", action="store_true", help="its people, but none of its calls")
    parser.add_argument("--page-port", type=int, help="serve its page's two telephones there")
    parser.add_argument("--brake", type=Path, help="written when somebody calls on the page")
    parser.add_argument("--stay", action="store_true", help="serve on after the scenario")
    parser.add_argument("--ledger", type=Path, help="append every fact as a line of JSON")
    parser.add_argument("--seed", type=int, default=1)
    return parser


if __name__ == "__main__":
    sys.exit(main())
