"""The form of one conversation, as its template is filled: also for a page that includes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from secrets import token_hex
from typing import Final

from config.words import words
from dispatcher.domain.dispositions import Outcome, Writing
from dispatcher.domain.follow_ups import When
from dispatcher.domain.matters import BY_TOPIC, Matter, Topic
from dispatcher.domain.recaps import Asked, Paper, Recap
from dispatcher.domain.schedule import local
from dispatcher.domain.slot_forms import Problem, write_day
from dispatcher.operations.dispositions import Conversation
from dispatcher.web import guards

WORDS: Final = words("dispositions")
TOPICS: Final = {topic: WORDS[topic] for topic in Topic}
OUTCOMES: Final[Mapping[str, str]] = {
    Outcome.SETTLED: WORDS["outcome.settled"],
    Outcome.CONTINUED: WORDS["outcome.continued"],
    Outcome.SENT_ON: WORDS["outcome.sent_on"],
    Outcome.COULD_NOT: WORDS["outcome.could_not"],
    Outcome.NOT_OURS: WORDS["outcome.not_ours"],
}
WHENS: Final[Mapping[str, str]] = {
    When.SOON: WORDS["again.soon"],
    When.TOMORROW: WORDS["again.tomorrow"],
    When.IN_A_WEEK: WORDS["again.in_a_week"],
    When.ON_A_DAY: WORDS["again.on_a_day"],
}
DONE: Final = {
    "note": WORDS["suivi.done.saved"],
    "booked": WORDS["suivi.done.booked"],
    "joined": WORDS["suivi.done.joined"],
    "booked-before": WORDS["suivi.done.booked_before"],
    "not_now": WORDS["suivi.done.not_now"],
    "sent": WORDS["suivi.done.sent"],
    "sent-before": WORDS["suivi.done.sent_before"],
}
"""What a page says was done, by how its address says it."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A form to be shown: of which conversation, what is in its fields, and what is wrong.

    ``version`` is what the form is written over; ``tab`` names this very form.
    """

    found: Conversation
    answers: Mapping[str, str]
    wrong: Mapping[str, str]
    version: int
    news: str = ""
    tab: str = field(default_factory=lambda: token_hex(8))

    @property
    def where(self) -> str:
        """The commune, when one is known."""
        code = self.found.disposition.commune
        commune = guards.parts().services.atlas.commune(code) if code else None
        return commune.name if commune is not None else ""

    @property
    def stands(self) -> list[str]:
        """What is kept, in words: for whoever is about to write over it."""
        writing = self.found.disposition.writing
        matter = WORDS[writing.matter] if writing.matter is not None else ""
        outcome = OUTCOMES[writing.outcome] if writing.outcome is not None else ""
        return [each for each in (matter, outcome, writing.service, writing.note) if each]

    @property
    def clock(self) -> str:
        """When the conversation began, on the line's clock."""
        offer = self.found.offer
        began = local(offer.accepted_at or offer.opened_at, self.found.zone)
        return f"{began:%d/%m à %H h %M}"

    @property
    def topics(self) -> list[tuple[str, list[tuple[Matter, str]]]]:
        """Every matter, under its topic."""
        return [
            (TOPICS[topic], [(each, WORDS[each]) for each in matters])
            for topic, matters in BY_TOPIC.items()
        ]

    @property
    def choices(self) -> Mapping[str, Mapping[str, str]]:
        """What may be chosen, by the field."""
        return {
            "outcome": OUTCOMES,
            "when": WHENS,
            "recap": {each: WORDS[each] for each in Recap},
            "papers": {each: WORDS[each] for each in Paper},
        }


def sheet(found: Conversation, *, news: str = "") -> Sheet:
    """The form as what was written stands."""
    return Sheet(found, answers(found.disposition.writing), {}, found.disposition.version, news)


def wrong(found: Conversation, form: Mapping[str, str], problems: tuple[Problem, ...]) -> Sheet:
    """The form as it was sent, with what is to be mended; over what stands now."""
    said: dict[str, str] = {}
    for each in problems:  # the first of each field, in the order of the page
        said.setdefault(each.field, WORDS[each.key])
    return Sheet(found, form, said, found.disposition.version)


def answers(writing: Writing) -> dict[str, str]:
    """What stands in the fields."""
    return {
        "matter": writing.matter or "",
        "outcome": writing.outcome or "",
        "service": writing.service,
        "note": writing.note,
    }


def filled(asked: Asked, writing: Writing) -> dict[str, str]:
    """What a recap's template is filled with."""
    return {
        "subject": WORDS[writing.matter] if writing.matter is not None else "",
        "papers": ", ".join(WORDS[each] for each in asked.papers),
        "place": asked.place,
        "date": write_day(asked.day) if asked.day is not None else "",
    }
