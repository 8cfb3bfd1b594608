"""How mandates are said on pages: what for, until when, and how they stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from config.words import words
from dispatcher.domain.consents import Channel, Identity
from dispatcher.domain.grants import CLOCK, PROCEDURES, Duration, End, Grant
from dispatcher.domain.holders import Refusal
from dispatcher.domain.mandates import Mandate, State
from dispatcher.domain.matters import Topic
from dispatcher.domain.schedule import local

WORDS: Final = words("mandates")
_TOPICS: Final = words("dispositions")
SUBJECTS: Final[Mapping[Topic, str]] = {each: _TOPICS[each] for each in PROCEDURES}
DURATIONS: Final[Mapping[Duration, str]] = {
    Duration.DAY: WORDS["duration.1"],
    Duration.MONTH: WORDS["duration.31"],
    Duration.HALF_YEAR: WORDS["duration.182"],
    Duration.YEAR: WORDS["duration.365"],
    Duration.PROCEDURE: WORDS["duration.procedure"],
}
CHANNELS: Final[Mapping[Channel, str]] = {
    Channel.VOICE: WORDS["channel.voice"],
    Channel.CODE: WORDS["channel.code"],
    Channel.LINK: WORDS["channel.link"],
    Channel.REPLY: WORDS["channel.reply"],
    Channel.PAPER: WORDS["channel.paper"],
    Channel.WORD: WORDS["channel.word"],
}
IDENTITIES: Final[Mapping[Identity, str]] = {each: WORDS[each] for each in Identity}
STATES: Final[Mapping[State, str]] = {
    State.DRAFT: WORDS["state.draft"],
    State.RECAPPED: WORDS["state.recapped"],
    State.ASKED: WORDS["state.asked"],
    State.UNCLEAR: WORDS["state.unclear"],
    State.UNANSWERED: WORDS["state.unanswered"],
    State.REFUSED: WORDS["state.refused"],
    State.WITHDRAWN: WORDS["state.withdrawn"],
    State.ACTIVE: WORDS["state.active"],
    State.PARTLY_REVOKED: WORDS["state.partly_revoked"],
    State.REVOKED: WORDS["state.revoked"],
    State.EXPIRED: WORDS["state.expired"],
    State.RENOUNCED: WORDS["state.renounced"],
    State.FINISHED: WORDS["state.finished"],
    State.REPLACED: WORDS["state.replaced"],
    State.LAPSED: WORDS["state.lapsed"],
}
ENDS: Final[Mapping[End, str]] = {
    End.REVOKED: WORDS["ended.revoked"],
    End.REPLACED: WORDS["ended.replaced"],
    End.FINISHED: WORDS["ended.finished"],
    End.RENOUNCED: WORDS["ended.renounced"],
    End.LAPSED: WORDS["ended.lapsed"],
}
CHOICES: Final = tuple((key, said) for key, said in CHANNELS.items() if key is not Channel.VOICE)
"""How somebody may be asked who is not on the telephone now."""
REFUSALS: Final[Mapping[Refusal, str]] = {each: WORDS[each] for each in Refusal}
DONE: Final = {
    "prepared": WORDS["done.prepared"],
    "asked": WORDS["done.asked"],
    "asked_aloud": WORDS["done.asked_aloud"],
    "sent_again": WORDS["done.sent_again"],
    "given": WORDS["done.given"],
    "wrong_code": WORDS["done.wrong_code"],
    "refused": WORDS["done.refused"],
    "used": WORDS["done.used"],
    "ended": WORDS["done.ended"],
    "withdrawn": WORDS["done.withdrawn"],
}
"""What a page says was done, by how its address says it."""


def scope(grants: Sequence[Grant]) -> str:
    """What a mandate is for, in one sentence: each procedure, what exactly, for how long."""
    return ", ".join(
        f"{SUBJECTS[each.procedure]} ({each.precision}), {_short(each.duration)}" for each in grants
    )


def aloud(grants: Sequence[Grant]) -> str:
    """Likewise as it is said on the telephone: short sentences."""
    said = WORDS["aloud.procedure"]
    return " ".join(
        said.format(
            subject=SUBJECTS[each.procedure],
            precision=each.precision.rstrip(" ."),
            duration=_short(each.duration),
        )
        for each in grants
    )


def last_day(grant: Grant) -> str:
    """The last day on which it holds: ``25/12/2026``; for how long, before the consent."""
    if grant.until is None:
        return DURATIONS[grant.duration]
    return day_before(grant.until)


def day_before(midnight: datetime) -> str:
    """The day that this midnight ends, which clocks there show as the next one already."""
    return f"{local(midnight - timedelta(seconds=1), CLOCK):%d/%m/%Y}"


def day_of(at: datetime) -> str:
    """The day of a moment."""
    return f"{local(at, CLOCK):%d/%m/%Y}"


def rows(mandate: Mandate) -> list[dict[str, str]]:
    """Its grants, as they are shown."""
    return [
        {
            "procedure": each.procedure,
            "subject": SUBJECTS[each.procedure],
            "precision": each.precision,
            "until": last_day(each),
            "end": "" if each.end is None else ENDS[each.end],
        }
        for each in mandate.grants
    ]


def held(mandate: Mandate) -> list[tuple[str, str]]:
    """The procedures of which none ended, to choose from."""
    return [(each.procedure, SUBJECTS[each.procedure]) for each in mandate.grants if not each.end]


def _short(duration: Duration) -> str:
    return DURATIONS[duration].partition(" (")[0]
