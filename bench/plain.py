"""The least that a web process of this kind is: Flask, SQLAlchemy and redis, imported."""

import flask
import redis
import sqlalchemy

HERE = "bench.plain:application()"
IMPORTED = (redis, sqlalchemy)


def application() -> flask.Flask:
    """For gunicorn."""
    app = flask.Flask(__name__)

    @app.post("/")
    def empty() -> str:
        return ""

    return app
