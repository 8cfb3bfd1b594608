"""Nothing that is in a file breaks its reading, and whatever is wrong can be said."""

import re
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from config.words import words
from dispatcher.domain.directory import AGENTS, Problem, read_agents, read_structures
from dispatcher.domain.numbers import Reason
from tests.domain.places import ATLAS
from tests.domain.spreadsheets import AGENT_HEADER, INES, agent, agents

ROOT = Path(__file__).parents[2]

lines = st.lists(
    st.text(max_size=30) | st.sampled_from([INES, '"', ";;;", "\x00", "\ufeff", agent()]),
    max_size=5,
)


@given(st.text(), lines, st.sampled_from([AGENT_HEADER, AGENT_HEADER.replace(",", ";"), ""]))
def test_no_text_breaks_the_reading_of_agents(text: str, rows: list[str], header: str) -> None:
    for source in (text, "\n".join([header, *rows])):
        parsed = read_agents(source, ATLAS, {"gap"})
        for problem in parsed.problems:
            assert sentence(problem)
            assert 1 <= problem.line <= len(source.splitlines()) + 1


cell = st.text(max_size=20) | st.sampled_from(
    ["mon 09:00-12:00", "commune:05061", "04657100", "2:1"]
)


@given(st.dictionaries(st.sampled_from(AGENTS.columns), cell))
def test_no_cell_breaks_the_reading_of_an_agent(cells: dict[str, str]) -> None:
    parsed = agents(agent(**{name: text.replace('"', "") for name, text in cells.items()}))

    assert len(parsed.rows) <= 1
    assert parsed.rows or parsed.problems
    assert all(sentence(problem) for problem in parsed.problems)


@given(st.binary() | st.text().map(lambda text: text.encode("utf-8", "replace")))
def test_no_bytes_break_the_reading_of_structures(source: bytes) -> None:
    parsed = read_structures(source, ATLAS)

    assert all(sentence(problem) for problem in parsed.problems)


def sentence(problem: Problem) -> str:
    text = words("directory")[problem.code]
    return text.format(value=problem.value, expected=problem.expected)


def codes() -> set[str]:
    """Every key of the words that the domain's sources name, or make of another's code."""
    found = {f"telephone.{reason}" for reason in Reason}
    for name in ("cells", "sheets", "readings", "directory", "identities", "regular_rows"):
        found |= set(re.findall(r'"([a-z]\w+\.[a-z]\w+)"', source(name)))
    for name in ("slots", "zones"):
        raised = re.findall(r'raise Bad(?:Slots|Zones)\("(\w+)"', source(name))
        found |= {f"{name}.{code}" for code in raised}
    return found


def source(module: str) -> str:
    return (ROOT / "dispatcher" / "domain" / f"{module}.py").read_text(encoding="utf-8")


def test_every_problem_has_its_words_and_every_words_their_problem() -> None:
    assert set(words("directory")) == codes()
