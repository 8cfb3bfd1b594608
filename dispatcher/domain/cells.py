"""What one cell of the directory's files may hold: a text becomes a value, or BadCell is raised."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from enum import StrEnum

from dispatcher.domain.agents import Need
from dispatcher.domain.numbers import BadNumber, PhoneNumber, Reason, parse, refusal
from dispatcher.domain.schedule import BadSlots, WeeklySlots
from dispatcher.domain.territories import Atlas
from dispatcher.domain.zones import BadZones, Zones


class Status(StrEnum):
    """In what capacity somebody answers; only employees may hold mandates."""

    EMPLOYED = "employed"
    VOLUNTEER = "volunteer"
    CIVIC_SERVICE = "civic_service"
    ELECTED = "elected"
    TRAINEE = "trainee"


class BadCell(ValueError):
    """A cell that cannot stand; ``code`` is its key in catalogue ``directory``."""

    def __init__(self, code: str, value: str = "", expected: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.value = value
        self.expected = expected


SKILLS = (Need.PROCEDURES, Need.MEDIATION)
NAME_LENGTH, ID_LENGTH, EMAIL_LENGTH, LIST_LENGTH = 200, 64, 254, 10_000
_FORMULA = ("=", "+", "-", "@")
_EMAIL = re.compile(r"\w[\w.+'/-]*@[\w-]+(\.[\w-]+)+")
_YES_NO = {"yes": True, "oui": True, "no": False, "non": False, "": False}
_SHOWABLE_NUMBERS = {None, Reason.TOLL_FREE, Reason.SPECIAL}


def text(cell: str, *, longest: int = NAME_LENGTH) -> str:
    """A name: on one line, composed (NFC), never empty, and no spreadsheet's formula."""
    read = unicodedata.normalize("NFC", " ".join(cell.split()))
    if not read:
        raise BadCell("cell.empty")
    if len(read) > longest:
        raise BadCell("cell.too_long", read, str(longest))
    if not read.isprintable():
        raise BadCell("cell.unprintable", read)
    if read.startswith(_FORMULA):
        raise BadCell("cell.formula", read)
    return read


def identifier(cell: str) -> str:
    """A structure's id."""
    return text(cell, longest=ID_LENGTH)


def known_structure(cell: str, structures: Collection[str]) -> str:
    """The id of a structure that exists."""
    read = identifier(cell)
    if read not in structures:
        raise BadCell("structure.unknown", read)
    return read


def email(cell: str) -> str | None:
    """An address in small letters; None when empty."""
    if not cell:
        return None
    read = text(cell.lower(), longest=EMAIL_LENGTH)
    if not _EMAIL.fullmatch(read):
        raise BadCell("email.invalid", read)
    return read


def telephone(cell: str, *, fiction: bool = False) -> PhoneNumber | None:
    """A number that we may ring; None when empty."""
    number = _number(cell)
    if number and (reason := refusal(number, fiction=fiction)) is not None:
        raise BadCell(f"telephone.{reason}", cell)
    return number


def house_telephone(cell: str, *, fiction: bool = False) -> PhoneNumber | None:
    """A number that a house may show: those we may ring, and 0800 to 0809; None when empty."""
    number = _number(cell)
    if number and (reason := refusal(number, fiction=fiction)) not in _SHOWABLE_NUMBERS:
        raise BadCell(f"telephone.{reason}", cell)
    return number


def pin(cell: str) -> str | None:
    """Four to eight digits; None when empty. A wrong one is not repeated in its error."""
    if not cell:
        return None
    if not re.fullmatch(r"[0-9]{4,8}", cell):
        raise BadCell("pin.invalid")
    return cell


def commune(cell: str, atlas: Atlas) -> str:
    """The present code of the commune that this code, old or present, stands for."""
    found = atlas.commune(cell.upper())
    if found is None:
        raise BadCell("commune.unknown" if cell else "cell.empty", cell)
    return found.code


def zones(cell: str, atlas: Atlas) -> Zones:
    """Zones that exist, under present codes; none when empty."""
    try:
        read = Zones.parse(_list(cell))
    except BadZones as wrong:
        raise BadCell(f"zones.{wrong.code}", wrong.text) from None
    if unknown := read.unknown(atlas):
        raise BadCell("zones.unknown", str(unknown[0]))
    read = read.present(atlas)
    if contradiction := sorted(read.inside & read.excluded):
        raise BadCell("zones.contradiction", str(contradiction[0]))
    return read


def skills(cell: str) -> dict[Need, int]:
    """Needs with their level, 1 or 2: ``procedures:2 mediation:1``; at least one."""
    read: dict[Need, int] = {}
    for word in _list(cell).lower().replace(",", " ").split():
        name, _, level = word.partition(":")
        if name not in SKILLS:
            raise BadCell("skills.unknown", name, " ".join(SKILLS))
        if level not in {"1", "2"}:
            raise BadCell("skills.level", word, f"{name}:1")
        if Need(name) in read:
            raise BadCell("skills.repeated", name)
        read[Need(name)] = int(level)
    if not read:
        raise BadCell("cell.empty")
    return read


def status(cell: str) -> Status:
    """One of the statuses."""
    if cell.lower() not in set(Status):
        raise BadCell("status.unknown" if cell else "cell.empty", cell, ", ".join(Status))
    return Status(cell.lower())


def languages(cell: str) -> tuple[str, ...]:
    """Language codes in the order given, ``fr lsf``; French when empty."""
    words = _list(cell).lower().replace(",", " ").split()
    if wrong := [word for word in words if not re.fullmatch(r"[a-z]{2,3}", word)]:
        raise BadCell("languages.invalid", wrong[0])
    return tuple(dict.fromkeys(words)) or ("fr",)


def slots(cell: str) -> WeeklySlots:
    """The hours of a week; none when empty."""
    try:
        return WeeklySlots.parse(cell)
    except BadSlots as wrong:
        raise BadCell(f"slots.{wrong.code}", wrong.text) from None


def yes_no(cell: str) -> bool:
    """``yes`` or ``no``, ``oui`` or ``non``; no when empty."""
    if cell.lower() not in _YES_NO:
        raise BadCell("yes_no.unknown", cell)
    return _YES_NO[cell.lower()]


def is_yes(cell: str) -> bool:
    """Whether a cell says yes; whatever is neither does not."""
    return _YES_NO.get(cell.lower(), False)


def _number(cell: str) -> PhoneNumber | None:
    try:
        return parse(cell) if cell else None
    except BadNumber as wrong:
        raise BadCell(f"telephone.{wrong.code}", cell) from None


def _list(cell: str) -> str:
    if len(cell) > LIST_LENGTH:
        raise BadCell("cell.too_long", cell, str(LIST_LENGTH))
    return cell
