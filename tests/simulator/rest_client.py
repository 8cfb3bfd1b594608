"""Twilio's own client, talking to a network in this process."""

from twilio.rest import Client

from dispatcher.carrier.inside import InsideClient
from dispatcher.simulator import Network
from tests.simulator.toy import ACCOUNT, TOKEN


def twilio_client(network: Network, token: str = TOKEN) -> Client:
    """Twilio's client for the network's account."""
    return Client(ACCOUNT, token, http_client=InsideClient(network.rest))
