"""One press that does two things: the page's telephone acts, and the form is posted."""

from dispatcher.domain.offers import End
from dispatcher.operations import presence
from tests.operations.desk import Desk
from tests.people import INES, MALO


def test_a_browser_that_was_first_to_refuse_or_hang_up_did_what_was_pressed(
    small_desk: Desk,
) -> None:
    ines, malo = small_desk.has(INES, MALO)
    small_desk.asks()
    refused = small_desk.only_offer()
    small_desk.rings(refused.id)
    with small_desk.services.store.writing() as tx:
        assert tx.offers.close(refused.id, End.DECLINED, at=small_desk.at)

    assert presence.pass_on(ines, refused.id, small_desk.services)
    assert not presence.pass_on(malo, refused.id, small_desk.services)

    assert ("calls.let_go", refused.id) not in small_desk.jobs()


def test_a_conversation_that_is_over_is_hung_up(small_desk: Desk) -> None:
    ines, malo = small_desk.has(INES, MALO)
    call, _ = small_desk.asks()
    offer = small_desk.only_offer()
    small_desk.presses_one(offer.id)
    small_desk.ring_ends(call, "completed", bridged=True)
    small_desk.jobs()

    assert presence.hang_up(ines, offer.id, small_desk.services)
    assert not presence.hang_up(malo, offer.id, small_desk.services)

    assert small_desk.jobs() == []
