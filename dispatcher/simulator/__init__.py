"""A telephone network in a box, which plays the carrier to an application under test.

It signs and posts webhooks, performs the TwiML it is answered, serves the REST requests and plays
scripted people: in virtual time inside a test, or in real time over loopback. It knows nothing of
the application, and can reach no real telephone.
"""

from dispatcher.simulator.clock import FastLoop, Stuck, VirtualLoop
from dispatcher.simulator.ledger import Entry, Kind, Ledger, Talk
from dispatcher.simulator.network import IncomingNumber, Network
from dispatcher.simulator.people.behaviours import (
    answers,
    busy,
    declines,
    does_not_exist,
    forwards_to,
    hangs_up_while_screened,
    lets_it_ring,
    off_network,
    refuses,
    voicemail,
    wrong_keys,
)
from dispatcher.simulator.people.handset import Behaviour, Handset
from dispatcher.simulator.people.phone_call import CallOverError, NotHeardError, PhoneCall
from dispatcher.simulator.performing.recognition import Recognition
from dispatcher.simulator.rest.faults import RestHungError, RestRates
from dispatcher.simulator.switches import Switches
from dispatcher.simulator.wire.faults import Faults
from dispatcher.simulator.wire.posting import HttpPost, WsgiPost

__all__ = [
    "Behaviour",
    "CallOverError",
    "Entry",
    "FastLoop",
    "Faults",
    "Handset",
    "HttpPost",
    "IncomingNumber",
    "Kind",
    "Ledger",
    "Network",
    "NotHeardError",
    "PhoneCall",
    "Recognition",
    "RestHungError",
    "RestRates",
    "Stuck",
    "Switches",
    "Talk",
    "VirtualLoop",
    "WsgiPost",
    "answers",
    "busy",
    "declines",
    "does_not_exist",
    "forwards_to",
    "hangs_up_while_screened",
    "lets_it_ring",
    "off_network",
    "refuses",
    "voicemail",
    "wrong_keys",
]
