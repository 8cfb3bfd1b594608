"""Every door there is, and who comes in at it: the guards' own table, by endpoint.

Whoever adds a door writes it down here; until then it opens to nobody (``admission.py``). Doors of
the carrier, of partners and of demonstrations have their guard in their own blueprint.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from dispatcher.domain.roles import Act


class Way(StrEnum):
    """By what somebody comes in."""

    OPEN = "open"
    CARRIER = "carrier"  # signed by the carrier
    DEMO = "demo"  # the key of the demonstration
    PARTNER = "partner"  # a partner's key
    KEY = "key"  # the supervisors' key, or an account that may do this
    CODE = "code"  # a session in which the telephone's code is asked for
    ACCOUNT = "account"  # an account that may do this


@dataclass(frozen=True, slots=True)
class Door:
    """``act``: what it lets do; ``place``: which part of its path names the house it is about."""

    way: Way
    act: Act | None = None
    place: str | None = None


_OPEN: Final = Door(Way.OPEN)
_CARRIER: Final = Door(Way.CARRIER)
_OWN: Final = Door(Way.ACCOUNT, Act.ACCOUNT)
_SLOTS: Final = Door(Way.ACCOUNT, Act.SLOTS)
_PLANS: Final = Door(Way.ACCOUNT, Act.PLAN, place="structure")
_NOBODY: Final = Door(Way.ACCOUNT)
"""What one does for oneself alone."""
_NOTES: Final = Door(Way.ACCOUNT, Act.NOTES)
_DESK: Final = Door(Way.ACCOUNT, Act.DESK)
_MANDATES: Final = Door(Way.ACCOUNT, Act.MANDATES)
DOORS: Final[Mapping[str, Door]] = {
    "static": _OPEN,
    "home.home": _OPEN,
    "privacy.page": _OPEN,
    "health.alive": _OPEN,
    "health.ready": _OPEN,
    "sounds.sound": _OPEN,
    "messages.message": _OPEN,
    "calendars.calendar": _OPEN,
    "requests.page": _OPEN,
    "requests.ask": _OPEN,
    "changes.page": _OPEN,
    "changes.move": _OPEN,
    "changes.cancel": _OPEN,
    "inquiries.page": _OPEN,
    "inquiries.act": _OPEN,
    "duty.page": _OPEN,
    "duty.confirm": _OPEN,
    "duty.ask": _OPEN,
    "stand_ins.page": _OPEN,
    "stand_ins.accept": _OPEN,
    "consents.page": _OPEN,
    "consents.read": _OPEN,
    "consents.answer": _OPEN,
    "consents.revoke": _OPEN,
    "consents.verify": _OPEN,
    "mandate_papers.of_person": _OPEN,
    "openapi.document": _OPEN,
    "voice.incoming": _CARRIER,
    "voice.answer": _CARRIER,
    "voice.wait": _CARRIER,
    "voice.pressed": _CARRIER,
    "voice.left": _CARRIER,
    "voice.status": _CARRIER,
    "voice.screen": _CARRIER,
    "voice.key": _CARRIER,
    "voice.leg": _CARRIER,
    "voice.ended": _CARRIER,
    "voice.citizen": _CARRIER,
    "rooms.way": _CARRIER,
    "rooms.held": _CARRIER,
    "rooms.asked": _CARRIER,
    "rooms.heard": _CARRIER,
    "rooms.wait": _CARRIER,
    "rooms.left": _CARRIER,
    "rooms.consulted": _CARRIER,
    "rooms.referral": _CARRIER,
    "rooms.legs": _CARRIER,
    "voice.dial": _CARRIER,
    "voice.greet": _CARRIER,
    "voice.greeted": _CARRIER,
    "voice.called": _CARRIER,
    "voice.recorded": _CARRIER,
    "voice.recordings": _CARRIER,
    "voice.listen": _CARRIER,
    "fallback.apologise": _CARRIER,
    "fallback.number": _CARRIER,
    "sms.incoming": _CARRIER,
    "sms.status": _CARRIER,
    "stories.story": Door(Way.DEMO),
    "partners.ask": Door(Way.PARTNER),
    "partners.look": Door(Way.PARTNER),
    "partners.half_hours": Door(Way.PARTNER),
    "sign_ins.page": _OPEN,
    "sign_ins.ask_link": _OPEN,
    "sign_ins.asked": _OPEN,
    "sign_ins.link": _OPEN,
    "sign_ins.use_link": _OPEN,
    "sign_ins.give_password": _OPEN,
    "sign_ins.code": Door(Way.CODE),
    "sign_ins.give_code": Door(Way.CODE),
    "federation.begin": _OPEN,
    "federation.back": _OPEN,
    "sign_ins.sign_out": _OWN,
    "accounts.page": _OWN,
    "accounts.end_everywhere": _OWN,
    "accounts.end_one": _OWN,
    "accounts.code": _OWN,
    "accounts.propose_code": _OWN,
    "accounts.enrol_code": _OWN,
    "accounts.new_papers": _OWN,
    "accounts.set_password": _OWN,
    "planning.page": _SLOTS,
    "planning.events": _SLOTS,
    "planning.post": _SLOTS,
    "planning.slot": _SLOTS,
    "planning.edit": _SLOTS,
    "planning.stop": _SLOTS,
    "planning.day": _SLOTS,
    "planning.move": _SLOTS,
    "planning.cancel": _SLOTS,
    "planning.absent": _SLOTS,
    "planning.back": _SLOTS,
    "planning.open_calendar": _SLOTS,
    "planning.close_calendar": _SLOTS,
    "team_planning.page": _PLANS,
    "team_planning.events": _PLANS,
    "team_planning.post": _PLANS,
    "team_planning.slot": _PLANS,
    "team_planning.edit": _PLANS,
    "team_planning.stop": _PLANS,
    "team_planning.day": _PLANS,
    "team_planning.move": _PLANS,
    "team_planning.cancel": _PLANS,
    "team_planning.absent": _PLANS,
    "team_planning.back": _PLANS,
    "team_planning.open_calendar": _NOBODY,
    "team_planning.close_calendar": _NOBODY,
    "teams.index": Door(Way.ACCOUNT, Act.TEAM),
    "dispositions.page": _NOTES,
    "dispositions.sheet": _NOTES,
    "dispositions.press": _NOTES,
    "dispositions.draft": _NOTES,
    "desk.page": _DESK,
    "desk.look": _DESK,
    "desk.come_on": _DESK,
    "desk.rest": _DESK,
    "desk.leave": _DESK,
    "desk.pass_on": _DESK,
    "desk.hang_up": _DESK,
    "desk.extend": _DESK,
    "desk.finish": _DESK,
    "desk.open_stream": _DESK,
    "transfers.page": _DESK,
    "transfers.press": _DESK,
    "softphones.page": _DESK,
    "softphones.choose": _DESK,
    "softphones.practice": _DESK,
    "softphones.practise": _DESK,
    "softphones.token": _DESK,
    "softphones.look": _DESK,
    "softphones.act": _DESK,
    "softphones.beat": _DESK,
    "mandates.index": _NOTES,  # it says to whoever may hold none why
    "mandates.draft": _MANDATES,
    "mandates.prepare": _MANDATES,
    "mandates.sheet": _MANDATES,
    "mandates.press": _MANDATES,
    "mandate_papers.of_house": _MANDATES,
    "teams.page": Door(Way.ACCOUNT, Act.TEAM, place="structure"),
    "supervision.page": Door(Way.KEY, Act.LOAD),
    "supervision.figures": Door(Way.KEY, Act.LOAD),
    "supervision.coverage": Door(Way.KEY, Act.LOAD),
    "supervision.coverage_inside": Door(Way.KEY, Act.LOAD),
    "supervision.enter": Door(Way.KEY),
    "supervision.leave": Door(Way.KEY),
}
