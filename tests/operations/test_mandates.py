"""Mandates prepared, used and ended by whoever may, and told to a journal that names nobody."""

import pytest

from dispatcher.domain.grants import End
from dispatcher.domain.holders import Declared, Holder, Refusal
from dispatcher.domain.mandates import Deed, Standing, State
from dispatcher.domain.matters import Topic
from dispatcher.operations import mandates, mandates_held
from dispatcher.operations.mandate_notes import named
from dispatcher.operations.mandates import Seen
from tests.operations import mandating
from tests.operations.desk import Desk
from tests.operations.mandating import (
    ADULT,
    PAPERS,
    ROSE,
    WELFARE,
    gives,
    holder,
    journal,
    opens,
    prepares,
    stands,
)

YEAR = 366 * 24 * 3600
MALO = holder(structure="gap")


@pytest.mark.parametrize(
    ("by", "declared", "refusal"),
    [
        (holder(status="volunteer"), ADULT, Refusal.VOLUNTEER),
        (holder(grants=()), ADULT, Refusal.NOT_AUTHORISED),
        (holder(second_factor=False), ADULT, Refusal.NO_SECOND_FACTOR),
        (holder(), Declared(of_age=True, guardianship=True), Refusal.GUARDIANSHIP),
        (holder(), Declared(of_age=False, guardianship=False), Refusal.MINOR),
        (holder(), Declared(of_age=None, guardianship=None), Refusal.UNASKED),
    ],
)
def test_none_is_prepared_by_or_for_whom_it_may_not(
    small_desk: Desk, by: Holder, declared: Declared, refusal: Refusal
) -> None:
    opens(small_desk)

    assert mandates.prepare(by, ROSE, [PAPERS], declared, small_desk.services) is refusal
    with small_desk.services.store.reading() as tx:
        assert tx.mandates.of_number(ROSE.number) == []
    assert journal(small_desk) == []


def test_something_is_done_only_by_what_they_agreed_to_while_it_lasts(desk: Desk) -> None:
    opens(desk)
    mandate = prepares(desk)

    def uses(procedure: Topic = Topic.PAPERS, by: Holder | None = None) -> Deed | Refusal:
        return mandates.use(mandate.id, procedure, "dossier envoyé", by or holder(), desk.services)

    draft = uses()
    gives(desk, mandate)
    done = uses()
    refused = [
        uses(Topic.WELFARE),
        uses(by=MALO),
        uses(by=holder(status="elected")),
        uses(by=holder(second_factor=False)),
    ]
    desk.passes(YEAR)

    assert draft is Refusal.NOT_NOW
    assert isinstance(done, Deed)
    assert refused == [
        Refusal.OUT_OF_SCOPE,
        Refusal.UNKNOWN,
        Refusal.ELECTED,
        Refusal.NO_SECOND_FACTOR,
    ]
    assert uses() is Refusal.NOT_NOW
    with desk.services.store.reading() as tx:
        assert tx.mandate_deeds.of(mandate.id) == [done]


@pytest.mark.parametrize(
    ("end", "state"),
    [
        (End.REVOKED, State.REVOKED),
        (End.RENOUNCED, State.RENOUNCED),
        (End.LAPSED, State.LAPSED),
        (End.FINISHED, State.FINISHED),
    ],
)
def test_it_ends_at_once_and_once(small_desk: Desk, end: End, state: State) -> None:
    desk = small_desk
    opens(desk)
    mandate = prepares(desk)
    gives(desk, mandate)

    ended = [mandates.end(mandate.id, end, holder(), desk.services) for _ in range(2)]

    assert ended == [None, Refusal.NOT_NOW]
    assert stands(desk, mandate) is state
    used = mandates.use(mandate.id, Topic.PAPERS, "fait", holder(), desk.services)
    assert used is Refusal.NOT_NOW


def test_one_procedure_ends_and_the_other_holds(small_desk: Desk) -> None:
    desk = small_desk
    opens(desk)
    mandate = prepares(desk, [PAPERS, WELFARE])
    gives(desk, mandate)

    mandates.end(mandate.id, End.REVOKED, holder(), desk.services, procedure=Topic.PAPERS)

    uses = [
        mandates.use(mandate.id, each, "fait", holder(), desk.services)
        for each in (Topic.PAPERS, Topic.WELFARE)
    ]
    assert uses[0] is Refusal.OUT_OF_SCOPE
    assert isinstance(uses[1], Deed)


def test_a_grant_held_by_another_house_is_shown_and_stays(small_desk: Desk) -> None:
    desk = small_desk
    opens(desk)
    theirs = prepares(desk, [PAPERS, WELFARE], by=MALO)
    gives(desk, theirs, by=MALO)

    ours = prepares(desk, [WELFARE])
    seen = mandates.look(ours.id, holder(), desk.services)
    gives(desk, ours)

    assert isinstance(seen, Seen)
    assert [(each.procedure, each.house) for each in seen.elsewhere] == [
        (Topic.WELFARE, "France services de Gap")
    ]
    assert stands(desk, theirs) is stands(desk, ours) is State.ACTIVE


def test_every_reading_is_noted_and_another_house_sees_none(small_desk: Desk) -> None:
    desk = small_desk
    opens(desk)
    mandate = prepares(desk)

    mandates.look(mandate.id, holder(), desk.services)
    listed = mandates.listed(holder(), desk.services)
    theirs = mandates.listed(MALO, desk.services)

    assert listed == [mandate]
    assert theirs == []
    assert mandates.look(mandate.id, MALO, desk.services) is Refusal.UNKNOWN
    assert mandating.readings(desk, mandate.id) == [(desk.at, 1), (desk.at, 1)]


def test_the_public_sees_whether_it_holds_the_house_and_the_dates(small_desk: Desk) -> None:
    desk = small_desk
    opens(desk)
    mandate = prepares(desk)
    before = mandates.verify(mandate.reference, desk.services)
    gives(desk, mandate)

    public = mandates.verify(mandate.reference, desk.services)

    assert before is None
    assert public is not None
    assert (public.standing, public.house) == (Standing.VALID, "France services d'Orcières")
    assert mandates.verify("x" * 12, desk.services) is None
    mandates.end(mandate.id, End.REVOKED, holder(), desk.services)
    revoked = mandates.verify(mandate.reference, desk.services)
    assert revoked is not None
    assert revoked.standing is Standing.REVOKED


def test_the_journal_tells_all_and_names_nobody(small_desk: Desk) -> None:
    desk = small_desk
    opens(desk)
    mandate = prepares(desk)
    gives(desk, mandate)
    mandates.use(mandate.id, Topic.PAPERS, "Canari : fait", holder(), desk.services)
    mandates.end(mandate.id, End.RENOUNCED, holder(), desk.services)

    told = journal(desk)

    assert [kind for kind, _ in told] == [
        "mandate.prepared",
        "mandate.asked",
        "mandate.answered",
        "mandate.used",
        "mandate.ended",
    ]
    whose = {(facts["mandate"], facts["structure"]) for _, facts in told}
    assert whose == {(mandate.id, "orcieres")}
    assert (named("gap-05"), named("Été")) == ("gap-05", "x-c38974c3a9")
    assert not any(secret in repr(told) for secret in ("Canari", "39980042", "carte", "fait"))
    with desk.services.store.reading() as tx:
        held = tx.journal.held(ROSE.number)
    assert f"{ROSE.number} {ROSE.name}" in held


def test_a_number_is_shown_who_looked_and_is_erased_but_for_what_holds(small_desk: Desk) -> None:
    desk = small_desk
    opens(desk)
    over, held = prepares(desk), prepares(desk, [WELFARE])
    gives(desk, over)
    gives(desk, held)
    mandates.use(over.id, Topic.PAPERS, "dossier envoyé", holder(), desk.services)
    mandates.look(over.id, holder(), desk.services)
    mandates.end(over.id, End.REVOKED, holder(), desk.services)
    with desk.services.store.writing() as tx:
        shown = {each.mandate.id: each for each in mandates_held.held(ROSE.number, tx)}
        count, facts = mandates_held.erase(ROSE.number, tx, at=desk.at)
        [left] = mandates_held.held(ROSE.number, tx)
        kept = tx.journal.held(ROSE.number)

    assert [each.result for each in shown[over.id].deeds] == ["dossier envoyé"]
    assert shown[over.id].readings == ((desk.at, 1),)
    assert shown[over.id].said
    assert (count, facts) == (1, 4)
    assert left.mandate.id == held.id
    assert len(kept) == 3
    assert mandating.found(desk, over).person is None


def test_a_new_consent_for_the_same_closes_the_old_one(small_desk: Desk) -> None:
    desk = small_desk
    opens(desk)
    old, new = prepares(desk), prepares(desk)
    gives(desk, old)

    gives(desk, new)

    assert (stands(desk, old), stands(desk, new)) == (State.REPLACED, State.ACTIVE)
    kind, facts = journal(desk)[-1]
    assert (kind, facts["mandate"], facts["by"]) == ("mandate.ended", old.id, new.id)
