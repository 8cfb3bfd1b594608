"""Settings become services: the only place that knows who plays which part."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry

import config
from config import queues
from config.clock import Clock
from config.keys import derive
from config.lines import read_lines
from config.public_holidays import PublicHolidays
from config.redis_server import redis_url
from config.settings import Settings
from config.variables import on_loopback
from config.words import words
from dispatcher.carrier.barring import Barring
from dispatcher.carrier.identity import Provider
from dispatcher.carrier.mails import FolderPost, SmtpPost
from dispatcher.carrier.recordings import over_http
from dispatcher.carrier.rest import Carrier
from dispatcher.carrier.signature import Signatures
from dispatcher.carrier.sounds import Sounds
from dispatcher.carrier.switchboard import Switchboard
from dispatcher.carrier.tokens import Tokens
from dispatcher.carrier.twiml import Renderer
from dispatcher.domain.alerts import Watch
from dispatcher.domain.hearing import Ears
from dispatcher.domain.links import Links
from dispatcher.domain.mails import Address
from dispatcher.domain.partners import Partners
from dispatcher.domain.territories import load_atlas
from dispatcher.domain.texts import Caps
from dispatcher.domain.tickets import Streams, Tickets
from dispatcher.domain.users import Lifetimes
from dispatcher.live.bell import QueueBell
from dispatcher.live.board import Board
from dispatcher.live.desks import Desks
from dispatcher.live.wakes import RedisWakes
from dispatcher.operations import stops
from dispatcher.operations.services import Archive, Post, Services
from dispatcher.store.database import connect
from dispatcher.store.spool import Spool
from dispatcher.store.store import Store
from dispatcher.store.vault import Keys, Vault

if TYPE_CHECKING:
    from dispatcher.carrier.inside import InsideClient, Obey

TERRITORIES = Path(config.__file__).parent / "data" / "territories"
UNSET_SENDER = "permanence@localhost"
"""Who signs mails that are only written to files, when MAIL_FROM says nobody."""
REDIS_SECONDS = 1.0
"""How long a request waits for Redis before it goes on without."""


@dataclass(frozen=True, slots=True, repr=False)
class SupervisionKeys:
    """``asked``: what supervisors give to see the load; ``signing``: 32 bytes that sign passes."""

    asked: str
    signing: bytes


@dataclass(frozen=True, slots=True)
class Parts:
    """What the doors need: the services, and the carrier's side of the web.

    ``spool`` keeps callbacks while SQL is away, and ``stops`` who said STOP.
    ``demo_key``: what opens the door of stories; None, and there is no such door.
    ``supervision`` None: nobody is shown the load. ``proxies``: how many stand before us.
    ``partners`` None: nobody asks for callbacks but by the form. ``provider`` None: no other
    service vouches for people. ``streams`` None: desks ask again and again.
    ``tokens`` let agents' browsers be rung by Twilio, ``switchboard`` by a simulated carrier;
    without either, by nobody. ``speed``: our seconds in one of a page's.
    """

    services: Services
    signatures: Signatures
    renderer: Renderer
    spool: Spool
    stops: Spool
    demo_key: str | None = None
    supervision: SupervisionKeys | None = None
    proxies: int = 1
    partners: Partners | None = None
    provider: Provider | None = None
    streams: Streams | None = None
    tokens: Tokens | None = None
    switchboard: Switchboard | None = None
    speed: float = 1


@cache
def settings() -> Settings:
    """The settings of this process, read once."""
    return Settings.from_environment()


_standing_in: list[Parts] = []


def parts() -> Parts:
    """The parts of this process, made once."""
    return _standing_in[-1] if _standing_in else own_parts()


@contextmanager
def standing_in(others: Parts) -> Iterator[None]:
    """While this lasts, jobs and doors of this process work with other parts: a rehearsal's."""
    _standing_in.append(others)
    try:
        yield
    finally:
        _standing_in.remove(others)


@cache
def own_parts() -> Parts:
    """The parts that this process's settings name, made once: it starts now."""
    made = assemble(settings())
    return replace(made, services=replace(made.services, up_since=made.services.now()))


def services() -> Services:
    """The services of this process."""
    return parts().services


def assemble(
    chosen: Settings,
    *,
    redis: Redis | None = None,
    now: Callable[[], datetime] | None = None,
    obey: Obey | None = None,
) -> Parts:
    """The parts that these settings name. Nothing is contacted yet.

    Given, another ``redis`` and another clock ``now`` are used, and a carrier of this process,
    which does what it is asked through ``obey``.
    """
    vault = Vault([_keys(secret) for secret in _secrets(chosen)])
    now = now or Clock.for_everyone(chosen.clock_speed, chosen.data_dir).now
    redis = redis or connect_redis(chosen)
    simulated = chosen.twilio_api_base_url is not None and on_loopback(chosen.twilio_api_base_url)
    store = Store(connect(chosen.database_url), vault)
    inside = None if obey is None else _inside(obey)
    carrier = Carrier(
        chosen.twilio_account_sid,
        chosen.twilio_auth_token,
        public_base_url=chosen.public_base_url,
        base_url=chosen.twilio_api_base_url,
        barring=Barring(fiction=simulated, stopped=stops.held(store)),
        http_client=inside,
        fetch=over_http if inside is None else inside.fetch,
    )
    replying = Barring(fiction=simulated, stopped=stops.held_if_known(store))
    return Parts(
        services=Services(
            store=store,
            board=Board(redis),
            desks=Desks(redis),
            carrier=carrier,
            bell=QueueBell(
                {name: queues.open_queue(name, redis) for name in queues.NAMES}, queues.QUEUE_OF
            ),
            atlas=load_atlas(TERRITORIES),
            lines=read_lines(chosen.lines_file),
            now=now,
            texts=words("texts"),
            spoken=words("spoken"),
            mails=words("mails"),
            post=_post(chosen),
            ears=Ears.of(words("heard")),
            holidays=PublicHolidays.of_departement,
            links=Links(
                [derive(secret, "sign links to callbacks") for secret in _secrets(chosen)],
                chosen.public_base_url,
            ),
            sender=chosen.sms_sender,
            fiction=simulated,
            caps=Caps(chosen.texts_per_number, chosen.texts_per_day),
            periods=chosen.retention,
            watch=_watch(chosen),
            lifetimes=Lifetimes(chosen.session_idle, chosen.session_life),
            relay=chosen.relay_url,
            wakes=RedisWakes(redis),
            practice=chosen.practice,
            archive=Archive.of(
                chosen.journal_signing_key, chosen.journal_heads_to, chosen.data_dir
            ),
        ),
        signatures=Signatures(chosen.twilio_auth_token, chosen.public_base_url),
        renderer=Renderer(
            words("spoken"), chosen.public_base_url, Sounds(chosen.prompts_dir), replying
        ),
        spool=Spool(chosen.data_dir / "spool", vault, now),
        stops=Spool(chosen.data_dir / "stops", vault, now),
        demo_key=chosen.demo_key,
        supervision=_supervision_keys(chosen),
        proxies=chosen.proxies,
        partners=Partners(chosen.partner_keys) if chosen.partner_keys else None,
        provider=_provider(chosen),
        streams=_streams(chosen),
        tokens=None if simulated else _tokens(chosen),
        switchboard=_switchboard(chosen) if simulated else None,
        speed=chosen.clock_speed,
    )


def _inside(obey: Obey) -> InsideClient:
    """A carrier of this process; what it takes to speak to one is spared to all others."""
    from dispatcher.carrier.inside import InsideClient

    return InsideClient(obey)


def _post(chosen: Settings) -> Post:
    """Who takes our mails: the server that is set, or a folder."""
    sender = chosen.mail_from or UNSET_SENDER
    if chosen.smtp_url is None:
        return FolderPost(chosen.data_dir / "mail", sender)
    return SmtpPost.at(chosen.smtp_url, sender, near=on_loopback(chosen.smtp_url))


def _provider(chosen: Settings) -> Provider | None:
    """The service that vouches for people, where one is set."""
    client, secret, base = chosen.oidc_client_id, chosen.oidc_client_secret, chosen.public_base_url
    if chosen.oidc_issuer is None or client is None or secret is None:
        return None
    back, home = f"{base}/connexion/retour", f"{base}/connexion"
    return Provider(chosen.oidc_issuer, client, secret, back=back, home=home)


def _streams(chosen: Settings) -> Streams | None:
    """Where the stream server is reached: beside us on this machine, or where the settings say."""
    url = chosen.events_url
    if url is None and on_loopback(chosen.public_base_url):
        parts = urlsplit(chosen.public_base_url)
        url = f"{parts.scheme}://{parts.hostname}:{chosen.port + 1}"
    return None if url is None else Streams(url, Tickets(derive(chosen.secret_key, "sign tickets")))


def _tokens(chosen: Settings) -> Tokens | None:
    """What lets agents' browsers be rung, where the account's key is set."""
    key, secret = chosen.twilio_api_key_sid, chosen.twilio_api_key_secret
    if key is None or secret is None:
        return None
    return Tokens(chosen.twilio_account_sid, key, secret)


def _switchboard(chosen: Settings) -> Switchboard | None:
    """How agents' browsers are rung where the carrier is simulated."""
    base, token = chosen.twilio_api_base_url, chosen.twilio_auth_token
    return None if base is None else Switchboard(base, (chosen.twilio_account_sid, token))


def _watch(chosen: Settings) -> Watch:
    page = f"{chosen.public_base_url}/supervision" if chosen.supervision_key else None
    return Watch(tuple(map(Address, chosen.alerts_to)), after=chosen.alert_after, page=page)


def connect_redis(chosen: Settings) -> Redis:
    """The Redis of these settings; a request to it fails within two seconds, tried twice."""
    return Redis.from_url(
        redis_url(chosen),
        socket_timeout=REDIS_SECONDS,
        socket_connect_timeout=REDIS_SECONDS,
        retry=Retry(NoBackoff(), 1),
    )


def _secrets(chosen: Settings) -> list[str]:
    return [each for each in (chosen.secret_key, chosen.secret_key_previous) if each]


def _keys(secret: str) -> Keys:
    return Keys(
        sealing=derive(secret, "seal numbers"),
        finding=derive(secret, "find numbers"),
        knowing=derive(secret, "know callers"),
    )


def _supervision_keys(chosen: Settings) -> SupervisionKeys | None:
    if (asked := chosen.supervision_key) is None:
        return None
    # Derived from both, so that whoever changes either of them ends every pass.
    return SupervisionKeys(asked, derive(chosen.secret_key + asked, "sign passes to the load"))
