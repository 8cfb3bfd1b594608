"""The page of the load: it says what the figures say, to everybody, and nothing of anybody."""

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from dispatcher.domain.agents import Need
from dispatcher.domain.callbacks import Callback, CallbackId
from dispatcher.domain.calls import Call, CallSid, LineId, Outcome, Step, Why
from dispatcher.domain.numbers import PhoneNumber
from dispatcher.domain.texts import Caps, Kind, State, Text, TextId
from dispatcher.operations import agents, load
from dispatcher.operations.overview import Doing
from dispatcher.simulator import answers
from dispatcher.web import app, supervision
from dispatcher.web.supervision import how_long
from tests.office import TUESDAY, Office
from tests.people import GUY, INES, MALO
from tests.web.supervisors import FIGURES, KEY, PAGE, Figures, Supervisor, supervisor
from tests.web.test_home import CSS, Page, contrast
from tests.web.test_privacy import CALLER, FIRST, SECOND, shown_in

WEB = Path(app.__file__).parent
OWN_CSS = (WEB / "static" / "supervision.css").read_text(encoding="utf-8")
SCRIPT = (WEB / "static" / "supervision.js").read_text(encoding="utf-8")
BACK = timedelta(hours=1)


@pytest.fixture
def watcher(office: Office) -> Supervisor:
    somebody = supervisor(office)
    somebody.gives(KEY)
    return somebody


def calls(office: Office, *made: tuple[int, dict[str, object]]) -> None:
    """So many calls of each kind, that began an hour ago."""
    at, number = office.services.now() - BACK, 0
    with office.services.store.writing() as tx:
        for count, changes in made:
            for _ in range(count):
                number += 1
                call = Call(CallSid(f"CA{number:032x}"), LineId("principale"), at)
                assert tx.calls.add(replace(call, **changes))  # type: ignore[arg-type]


def owes(office: Office, number: int, **changes: object) -> None:
    """A callback for the call of this number."""
    at = office.services.now()
    kept = Callback(
        *(CallbackId(f"k{number}"), CallSid(f"CA{number:032x}"), LineId("principale")),
        *(f"+33199{number:06d}", "05096", Need.PROCEDURES, Why.ASKED, at - BACK, at, at),  # type: ignore[arg-type]
    )
    with office.services.store.writing() as tx:
        assert tx.callbacks.keep(replace(kept, **changes))  # type: ignore[arg-type]


def lives_a_morning(office: Office) -> None:
    at = office.services.now()
    gone: dict[str, object] = {"step": Step.ENDED, "ended_at": at - BACK + timedelta(seconds=40)}
    waiting: dict[str, object] = {"step": Step.WAITING, "commune": "05096", "need": Need.PROCEDURES}
    soon: dict[str, object] = {"ended_at": at - BACK + timedelta(seconds=3)}
    calls(
        office,
        (7, gone | {"outcome": Outcome.ANSWERED}),
        (3, gone | {"outcome": Outcome.ABANDONED}),
        (2, gone | soon | {"outcome": Outcome.ABANDONED}),
        (4, gone | {"outcome": Outcome.CALLBACK}),
        (2, waiting | {"waiting_since": at - timedelta(seconds=185)}),
        (1, waiting | {"waiting_since": at - timedelta(seconds=9), "step": Step.OFFERED}),
        (1, waiting | {"waiting_since": at - timedelta(minutes=62), "commune": None}),
    )
    owes(office, 13)
    owes(office, 14, due_at=at + BACK)
    office.has(INES, MALO, replace(GUY, slots="sat 09:00-12:00"))
    agents.refresh(office.services)


def test_the_page_says_what_the_figures_say(office: Office, watcher: Supervisor) -> None:
    lives_a_morning(office)
    meant = load.look(office.services)

    shown = Figures(watcher.opens(FIGURES).get_data(as_text=True))

    said = {
        "waiting": meant.waiting.count,
        "ringing": meant.waiting.ringing,
        "longest": how_long(meant.waiting.since, meant.at),
        "kept": meant.kept.count,
        "due": meant.kept.due,
        "later": meant.kept.later,
        "under-way": meant.kept.under_way,
        "written": meant.kept.written,
        "answered": meant.today.answered,
        "callback": meant.today.callback,
        "abandoned": meant.today.abandoned,
        "at-once": meant.today.abandoned_at_once,
        "texts": meant.texts.waiting,
        "texts-today": meant.texts.today,
        "texts-cap": meant.texts.cap,
        "mails": meant.mails.waiting,
        **{str(doing): count for doing, count in meant.staff.by_doing.items()},
    }
    assert shown.by_id == {name: str(value) for name, value in said.items()}


def test_texts_are_counted_and_those_to_be_verified_are_said(
    office: Office, watcher: Supervisor
) -> None:
    at = office.services.now()
    with office.services.store.writing() as tx:
        for n, state in enumerate([State.WAITING, State.WAITING, State.UNSURE, State.SENT]):
            number, id = PhoneNumber(f"+3363998{n:04d}"), TextId(f"t{n}")
            text = Text(id, Kind.AGENT_PAUSED, number, "", "a1", at, at, at + BACK, state)
            assert tx.texts.add(text, Caps(), today=at - BACK)

    shown = Figures(watcher.opens().get_data(as_text=True)).by_id

    names = ("texts", "texts-unsure", "texts-today", "texts-cap")
    assert [shown[name] for name in names] == ["2", "1", "4", "500"]


def test_a_morning_counted_by_hand_is_read_on_the_page(office: Office, watcher: Supervisor) -> None:
    lives_a_morning(office)

    shown = Figures(watcher.opens().get_data(as_text=True))

    assert shown.rows["places"][1:] == [
        ["Commune inconnue", "1", "1 h 02 min"],
        ["Démarche administrative", "1", "1 h 02 min"],
        ["Hautes-Alpes", "3", "3 min 05 s"],
        ["Démarche administrative", "3", "3 min 05 s"],
    ]
    read = {name: shown.by_id[name] for name in ("waiting", "ringing", "longest", "kept", "due")}
    assert read == {
        "waiting": "4",
        "ringing": "1",
        "longest": "1 h 02 min",
        "kept": "2",
        "due": "1",
    }
    day = [shown.by_id[name] for name in ("answered", "callback", "abandoned", "at-once")]
    assert day == ["7", "4", "3", "2"]
    assert (shown.by_id["free"], shown.by_id["off"]) == ("2", "1")


def test_the_page_holds_the_figures_that_its_script_fetches(
    office: Office, watcher: Supervisor
) -> None:
    lives_a_morning(office)

    page = watcher.opens().get_data(as_text=True)
    fragment = watcher.opens(FIGURES).get_data(as_text=True)

    assert fragment.strip() in page
    assert f'<div id="figures" data-from="{FIGURES}">' in page
    assert "<html" not in fragment


def test_an_empty_desk_shows_noughts_and_a_dash(watcher: Supervisor) -> None:
    shown = Figures(watcher.opens().get_data(as_text=True))

    assert shown.rows["places"][1:] == [["Personne n’attend."]]
    assert (shown.by_id["waiting"], shown.by_id["longest"]) == ("0", "–")
    assert shown.by_id["answered"] == "0"
    assert "texts-unsure" not in shown.by_id


def test_every_figure_has_its_meaning_beside_it(watcher: Supervisor) -> None:
    html = watcher.opens().get_data(as_text=True)

    cards = re.findall(r"<section>.*?</section>", html, re.DOTALL)
    assert len(cards) == html.count('class="figure"') == 9
    assert all('class="meaning"' in card for card in cards)
    rows = Figures(html).rows["agents"][1:]
    assert len(rows) == len(Doing)
    for label, _, meaning in rows:
        assert len(label) > 3, "a sign, and a word"
        assert label[0] in "●▲■▶◆◐✕○"
        assert meaning.endswith(".")
    assert len({label[0] for label, *_ in rows}) == len(rows), "signs tell states apart"


def test_nobodys_name_and_no_number_is_on_the_page(office: Office, watcher: Supervisor) -> None:
    """Of citizens or agents, while they wait, talk, and wait to be rung back."""
    office.has(FIRST, SECOND)
    office.network.phone(FIRST.number).when_rung(answers(talks_for=60))
    seen: list[str] = []

    def look() -> None:
        seen.extend(watcher.opens(path).get_data(as_text=True) for path in (PAGE, FIGURES))

    office.network.every(2, look)

    async def served() -> None:
        call = await office.asks(CALLER)
        await call.talks_with_somebody(within=90)
        await call.ends()

    async def waits() -> None:
        await office.waits(5)
        call = await office.asks(office.other(CALLER))
        await office.waits(30)
        await call.hangs_up()

    office.run(served(), waits(), until=120)

    everything = "".join(seen)
    assert 'id="talking">1<' in everything
    assert shown_in(everything) == []
    figures = re.sub(r"datetime=\S+", "", everything)
    assert not re.search(r"\+?\d{6}|\d\d \d\d \d\d|CA[0-9a-f]{32}", figures)
    assert "exemple.test" not in everything


def test_a_lost_redis_is_said_and_the_figures_stay(office: Office, watcher: Supervisor) -> None:
    lives_a_morning(office)
    office.redis.flushall()

    html = watcher.opens().get_data(as_text=True)

    assert "vient de la base de données seule" in html
    assert Figures(html).by_id["waiting"] == "4"


def test_an_outage_of_the_carrier_is_said(
    office: Office, watcher: Supervisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(load, "outage", lambda _: True)

    assert "Panne probable chez l’opérateur" in watcher.opens().get_data(as_text=True)


@pytest.mark.parametrize("path", [PAGE, FIGURES])
def test_a_database_that_is_away_is_said_and_shows_nothing_of_itself(
    office: Office, watcher: Supervisor, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    def away(_: object) -> None:
        raise sa.exc.OperationalError("SELECT secret", {}, Exception("at host db.example"))

    monkeypatch.setattr(load, "look", away)

    answer = watcher.opens(path)

    html = answer.get_data(as_text=True)
    assert answer.status_code == 503
    assert "Les chiffres ne peuvent pas être lus" in html
    assert "secret" not in html + str(answer.headers)
    assert "db.example" not in html


@pytest.mark.parametrize("given", [False, True])
def test_a_screen_reader_finds_its_way(office: Office, given: bool) -> None:
    somebody = supervisor(office)
    if given:
        somebody.gives(KEY)

    page = Page(somebody.opens().get_data(as_text=True))

    assert page.all("html") == [{"lang": "fr"}]
    assert [len(page.all(tag)) for tag in ("title", "main", "h1")] == [1, 1, 1]
    assert not [attributes for _, attributes in page.found if "style" in attributes]
    assert not [name for _, attributes in page.found for name in attributes if name[:2] == "on"]
    assert len(page.all("table")) == len(page.all("caption")) == (2 if given else 0)
    assert all("scope" in cell for cell in page.all("th"))
    assert all(script.get("src") for script in page.all("script"))
    ids = [attributes["id"] for _, attributes in page.found if "id" in attributes]
    assert len(ids) == len(set(ids))
    if not given:
        assert [label["for"] for label in page.all("label")] == ["key"]
        [field] = page.all("input")
        assert (field["id"], field["type"]) == ("key", "password")


def test_a_wrong_key_is_told_where_the_field_is(office: Office) -> None:
    page = Page(supervisor(office).gives("wrong").get_data(as_text=True))

    [field] = page.all("input")
    [problem] = [each for _, each in page.found if each.get("role") == "alert"]
    assert field["aria-describedby"] == problem["id"]
    assert field["aria-invalid"] == "true"


def test_without_a_script_there_is_a_way_to_newer_figures(watcher: Supervisor) -> None:
    html = watcher.opens().get_data(as_text=True)

    assert re.search(rf'<noscript>.*href="{PAGE}".*</noscript>', html)
    assert '<button type="button" id="pause" aria-pressed="false" hidden>' in html


def test_what_moves_can_be_stopped(watcher: Supervisor) -> None:
    """RGAA 13.8 (WCAG 2.2.2); and nothing is read aloud every two seconds."""
    html = watcher.opens().get_data(as_text=True)

    assert 'id="pause"' in html
    assert "aria-live" not in html
    assert html.count('role="status"') == 1
    assert "paused" in SCRIPT


@pytest.mark.parametrize("file", ["supervision.css", "supervision.js"])
def test_scripts_and_styles_are_files_of_our_own(watcher: Supervisor, file: str) -> None:
    with watcher.opens(f"/static/{file}") as answer:
        assert answer.status_code == 200
        assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
    assert "http" not in OWN_CSS + SCRIPT
    assert not re.search(r"[éèàêç]", SCRIPT), "its French is in the page"


def test_the_page_is_kept_nowhere(watcher: Supervisor) -> None:
    for path in (PAGE, FIGURES):
        assert watcher.opens(path).headers["Cache-Control"] == "no-store"


def test_colours_can_be_told_apart_and_the_focus_is_seen() -> None:
    colours = dict(re.findall(r"--(\w+): #([0-9a-f]{3,6});?", CSS + OWN_CSS))

    for name in ("ink", "dim", "good", "busy", "rest", "bad", "link"):
        assert contrast(colours[name], colours["paper"]) >= 4.5, name
        assert contrast(colours[name], colours["soft"]) >= 4.5, name
    assert "button:focus-visible { outline: 3px solid" in OWN_CSS
    assert "outline: none" not in OWN_CSS
    assert not re.search(r"(?<!solid )\b(?!1px|2px|3px)\d+px\b", OWN_CSS)


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "0 min 00 s"),
        (65.9, "1 min 05 s"),
        (3600, "1 h 00 min"),
        (100_000, "27 h 46 min"),
        (-3, "0 min 00 s"),
    ],
)
def test_a_length_of_time_is_said_in_its_two_largest_units(seconds: float, said: str) -> None:
    assert how_long(TUESDAY - timedelta(seconds=seconds), TUESDAY) == said


def test_every_need_and_state_has_its_word() -> None:
    assert set(supervision.NEEDS) == set(Need)
    assert set(supervision.DOINGS) == set(Doing)
