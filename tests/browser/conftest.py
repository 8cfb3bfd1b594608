"""A real browser, and a whole demonstration for it to look at."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, Page, Request, sync_playwright

from tests.conftest import NO_CHROMIUM
from tests.processes import alive, eventually

DISPATCHER = Path(sys.executable).with_name("dispatcher")
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET = (
    *("--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
)
HOME = "La page de la permanence : "
A_DESK = "Le poste d'Inès, qui répond : "
TWO_TELEPHONES = "Deux téléphones pour appeler et répondre vous-même : "


@dataclass
class Demonstration:
    """One that runs in a folder of its own."""

    folder: Path
    process: "subprocess.Popen[bytes]"

    @property
    def said(self) -> str:
        return (self.folder / "said").read_text(encoding="utf-8")

    @property
    def page(self) -> str:
        """The address of the two telephones, once it is said."""
        return self._address(TWO_TELEPHONES)

    @property
    def home(self) -> str:
        """The address of the service itself."""
        return self._address(HOME)

    @property
    def desk(self) -> str:
        """What opens an agent's account, once."""
        return self._address(A_DESK)

    def _address(self, after: str) -> str:
        found = [line for line in self.said.splitlines() if line.startswith(after)]
        return found[-1].removeprefix(after).split()[0] if found else ""

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        self.process.wait(60)


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demonstration]:
    """The service and its two telephones, without the narrated minute."""
    folder = tmp_path_factory.mktemp("demonstration")
    with (folder / "said").open("wb") as said:
        command = [str(DISPATCHER), "demo", "--no-calls"]
        process = subprocess.Popen(command, cwd=folder, stdout=said, stderr=said)
    shown = Demonstration(folder, process)
    try:
        assert any(eventually(lambda: shown.page) for _ in range(4)), shown.said
        yield shown
    finally:
        shown.stop()
    assert alive(folder) == []


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium, or a test that is skipped loudly."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    root = ("--no-sandbox",) if os.geteuid() == 0 else ()  # its sandbox refuses root
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=found, args=[*QUIET, *root])
        except Error as none:
            pytest.skip(f"{NO_CHROMIUM}: {none.message.splitlines()[0]}")
        yield browser
        browser.close()


VOICE = """
window.said = [];
window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
window.voices = [
  { lang: "en-GB", localService: true }, { lang: "fr-FR", localService: false, name: "elsewhere" },
  { lang: "fr-CA", localService: true }, { lang: "fr-FR", localService: true, name: "here" },
];
Object.defineProperty(window, "speechSynthesis", { value: {
  getVoices: () => voices,
  speak: (one) => said.push([one.text, one.lang, one.voice.name]),
  cancel: () => said.push("cut"),
} });
window.rings = 0;
const gain = AudioParam.prototype.setValueAtTime;
AudioParam.prototype.setValueAtTime = function (value, at) {
  if (value > 0) rings += 1;
  return gain.call(this, value, at);
};
"""
"""A French voice that writes down what it says, and a count of the bell's rings: this browser is
heard by nobody.
"""


@dataclass
class Seen:
    """A page under a person's hands, and everywhere it asked for something."""

    page: Page
    asked: list[str]
    wrong: list[str]

    def doing(self, telephone: str, what: str) -> None:
        """Wait until a telephone does this."""
        self.page.wait_for_selector(f"#{telephone}[data-doing={what}]")

    def reads(self, selector: str) -> str:
        return self.page.inner_text(selector)

    def focus(self) -> str:
        """What has the focus, by its id, key or name."""
        found: str = self.page.evaluate(
            "(({ id, dataset, className, tagName }) => id || dataset.key || className || tagName)"
            "(document.activeElement)"
        )
        return found

    def tabs_to(self, wanted: str) -> None:
        """Go there with the Tab key alone."""
        for _ in range(60):
            if self.focus() == wanted:
                return
            self.page.keyboard.press("Tab")
        pytest.fail(f"Tab never leads to {wanted}")


@pytest.fixture
def seen(browser: Browser) -> Iterator[Seen]:
    """A tab of its own, at a desk's width; it may ask this machine alone, and nothing may fail."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="fr-FR")
    page = context.new_page()
    page.set_default_timeout(60_000)  # milliseconds
    page.add_init_script(VOICE)
    seen = Seen(page, [], [])

    def note(request: Request) -> None:
        seen.asked.append(request.url)

    page.on("request", note)
    page.on("pageerror", lambda error: seen.wrong.append(str(error)))
    page.on("console", lambda told: seen.wrong.append(told.text) if told.type == "error" else None)
    yield seen
    context.close()
