"""A house hears that a mandate ends soon: its authorised agents, once, and nobody's name."""

from datetime import timedelta

from dispatcher.domain.grants import End
from dispatcher.domain.roles import Grant, Role
from dispatcher.domain.users import Email
from dispatcher.operations import mails, mandate_reminders, mandates, revocations, users
from tests.operations.desk import Desk
from tests.operations.mandating import ROSE, gives, holder, opens, prepares
from tests.operations.swapping import told

AUTHORISED = {"ines": "orcieres", "zoe": "orcieres", "malo": "gap"}


def test_they_are_told_when_its_person_takes_it_back(small_desk: Desk) -> None:
    desk = small_desk
    opens(desk)
    users.create(Email("ines@exemple.test"), Grant(Role.AUTHORISED, "orcieres"), desk.services)
    gives(desk, prepares(desk))

    revocations.heed(ROSE.number, "retirer mandat", desk.services)

    desk.passes(60)
    mails.sweep(desk.services)
    assert [to for to, said in told(desk) if "un mandat est retiré" in said] == [
        "ines@exemple.test"
    ]


def hears(desk: Desk) -> list[tuple[str, str]]:
    """Whom a mail was sent, and of what day."""
    mandate_reminders.remind(desk.services)
    return sorted((to, said[-10:]) for to, said in told(desk) if "un mandat finit" in said)


def test_the_authorised_of_the_house_are_told_once_five_days_before(small_desk: Desk) -> None:
    desk = small_desk
    opens(desk)
    for name, house in AUTHORISED.items():
        email = Email(f"{name}@exemple.test")
        users.create(email, Grant(Role.AUTHORISED, house), desk.services)
    users.create(Email("yann@exemple.test"), Grant(Role.AGENT, "orcieres"), desk.services)
    held, revoked = prepares(desk), prepares(desk)
    gives(desk, revoked)
    mandates.end(revoked.id, End.REVOKED, holder(), desk.services)
    gives(desk, held)

    early = hears(desk)
    desk.at += timedelta(days=25)
    between = hears(desk)
    desk.at += timedelta(days=2)
    near = hears(desk)
    again = hears(desk)

    assert early == between == again == []
    assert near == [("ines@exemple.test", "25/12/2026"), ("zoe@exemple.test", "25/12/2026")]
