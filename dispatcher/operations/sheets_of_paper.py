"""Sheets of A4 on which a paper is set. Imported only when one is made (``typesetting.py``)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Final

from fpdf import FPDF, ViewerPreferences
from fpdf.enums import Align, DocumentCompliance, MethodReturnValue, XPos, YPos

from dispatcher.domain.papers import Look

MARGIN: Final = 18
CODE_WIDTH: Final = 38
"""Millimetres."""
ACROSS_SIZE: Final = 54
FOOT_SIZE: Final = 11
PALE: Final = 205
_UNKNOWN: Final = "\N{REPLACEMENT CHARACTER}"


@dataclass(frozen=True, slots=True)
class Setting:
    """How a look is set: points, millimetres before it, what it is in the tree of tags, how many
    millimetres must fit below it on its page.
    """

    points: float
    before: float
    tag: str = "/P"
    keep: float = 0
    mark: str = ""


SETTINGS: Final = {
    Look.TITLE: Setting(26, 0, "/H1", keep=40),
    Look.HEADING: Setting(20, 4, "/H2", keep=CODE_WIDTH + 4),
    Look.POINT: Setting(16, 1.5, mark="• "),
    Look.GRANT: Setting(16, 1.5, mark="• "),
    Look.PLAIN: Setting(16, 1.5),
    Look.SMALL: Setting(11, 2),
}


class Sheets(FPDF):
    """A document. Everything on it is tagged in the order in which it is read, but for what stands
    across and at the foot of each page.
    """

    def __init__(
        self, face: Path, language: str, title: str, across: str, foot: str, made_at: datetime
    ) -> None:
        super().__init__(enforce_compliance=DocumentCompliance.PDFA_2U)
        self._across, self._foot = across, foot
        self.add_font("face", fname=face)
        self.set_lang(language)
        self.set_title(title)
        self.set_creation_date(made_at)
        self.viewer_preferences = ViewerPreferences(display_doc_title=True)
        self.set_margin(MARGIN)
        self.set_auto_page_break(auto=True, margin=MARGIN)
        self.add_page()

    def known(self, text: str) -> str:
        """This text on one line, with a sign in the place of what the face has no letter for, and
        without what is there only to turn letters around.
        """
        letters = self.fonts["face"].cmap  # type: ignore[union-attr]
        line = "".join(each for each in " ".join(text.split()) if each.isprintable())
        held = re.sub(r" (?=[:;?!»])|(?<=\d) (?=\d)", "\N{NO-BREAK SPACE}", line)
        return "".join(each if ord(each) in letters else _UNKNOWN for each in held)

    def print(self, look: Look, text: str) -> None:
        """Print a part below the last one, whole on one page."""
        setting = SETTINGS[look]
        self.set_font("face", size=setting.points)
        height = self._cell(setting.mark + text, dry=True)
        self._fits(setting.before + height + setting.keep)
        self.ln(setting.before)
        with self._marked_sequence() as told:
            told.s = setting.tag
            self._cell(setting.mark + text)

    def code(self, picture: BytesIO, said: str) -> None:
        """Print a code to photograph. ``said``: what is read in its place."""
        self._fits(CODE_WIDTH + 2)
        self.image(picture, x=MARGIN, w=CODE_WIDTH, h=CODE_WIDTH, alt_text=said)

    def header(self) -> None:
        """What stands across each page, below everything else."""
        if not self._across:
            return
        with self._untold(), self.local_context():
            self.set_font("face", size=ACROSS_SIZE)
            self.set_text_color(PALE)
            wide = self.get_string_width(self._across)
            with self.rotation(50, x=self.w / 2, y=self.h / 2):
                self.text(x=(self.w - wide) / 2, y=self.h / 2, text=self._across)

    def footer(self) -> None:
        """Which paper this is, and which of its pages."""
        with self._untold():
            self.set_y(-MARGIN + 4)
            self.set_font("face", size=FOOT_SIZE)
            self.cell(w=0, text=f"{self._foot} – {self.page_no()}/{{nb}}", align=Align.R)

    def _cell(self, text: str, *, dry: bool = False) -> float:
        output = MethodReturnValue.HEIGHT if dry else MethodReturnValue.PAGE_BREAK
        return float(
            self.multi_cell(  # type: ignore[arg-type]
                w=self.epw,
                h=self.font_size * 1.25,
                text=text,
                align=Align.L,
                new_x=XPos.LMARGIN,
                new_y=YPos.NEXT,
                dry_run=dry,
                output=output,
            )
        )

    def _fits(self, height: float) -> None:
        if self.get_y() + height > self.page_break_trigger:
            self.add_page()

    @contextmanager
    def _untold(self) -> Iterator[None]:
        """What is no part of the text."""
        self._out("/Artifact BMC")
        yield
        self._out("EMC")
