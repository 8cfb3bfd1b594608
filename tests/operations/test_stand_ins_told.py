"""Stand-ins by key and by text, at night, and what is kept of them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from dispatcher.domain.agents import AgentId
from dispatcher.domain.calls import Step
from dispatcher.domain.mails import Address
from dispatcher.domain.numbers import PhoneNumber
from dispatcher.domain.retention import Data
from dispatcher.domain.stand_ins import StandIn, State
from dispatcher.domain.texts import TextId
from dispatcher.operations import agent_texts, directory, person, retention, swaps
from dispatcher.operations.timetables import look
from dispatcher.store.spool import Spool
from tests.office import vault
from tests.operations.desk import Desk
from tests.operations.swapping import (
    ASKER,
    CHEF,
    FREE,
    NEAR,
    THURSDAY,
    asks,
    days,
    every,
    stands,
    told,
    without_email,
)
from tests.operations.test_agent_menu import CALL, hangs_up, in_the_menu, keys, rings
from tests.operations.test_coverage import heard
from tests.people import AGENTS_HEADER, INES, MONA

MOBILE = PhoneNumber(MONA.number)


@pytest.fixture
def desk(small_desk: Desk) -> Desk:
    watch = replace(small_desk.services.watch, to=[Address(CHEF)])
    small_desk.services = replace(small_desk.services, watch=watch, sender="+33199000100")
    return small_desk


def by_text_alone(desk: Desk) -> tuple[AgentId, AgentId]:
    """Ines asks; Mona has a mobile and no e-mail."""
    rows = "\n".join([ASKER.row, without_email(NEAR)])
    imported = directory.import_agents((AGENTS_HEADER + rows).encode(), desk.services)
    assert not imported.problems, imported.problems
    by_name = {agent.name: agent.id for agent in desk.roster()}
    return by_name["Ines"], by_name["Mona"]


def says(desk: Desk, text: str) -> str | None:
    said = agent_texts.heed(MOBILE, text, desk.services)
    return None if said is None else said[0]


def test_by_text_oui_takes_what_they_were_texted_of_and_twice_is_once(desk: Desk) -> None:
    ines, mona = by_text_alone(desk)
    assert says(desk, "oui") is None
    wanted = asks(desk, ines)
    [(to, body)] = told(desk)
    assert (to, "26/11 9h-12h. Pour le remplacer, répondez OUI" in body) == (MONA.number, True)

    first, second = says(desk, "Oui merci"), says(desk, "OUI")

    assert (first, second) == ("sms.stand_in_yours", "sms.stand_in_yours")
    assert stands(desk, wanted) == (State.TAKEN, mona)
    assert days(desk, mona) == [THURSDAY]


def test_oui_from_somebody_who_was_not_asked_is_no_word_of_theirs(desk: Desk) -> None:
    ines, _ = by_text_alone(desk)
    asks(desk, ines)

    assert agent_texts.heed(PhoneNumber(INES.number), "oui", desk.services) is None
    assert says(desk, "oui je veux bien") is None


def test_oui_after_somebody_else_took_it_is_thanked_for(desk: Desk) -> None:
    ines, _ = by_text_alone(desk)
    wanted = asks(desk, ines)
    imported = directory.import_agents((AGENTS_HEADER + FREE.row).encode(), desk.services)
    assert not imported.problems
    other = max(agent.id for agent in desk.roster())
    swaps.accept(wanted.id, other, desk.services)

    assert says(desk, "oui") == "sms.stand_in_gone"


def test_a_sender_that_cannot_be_answered_gives_a_link_alone(desk: Desk) -> None:
    desk.services = replace(desk.services, sender="Permanence")
    ines, _ = by_text_alone(desk)

    asks(desk, ines)

    [(_, body)] = told(desk)
    assert "OUI" not in body
    assert "/remplacement/" in body


def test_nobody_is_texted_of_it_at_night_unless_it_begins_before_the_morning(desk: Desk) -> None:
    ines, _ = by_text_alone(desk)
    desk.at = datetime(2026, 11, 24, 22, 0, tzinfo=UTC)  # 23:00 in Paris

    asks(desk, ines)

    [(_, id)] = [each for each in desk.jobs() if each[0] == "texts.send"]
    assert desk.text(TextId(id)).due_at == datetime(2026, 11, 25, 7, 0, tzinfo=UTC)


def gives_the_pin(desk: Desk) -> None:
    rings(desk, INES)
    keys(desk, INES.pin)


def test_by_key_a_colleague_hears_it_first_and_takes_it(desk: Desk) -> None:
    ines, mona = desk.has(replace(INES, slots=""), replace(MONA, slots="thu 09:00-12:00"))
    wanted = asks(desk, mona)
    gives_the_pin(desk)
    assert desk.call(CALL).step is Step.AGENT_STAND_IN
    assert heard(desk) == ["agent.stand_in.wanted", "agent.slots.slot", "agent.stand_in.choose"]

    keys(desk, "1")

    assert heard(desk)[0] == "agent.told.stands_in"
    assert stands(desk, wanted) == (State.TAKEN, ines)
    assert (days(desk, ines), days(desk, mona)) == ([THURSDAY], [])


def test_by_key_what_somebody_else_took_meanwhile_is_thanked_for(desk: Desk) -> None:
    mornings = replace(MONA, slots="thu 09:00-12:00")
    ines, mona, malo = desk.has(replace(INES, slots=""), mornings, FREE)
    wanted = asks(desk, mona)
    gives_the_pin(desk)
    swaps.accept(wanted.id, malo, desk.services)
    assert heard(desk) == ["agent.told.taken", "agent.slots.menu", "agent.menu.person"]

    keys(desk, "1")

    assert desk.call(CALL).step is Step.AGENT_MENU
    assert days(desk, ines) == []


def test_by_key_it_may_be_left_and_the_menu_comes(desk: Desk) -> None:
    _, mona = desk.has(replace(INES, slots=""), replace(MONA, slots="thu 09:00-12:00"))
    wanted = asks(desk, mona)
    gives_the_pin(desk)

    keys(desk, "2")

    assert desk.call(CALL).step is Step.AGENT_MENU
    assert stands(desk, wanted) == (State.OPEN, None)


def test_a_slot_cancelled_by_key_that_leaves_nobody_asks_colleagues(desk: Desk) -> None:
    ines, _ = desk.has(ASKER, NEAR)
    in_the_menu(desk)

    keys(desk, "2", "2", "1")
    hangs_up(desk)

    [wanted] = every(desk)
    assert (wanted.agent, wanted.released, wanted.on) == (ines, True, THURSDAY)
    assert len(told(desk)) == 2


def test_by_key_they_look_for_somebody_and_keep_the_slot_till_it_is_taken(desk: Desk) -> None:
    ines, _ = desk.has(ASKER, NEAR)
    in_the_menu(desk)

    keys(desk, "2", "2", "3")

    assert heard(desk)[0] == "agent.told.asked"
    [wanted] = every(desk)
    assert (wanted.released, days(desk, ines)) == (False, [THURSDAY])
    assert [to for to, _ in told(desk)] == ["mona@exemple.test"]


def test_by_key_nobody_is_looked_for_in_a_slot_that_has_begun(desk: Desk) -> None:
    desk.has(replace(INES, slots="tue 09:00-12:00"), NEAR)
    in_the_menu(desk)

    keys(desk, "2", "2", "3")

    assert heard(desk)[0] == "agent.told.begun"
    assert every(desk) == []


def spool(desk: Desk, folder: Path) -> Spool:
    return Spool(folder, vault(), lambda: desk.at)


def test_what_is_over_is_erased_with_the_history(desk: Desk, tmp_path: Path) -> None:
    ines, near = desk.has(ASKER, NEAR)
    swaps.accept(asks(desk, ines).id, near, desk.services)
    desk.at += timedelta(days=desk.services.periods.days[Data.HISTORY] + 1)
    assert len(every(desk)) == 1

    desk.at += timedelta(days=2)
    retention.run(spool(desk, tmp_path), desk.services)

    assert every(desk) == []


def test_whoever_asked_or_took_is_shown_it_and_erased_of_it(desk: Desk, tmp_path: Path) -> None:
    ines, near = desk.has(ASKER, NEAR)
    wanted: StandIn = asks(desk, ines)
    swaps.accept(wanted.id, near, desk.services)
    kept_aside, number = spool(desk, tmp_path), PhoneNumber(INES.number)
    held = person.export(number, kept_aside, desk.services).agent
    assert held is not None
    assert [each.id for each in held.stand_ins] == [wanted.id]

    person.erase(MOBILE, kept_aside, desk.services, agent_as="(effacé)")
    [kept] = every(desk)
    person.erase(number, kept_aside, desk.services, agent_as="(effacé)")

    assert (kept.taken_by, every(desk)) == (None, [])
    assert look(near, desk.services) is not None
