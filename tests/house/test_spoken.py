"""Every sentence that code says is in the catalogue, filled whole; and none lies there unsaid."""

import ast
import re
from collections.abc import Iterator
from string import Formatter

import pytest

from config.words import words
from dispatcher.domain.agent_texts import MOST
from dispatcher.domain.agents import Need
from dispatcher.domain.calls import Outcome, Why
from dispatcher.domain.grants import PROCEDURES
from dispatcher.domain.gsm import segments, spelt
from dispatcher.domain.links import Links
from dispatcher.domain.mails import Kind as MailKind
from dispatcher.domain.mandates import MOST_GRANTS
from dispatcher.domain.regulars import Purpose
from dispatcher.domain.texts import SEGMENTS, Kind
from dispatcher.operations.alerts import PARTS, REMEDIES
from tests.house.sources import modules, named, syntax

SPOKEN = words("spoken")
UNSAID = {Why.MISSED, Why.CUT_OFF, Why.FORM, Why.TEXT, Why.PARTNER, Why.REGULAR, Why.FOLLOW_UP}
"""Nobody is on the telephone when a callback is kept for one of these."""
FAMILIES = {
    "ask.postal_code.": [f"ask.postal_code.{number}" for number in (1, 2, 3)],
    "ask.need.": [f"ask.need.{number}" for number in (1, 2, 3)],
    "ask.commune.": ["ask.commune.several", "ask.commune.unknown_code"],
    "keep.": [f"keep.{why}" for why in Why if why not in UNSAID],
    "end.": [f"end.{outcome}" for outcome in Outcome if outcome is not Outcome.REJECTED],
    "wait.place.": [f"wait.place.{ahead}" for ahead in (0, 1, 2)],
    "wait.papers.": [f"wait.papers.{need}" for need in Need],
    "screen.": [
        f"screen.{kind}.{place}"
        for kind in ("caller", "callback")
        for place in ("known", "unknown")
    ],
    "need.": [f"need.{need}" for need in Need],
    "waited.": [
        f"waited.{kind}.{span}"
        for kind in ("caller", "callback")
        for span in ("now", "minute", "minutes", "hours")
    ],
    "purpose.": [f"purpose.{purpose}" for purpose in Purpose],
    "mandate.": [f"mandate.{procedure}" for procedure in PROCEDURES],
    "transfer.wait.": ["transfer.wait.held", "transfer.wait.consulting"],
    "weekday.": [f"weekday.{day}" for day in range(7)],
    "agent.which.": [f"agent.which.{nth}" for nth in range(1, 6)],
    "month.": [f"month.{month}" for month in range(1, 13)],
}
STARS = (
    *("ask.postal_code.", "ask.commune.unsure", "ask.need.", "agent.pin", "agent.wrong_pin"),
    *("agent.pause", "agent.when", "agent.menu.person", "agent.stand_in.choose"),
    *(
        "keep.number",
        "keep.confirm",
        "keep.end",
        "ask.same_place",
        "ask.case.first",
        "wait.callback",
        "wait.papers",
    ),
    *("fallback.known", "fallback.unknown", "fallback.again"),
)


def _saying() -> Iterator[tuple[str, ast.Call]]:
    """Every place where something is said, and the file it is in."""
    for path in modules("dispatcher"):
        for node in ast.walk(syntax(path)):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "Say" and node.args:
                yield named(path), node


def _said() -> set[str]:
    """Every key given to Say, families of computed ones expanded."""
    return {key for _, say in _saying() for key in _keys(say.args[0])}


def _keys(key: ast.expr) -> list[str]:
    if isinstance(key, ast.IfExp):
        return _keys(key.body) + _keys(key.orelse)
    if isinstance(key, ast.JoinedStr):
        start = key.values[0]
        assert isinstance(start, ast.Constant)
        return FAMILIES[str(start.value)]
    return [str(key.value)] if isinstance(key, ast.Constant) else []


def test_everything_said_is_in_the_catalogue_and_everything_in_it_is_said() -> None:
    assert _said() == set(SPOKEN)


def test_every_sentence_is_given_what_it_is_filled_with() -> None:
    for where, say in _saying():
        values = say.args[1] if len(say.args) > 1 else ast.Dict([], [])
        assert isinstance(values, ast.Dict), f"{where}:{say.lineno}: not written out"
        given = {name.value for name in values.keys if isinstance(name, ast.Constant)}
        for key in _keys(say.args[0]):
            asked = {name for _, name, _, _ in Formatter().parse(SPOKEN[key]) if name}
            assert asked <= given, f"{where}:{say.lineno}: {key}"


@pytest.mark.parametrize("key", SPOKEN)
def test_a_sentence_is_plain(key: str) -> None:
    for sentence in re.split(r"[.?!:] ", SPOKEN[key]):
        assert len(sentence.split()) <= 22, sentence
    assert not re.search(r"[<>&]", SPOKEN[key])


@pytest.mark.parametrize("key", [key for key in SPOKEN if key.startswith(STARS)])
def test_every_question_says_how_to_hear_it_again(key: str) -> None:
    assert "étoile" in SPOKEN[key]


CHOICE = re.compile(r"[^.!?]*\btapez [0-9{][^.!?,:]*")


def test_a_choice_is_short_enough_to_be_kept_in_mind() -> None:
    """What it is for comes first, the key last; one breath each."""
    choices = [
        choice.strip()
        for key in SPOKEN
        for part in re.split(r"[.!?;] |, (?=ou |[0-9])", SPOKEN[key])
        for choice in CHOICE.findall(part)
    ]

    assert len(choices) > 10
    for choice in choices:
        assert len(choice.split()) <= 12, choice


def test_no_sentence_sends_anybody_away() -> None:
    assert not [key for key in SPOKEN if re.search(r"rappele[rz] (plus|ult)", SPOKEN[key])]


def test_everything_mailed_is_in_the_catalogue_and_everything_in_it_is_mailed() -> None:
    needs = {f"need.{need}" for need in Need}
    wheres = {f"where.{where}" for where in ("page", "command", "unknown", "place")}
    letters = {f"{kind}.{part}" for kind in MailKind for part in PARTS}
    duties = {f"duty.{said}" for said in ("rung", "comes_on", "press", "confirmed")}

    others = set(REMEDIES.values()) | needs | wheres | duties | {"planning.none"}
    assert set(words("mails")) == letters | others
    assert set(REMEDIES) == {kind for kind in MailKind if kind.startswith("alert.")}


LINKS = Links([b"k"], "https://permanence-telephonique.departement-05.example")
LONGEST = {
    "answer": "a" * 400,  # longer ones are cut by their count of segments: web/inquiries.py
    "subject": "s" * 60,  # every matter is shorter: tests/domain/test_disposition_forms.py
    "papers": "p" * 120,
    "place": "l" * 60,
    "scope": ", ".join(["s" * 140] * MOST_GRANTS),  # web/mandate_sheets.py
    "structure": "s" * 60,
    "word": "7K3F",
    "date": "24/11/2026",
    "number": "+594 694 12 34 56",
    "shown": "+594 694 12 34 56",
    "hour": "13h30",
    "code": "42 17 53",
    "slot": "24/11 13h30-18h30",
    "slots": ", ".join(["24/11 13h30-18h30"] * MOST) + " +12",
    "link": LINKS.to_stand_in("f" * 24),
}
"""The longest that a text is filled with."""
_DUTY = LINKS.to_duty("f" * 24)
OTHER_LINKS = {key: {"link": _DUTY} for key in ("agent.tomorrow_asked", "agent.soon_asked")}
"""Texts whose link is a shorter one."""


def test_every_text_says_how_many_segments_it_may_cost() -> None:
    assert set(SEGMENTS) == set(words("texts"))
    assert set(Kind) <= set(SEGMENTS)


@pytest.mark.parametrize("key", words("texts"))
def test_a_text_fits_its_segments_of_the_gsm_alphabet(key: str) -> None:
    text = words("texts")[key].format_map(LONGEST | OTHER_LINKS.get(key, {}))

    assert spelt(text) == text, "written as it will be read"
    assert segments(text) <= SEGMENTS[key]
    assert "{number}" in words("texts")[key], "whom to ring stands in every text"
