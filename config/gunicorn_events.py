"""How the stream server serves: ``gunicorn -c python:config.gunicorn_events``.

One process with an event loop: a stream that is open costs a few kilobytes and no thread.
"""

import sys
from pathlib import Path

from config import logs
from config.settings import Settings, SettingsError
from config.variables import on_loopback

try:
    settings = Settings.from_environment()
except SettingsError as wrong:
    sys.exit(str(wrong))

_host = "127.0.0.1" if on_loopback(settings.public_base_url) else "0.0.0.0"  # noqa: S104
bind = f"{_host}:{settings.port + 1}"

worker_class = "asgi"
workers = 1
worker_connections = 2000
asgi_loop = "asyncio"
asgi_lifespan = "on"
timeout = 30
graceful_timeout = 1  # streams never end by themselves, and pages open them again
keepalive = 5
if Path("/dev/shm").is_dir():  # noqa: S108
    worker_tmp_dir = "/dev/shm"  # noqa: S108

logconfig_dict = logs.configuration("events")
accesslog = None  # a query string holds a ticket
control_socket_disable = True
proc_name = "permanence-events"
