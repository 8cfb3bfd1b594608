"""Whoever runs a house fills its agents' slots: who did it is kept, and the agent is told once."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from dispatcher.domain.agents import AgentId
from dispatcher.domain.alterations import What
from dispatcher.domain.numbers import PhoneNumber
from dispatcher.domain.occurrences import Moved, Pattern, Slot
from dispatcher.domain.recurrences import Rule
from dispatcher.domain.roles import Grant, Role
from dispatcher.domain.slots import Span
from dispatcher.domain.timetables import Absence
from dispatcher.domain.users import Email, UserId
from dispatcher.operations import alterations, directory, person, timetables, users
from dispatcher.store.schema import texts
from dispatcher.store.spool import Spool
from tests.office import vault
from tests.operations.desk import Desk
from tests.operations.swapping import THURSDAY, slots, told, without_email
from tests.people import AGENTS_HEADER, INES, MONA

CARLA = Email("carla@exemple.test")
MORNING = Pattern(Rule(THURSDAY), Span(540, 720))
SUBJECT = "Permanence : votre planning a été changé"


@pytest.fixture
def desk(small_desk: Desk) -> Desk:
    small_desk.services = replace(small_desk.services, sender="+33199000100")
    return small_desk


def carla(desk: Desk) -> UserId:
    """She runs the house at Orcières."""
    users.create(CARLA, Grant(Role.MANAGER, "orcieres"), desk.services)
    with desk.services.store.reading() as tx:
        found = tx.users.of_email(CARLA)
    assert found is not None
    return found.id


def posts(desk: Desk, agent: AgentId, by: UserId | None) -> Slot:
    posted = timetables.post(agent, MORNING, desk.services, by=by)
    assert isinstance(posted, timetables.Posted)
    return posted.slot


def settles(desk: Desk) -> list[tuple[str, str]]:
    """Time passes in which nothing more is changed; who is told what."""
    desk.passes(5 * 60)
    alterations.tell(desk.services)
    return told(desk)


def test_everything_that_somebody_else_changes_is_kept_with_who_it_was(desk: Desk) -> None:
    [ines] = desk.has(replace(INES, slots=""))
    by, away = carla(desk), Absence(THURSDAY, THURSDAY)

    slot = posts(desk, ines, by)
    timetables.edit(ines, slot, replace(MORNING, span=Span(540, 660)), desk.services, by=by)
    [slot] = slots(desk, ines)
    timetables.move(ines, slot, THURSDAY, Moved(THURSDAY, Span(600, 660)), desk.services, by=by)
    [slot] = slots(desk, ines)
    timetables.cancel(ines, slot, desk.services, day=THURSDAY, by=by)
    timetables.absent(ines, away, desk.services, by=by)
    timetables.absent(ines, away, desk.services, by=by)
    timetables.back(ines, away, desk.services, by=by)
    [slot] = slots(desk, ines)
    timetables.cancel(ines, slot, desk.services, by=by)

    found = alterations.of(ines, desk.services)
    assert sorted(each.made.done.what for each in found) == sorted(What), "each once"
    assert {each.by for each in found} == {CARLA}


def test_what_was_refused_or_is_ones_own_is_no_alteration(desk: Desk) -> None:
    [ines] = desk.has(replace(INES, slots=""))
    by, slot = carla(desk), posts(desk, ines, None)
    old = replace(slot, version=9)

    assert timetables.edit(ines, old, MORNING, desk.services, by=by) is timetables.Refused.CONFLICT
    assert timetables.cancel(ines, old, desk.services, by=by) is timetables.Refused.CONFLICT
    assert not timetables.back(ines, Absence(THURSDAY, THURSDAY), desk.services, by=by)

    assert alterations.of(ines, desk.services) == []
    assert settles(desk) == []


def test_the_agent_is_told_once_of_all_that_was_changed_in_a_row(desk: Desk) -> None:
    [ines] = desk.has(replace(INES, slots=""))
    by = carla(desk)
    posts(desk, ines, by)
    desk.passes(4 * 60)
    alterations.tell(desk.services)
    posts(desk, ines, by)
    desk.passes(4 * 60)
    alterations.tell(desk.services)
    early = told(desk)

    first, second = settles(desk), settles(desk)

    assert early == []
    assert first == [(INES.email, SUBJECT)]
    assert second == []
    letter = desk.postbag.letters[-1]
    assert "26/11 9h-12h" in letter.body
    assert "/agent/planning" in letter.body


def test_of_two_clocks_that_both_found_it_one_takes_it(desk: Desk) -> None:
    [ines] = desk.has(replace(INES, slots=""))
    posts(desk, ines, carla(desk))

    with desk.services.store.writing() as tx:
        taken = [tx.alterations.claim(ines, at=desk.at) for _ in range(2)]

    assert taken == [1, 0]
    assert settles(desk) == []


def test_whoever_has_no_email_is_texted_and_never_at_night(desk: Desk) -> None:
    imported = directory.import_agents(
        (AGENTS_HEADER + without_email(replace(MONA, slots=""))).encode(), desk.services
    )
    assert not imported.problems
    mona, desk.at = desk.roster()[0].id, datetime(2026, 11, 24, 21, 0, tzinfo=UTC)
    posts(desk, mona, carla(desk))

    [(number, body)] = settles(desk)

    with desk.services.store.reading() as tx:
        due_at = tx.callbacks._connection.scalar(sa.select(texts.c.due_at))
    assert number == MONA.number
    assert body.startswith("Permanence : votre maison a changé vos plages. Maintenant : 26/11")
    assert due_at == datetime(2026, 11, 25, 7, 0, tzinfo=UTC), "eight in the morning"


def test_who_it_was_is_forgotten_with_their_account_and_all_of_it_with_the_agent(
    desk: Desk, tmp_path: Path
) -> None:
    [mona] = desk.has(replace(MONA, slots=""))
    posts(desk, mona, carla(desk))
    number, spool = PhoneNumber(MONA.number), Spool(tmp_path, vault(), lambda: desk.at)

    assert users.erase(CARLA, desk.services)
    nameless = alterations.of(mona, desk.services)
    held = person.export(number, spool, desk.services).agent
    person.erase(number, spool, desk.services, agent_as="(effacé)")

    assert [each.by for each in nameless] == [None]
    assert held is not None
    assert [each.id for each in held.alterations] == [each.made.id for each in nameless]
    assert alterations.of(mona, desk.services) == []
