"""What somebody reads who opens a PDF that a door gave them."""

from dataclasses import dataclass
from io import BytesIO

from pypdf import PdfReader
from werkzeug.test import TestResponse


@dataclass(frozen=True)
class Printed:
    """Its text on one line, its document, and what programs are told of it."""

    text: str
    reader: PdfReader
    told: str


def printed(answer: TestResponse) -> Printed:
    assert answer.status_code == 200
    assert answer.mimetype == "application/pdf"
    reader = PdfReader(BytesIO(answer.get_data()))
    text = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
    metadata = reader.root_object["/Metadata"].get_object().get_data().decode()  # type: ignore[union-attr]
    told = f"{answer.headers}{reader.metadata}{metadata}"
    return Printed(text.replace("\u00a0", " "), reader, told)
