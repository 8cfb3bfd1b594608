"""Telling a reader, line by line and in French, what each person hears and does."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from dispatcher.simulator.people.transcript import Line, Sort

if TYPE_CHECKING:
    from dispatcher.simulator.network import Network
    from dispatcher.simulator.people.handset import Handset

WORDS = Path(__file__).with_name("words.toml")

_NAMES_ANOTHER = {Sort.DIALLED, Sort.RINGING, Sort.BRIDGED, Sort.UNBRIDGED}


class Narrator:
    """Writes ``00:03 Rose (Gap) entend : « … »`` for every line; flushed at once.

    ``names`` gives more numbers a name, such as the line's own.
    """

    def __init__(self, network: Network, out: TextIO, names: dict[str, str] | None = None) -> None:
        self._network = network
        self._out = out
        self._names = names or {}
        self._words = tomllib.loads(WORDS.read_text(encoding="utf-8"))

    def __call__(self, handset: Handset, line: Line) -> None:
        """Tell one line."""
        other = self._name(line.text) if line.sort in _NAMES_ANOTHER else ""
        text = self._outcome(line.text) if line.sort is Sort.ENDED else line.text
        template = self._words["lines"][line.sort]
        self._say(line.at, template.format(who=self._name(handset.number), other=other, text=text))

    def announce(self, key: str, text: str = "") -> None:
        """Tell something about the network itself."""
        self._write(self._words["summary"][key].format(text=text))

    def sum_up(self, missed: list[str]) -> None:
        """Tell what became of every incoming call, and what a script waited for in vain."""
        self.announce("title")
        for leg in self._network.legs.values():
            if leg.route.direction == "inbound":
                self._sum_up_call(leg.sid, leg.number, leg.status)
            elif leg.route.direction == "outbound-api":
                self._sum_up_talks(leg.sid, leg.number, "rang_back")
        for sentence in missed:
            self.announce("missed", sentence)

    def _sum_up_call(self, sid: str, number: str, status: str) -> None:
        if not self._sum_up_talks(sid, number, "talked"):
            words = self._words["summary"]["alone"]
            self._write(words.format(who=self._name(number), text=self._outcome(status)))

    def _sum_up_talks(self, sid: str, number: str, key: str) -> int:
        talks = [talk for talk in self._network.ledger.talks if talk.parent == sid]
        for talk in talks:
            until = talk.until if talk.until is not None else self._network.seconds()
            names = {"who": self._name(number), "other": self._name(talk.callee)}
            seconds = round(until - talk.since)
            self._write(self._words["summary"][key].format(seconds=seconds, **names))
        return len(talks)

    def _name(self, number: str) -> str:
        known = self._network.phones.get(number)
        name = (known.name if known else "") or self._names.get(number) or number
        return name or str(self._words["people"]["nobody"])

    def _outcome(self, status: str) -> str:
        return str(self._words["outcomes"].get(status, status))

    def _say(self, at: float, sentence: str) -> None:
        minutes, seconds = divmod(int(at), 60)
        self._write(f"{minutes:02d}:{seconds:02d}  {sentence}")

    def _write(self, sentence: str) -> None:
        self._out.write(sentence + "\n")
        self._out.flush()
