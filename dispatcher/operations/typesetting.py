"""Setting a paper as PDF: large, in one face, tagged, as archives keep it (PDF/A).

The library is loaded when a paper is made: a process that makes none does not carry it.
"""

from __future__ import annotations

import logging
from io import BytesIO
from pathlib import Path
from typing import Final

from dispatcher.domain.papers import Look, Paper

FACE: Final = Path(__file__).parent / "fonts" / "DejaVuSans.ttf"
LANGUAGE: Final = "fr-FR"


def typeset(paper: Paper) -> bytes:
    """The PDF of a paper. It holds of what it is about nothing but its text: no author, no name
    in its title.
    """
    from dispatcher.operations.sheets_of_paper import Sheets

    for library in ("fpdf", "fontTools"):  # they tell logs of the letters that they set
        logging.getLogger(library).setLevel(logging.CRITICAL)
    sheets = Sheets(FACE, LANGUAGE, paper.title, paper.across, paper.foot, paper.made_at)
    for part in paper.parts:
        text = sheets.known(part.text)
        if part.look is Look.CODE:
            sheets.code(_code(paper.address), text)
        elif part.look is not Look.ACROSS and text:
            sheets.print(part.look, text)
    return bytes(sheets.output())


def _code(address: str) -> BytesIO:
    """What a telephone's camera opens an address with."""
    import segno

    picture = BytesIO()
    segno.make(address, micro=False, error="m").save(picture, kind="png", scale=8, border=4)
    picture.seek(0)
    return picture
