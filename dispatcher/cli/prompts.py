"""``dispatcher prompts``: every sentence of the line, and the sounds that replace some."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import click

from config.words import words
from dispatcher import assembly
from dispatcher.carrier.sounds import SPOKEN_ALWAYS, Sounds, holes

WORDS = words("reports")
HELP = words("operator")
SPOKEN = words("spoken")
WHOLE: Final = re.compile(r".*[.!?]|\{\w+\}")
"""What a sentence looks like; the rest of the catalogue (a month, a need) is said inside one."""


@click.command(help=HELP["cli.prompts.help"])
def prompts() -> None:
    """Show what may be recorded, what is, and which files replace nothing."""
    click.echo("\n".join(_told(assembly.settings().prompts_dir)))


def _told(folder: Path | None) -> Iterator[str]:
    listed, playing = Sounds(folder).listed(), set[str]()
    for key, sentence in SPOKEN.items():
        names, note = holes(sentence), _note(sentence)
        yield "~".join([key, *(f"{{{name}}}" for name in names)]) + note
        yield WORDS["prompts.words"].format(words=sentence)
        for title in [] if note else listed:
            if title.split("~")[0] == key and title.count("~") == len(names):
                playing.add(listed[title].path.name)
                yield WORDS["prompts.file"].format(file=listed[title].path.name)
    yield from _folder(folder, playing)


def _note(sentence: str) -> str:
    """Why no file replaces this one; empty when a file may."""
    if SPOKEN_ALWAYS.intersection(holes(sentence)):
        return WORDS["prompts.always"]
    return "" if WHOLE.fullmatch(sentence) else WORDS["prompts.part"]


def _folder(folder: Path | None, playing: set[str]) -> Iterator[str]:
    yield ""
    if folder is None:
        yield WORDS["prompts.no_folder"]
        return
    for path in sorted(folder.iterdir()):
        if path.name not in playing:
            yield WORDS["prompts.nothing"].format(file=path.name)
    yield WORDS["prompts.count"].format(folder=folder, count=len(playing))
