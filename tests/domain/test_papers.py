"""Which paper a mandate has, and how a template is filled."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from dispatcher.domain.agents import AgentId
from dispatcher.domain.grants import Duration, End, Grant
from dispatcher.domain.mandates import Mandate, MandateId, Person, Reference
from dispatcher.domain.matters import Topic
from dispatcher.domain.numbers import PhoneNumber
from dispatcher.domain.papers import Kind, Look, Part, Template, kind_of, over_since

AT = datetime(2026, 11, 26, 9, tzinfo=UTC)
DAY = timedelta(days=1)
ROSE = Person(PhoneNumber("+33639980042"), "Rosemonde Canari")
PAPERS = Grant(Topic.PAPERS, "refaire sa carte", Duration.MONTH)
DRAFT = Mandate(
    MandateId("1" * 24), Reference("abcDEF234567"), "orcieres", AgentId(1), AT, (PAPERS,), ROSE
)
HELD = replace(PAPERS, until=AT + 31 * DAY)
GIVEN = replace(DRAFT, consented_at=AT, grants=(HELD,))


def ended(end: End) -> Mandate:
    return replace(GIVEN, grants=(replace(HELD, end=end, ended_at=AT + DAY),))


def test_what_is_filled_in_is_text_whatever_it_looks_like() -> None:
    template = Template(Kind.GIVEN, 1, "# {person}\n* {grant}\n")

    parts = list(template.parts({"person": "! {x}"}, ["# {y}", "~ z"]))

    assert parts == [
        Part(Look.TITLE, "! {x}"),
        Part(Look.GRANT, "# {y}"),
        Part(Look.GRANT, "~ z"),
    ]


@pytest.mark.parametrize(
    ("mandate", "at", "kind", "since"),
    [
        (DRAFT, AT, Kind.DRAFT, None),
        (replace(DRAFT, refused_at=AT), AT, None, None),
        (replace(DRAFT, withdrawn_at=AT), AT, None, None),
        (replace(GIVEN, person=None), AT, None, None),
        (GIVEN, AT, Kind.GIVEN, None),
        (GIVEN, AT + 31 * DAY, Kind.OVER, AT + 31 * DAY),
        (ended(End.REVOKED), AT + DAY, Kind.REVOKED, AT + DAY),
        (ended(End.FINISHED), AT + 2 * DAY, Kind.OVER, AT + DAY),
        (replace(GIVEN, grants=(HELD, *ended(End.REVOKED).grants)), AT + DAY, Kind.GIVEN, None),
    ],
)
def test_each_mandate_has_the_paper_of_how_it_stands(
    mandate: Mandate, at: datetime, kind: Kind | None, since: datetime | None
) -> None:
    assert kind_of(mandate, at) == kind
    if kind is not None:
        assert over_since(mandate, at) == since
