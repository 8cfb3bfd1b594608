"""The front page, for whoever looks the number up."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

from dispatcher.domain.schedule import OpeningHours, WeeklySlots
from dispatcher.web import app
from tests.office import Office, line, open_office

SUNDAYS = OpeningHours(WeeklySlots.parse("sun 10:00-11:00"), "Europe/Paris")
CSS = (Path(app.__file__).parent / "static" / "permanence.css").read_text(encoding="utf-8")


class Page(HTMLParser):
    """The elements of a page in their order, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.found if name == tag]


@pytest.fixture
def two_lines(
    sqlite_url: str, redis_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Office]:
    lines = (line(), line(id="b", hours=SUNDAYS))
    with open_office(sqlite_url, redis_url, tmp_path, monkeypatch, lines=lines) as office:
        yield office


@pytest.fixture
def page(two_lines: Office) -> Page:
    return Page(two_lines.app.test_client().get("/").get_data(as_text=True))


def test_every_line_has_its_number_to_ring_and_says_whether_it_is_open(page: Page) -> None:
    *links, privacy = [link["href"] for link in page.all("a")]
    assert privacy == "/confidentialite"
    assert links == ["tel:+33199000100", "/rappel", "tel:+33199000100", "/rappel?ligne=b"]
    assert page.text.count("01 99 00 01 00") == 2
    assert page.text.count("ouverte maintenant") == 1
    assert page.text.count("fermée pour le moment") == 1
    assert "112" in page.text


def test_a_screen_reader_finds_its_way(page: Page) -> None:
    assert page.all("html") == [{"lang": "fr"}]
    assert "<title>" not in page.text
    assert [len(page.all(tag)) for tag in ("title", "main", "h1")] == [1, 1, 1]
    assert not [attributes for _, attributes in page.found if "style" in attributes]


def test_the_page_may_be_enlarged_and_fits_a_narrow_screen(page: Page) -> None:
    [viewport] = [meta for meta in page.all("meta") if meta.get("name") == "viewport"]

    assert viewport["content"] == "width=device-width, initial-scale=1"
    assert not re.search(r"\b\d+px\b", re.sub(r"outline[^;]*;", "", CSS))


def test_colours_can_be_told_apart_and_the_focus_is_seen() -> None:
    """At least 4.5 to 1 for text, as RGAA 3.2 asks (WCAG 1.4.3)."""
    colours = dict(re.findall(r"--(\w+): #([0-9a-f]{3,6});?", CSS))

    for name in ("ink", "link"):
        assert contrast(colours[name], colours["paper"]) >= 4.5, name
    assert "a:focus-visible { outline: 3px solid var(--link)" in CSS
    assert "outline: none" not in CSS


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    full = colour if len(colour) == 6 else "".join(sign * 2 for sign in colour)
    channels = [int(full[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("path", ["/", "/healthz", "/readyz", "/static/permanence.css", "/nothing"])
def test_every_answer_carries_the_headers_that_protect_it(two_lines: Office, path: str) -> None:
    with two_lines.app.test_client().get(path) as answer:
        headers = answer.headers

    policy = headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    for part in ("base-uri 'none'", "object-src 'none'", "frame-ancestors 'none'"):
        assert part in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Strict-Transport-Security"] == "max-age=31536000"
    assert "Set-Cookie" not in headers
    if not path.startswith("/static"):
        assert headers["Cache-Control"] == "no-store"


def test_the_page_stands_while_everything_else_is_away(two_lines: Office) -> None:
    two_lines.services.store.engine.dispose()
    two_lines.redis.flushall()

    assert two_lines.app.test_client().get("/").status_code == 200
    assert two_lines.app.test_client().head("/").status_code == 200
    assert two_lines.app.test_client().post("/").status_code == 405
