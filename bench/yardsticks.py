"""What webhooks are held against: bare Flask routes in the same server, over the same store."""

from __future__ import annotations

from collections.abc import Iterable
from secrets import token_hex
from typing import TYPE_CHECKING

import sqlalchemy as sa
from flask import Flask, Response

from dispatcher.assembly import parts
from dispatcher.store.database import writing
from dispatcher.web.app import create_app

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

EMPTY, COMMIT = "/bench/empty", "/bench/commit"
HERE = "bench.yardsticks:application()"

rows = sa.Table(
    "bench_rows",
    sa.MetaData(),
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("said", sa.Text, nullable=False),
)
_INSERT = sa.insert(rows)


class Beside:
    """Ours and the bare application in one process: whatever that costs, it costs both."""

    def __init__(self, ours: Flask, bare: Flask) -> None:
        self._ours, self._bare = ours, bare

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        """Answer, by the path."""
        bare = environ["PATH_INFO"].startswith("/bench/")
        return (self._bare if bare else self._ours)(environ, start)


def application() -> Beside:
    """For gunicorn."""
    return Beside(create_app(), bare())


def bare() -> Flask:
    """A Flask application that does nothing, or commits one row of two short texts."""
    app, engine = Flask(__name__), parts().services.store.engine

    @app.post(EMPTY)
    def empty() -> Response:
        return Response("", mimetype="text/xml")

    @app.post(COMMIT)
    def commit() -> Response:
        with writing(engine) as connection:
            connection.execute(_INSERT, {"id": token_hex(16), "said": "bonjour"})
        return Response("", mimetype="text/xml")

    return app
