"""How the web process serves: ``gunicorn -c python:config.gunicorn``."""

import sys
from pathlib import Path

from config import logs
from config.settings import Settings, SettingsError
from config.variables import on_loopback

try:
    settings = Settings.from_environment()
except SettingsError as wrong:
    sys.exit(str(wrong))

# Behind a public address stands a proxy that may live in another container.
_host = "127.0.0.1" if on_loopback(settings.public_base_url) else "0.0.0.0"  # noqa: S104
bind = f"{_host}:{settings.port}"

worker_class = "gthread"
workers = 2
threads = 8
timeout = 30
graceful_timeout = 8  # less than config/supervision.py waits before it kills
keepalive = 5
if Path("/dev/shm").is_dir():  # noqa: S108
    worker_tmp_dir = "/dev/shm"  # noqa: S108  a heartbeat on a slow disk looks like a dead worker

logconfig_dict = logs.configuration("web")
accesslog = None  # a query string may hold what nobody should read
control_socket_disable = True
proc_name = "permanence-web"
