"""Reading the attributes of one verb: a bad value is its default and a warning, as at Twilio."""

from __future__ import annotations

from typing import TypeVar
from xml.etree.ElementTree import Element

_T = TypeVar("_T")


class Attributes:
    """The attributes of one element, read by name; what nobody asked for is unknown."""

    def __init__(self, element: Element, warnings: list[str]) -> None:
        self._element = element
        self._warnings = warnings
        self._read: set[str] = set()

    def text(self, name: str, default: str = "") -> str:
        """Give the value as it stands."""
        self._read.add(name)
        return self._element.get(name, default)

    def has(self, name: str) -> bool:
        """Say whether the attribute is there, be it empty."""
        return self._element.get(name) is not None

    def ignore(self, *names: str) -> None:
        """Accept documented attributes that change nothing on this network."""
        self._read.update(names)

    def whole(self, name: str, default: int, *, most: int = 100_000) -> int:
        """Give a whole number from 0 to ``most``."""
        value = self.text(name, str(default))
        if value.isdecimal() and int(value) <= most:
            return int(value)
        return self.refuse(name, default)

    def flag(self, name: str, *, default: bool = False) -> bool:
        """Give a truth."""
        value = self.text(name, "true" if default else "false")
        if value in {"true", "false"}:
            return value == "true"
        return self.refuse(name, default)

    def one_of(self, name: str, values: tuple[str, ...]) -> str:
        """Give one of these values, the first unless set."""
        value = self.text(name, values[0])
        return value if value in values else self.refuse(name, values[0])

    def method(self, name: str) -> str:
        """Give an HTTP method; POST unless set."""
        return self.one_of(name, ("POST", "GET"))

    def refuse(self, name: str, default: _T) -> _T:
        """Give the value used in place of a bad one, and warn of it."""
        value = self._element.get(name)
        self.warn(f"{name}={value!r}", f"{default!r} is used")
        return default

    def warn(self, what: str, why: str) -> None:
        """Warn of something about this element."""
        self._warnings.append(f"<{self._element.tag} {what}>: {why}")

    def warn_of_unknown(self) -> None:
        """Warn of every attribute that was neither read nor ignored."""
        for name in self._element.keys():  # noqa: SIM118 an element is no mapping
            if name not in self._read:
                self.warn(name, "not known")
