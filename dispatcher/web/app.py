"""The web application: every door, guarded or written down as open."""

from __future__ import annotations

from flask import Flask, Response

from dispatcher.assembly import Parts
from dispatcher.assembly import parts as parts_of_this_process
from dispatcher.domain.numbers import in_pairs
from dispatcher.web import fallback, guards, health, home, sms, voice

LARGEST_FORM = 64 * 1024
"""Bytes; the carrier's largest form is a few kilobytes."""


def create_app(parts: Parts | None = None) -> Flask:
    """The application over these parts; over those that the settings name, without any."""
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_FORM
    app.extensions[guards.EXTENSION] = parts or parts_of_this_process()
    app.jinja_env.filters["in_pairs"] = in_pairs
    for blueprint in (voice.bp, fallback.bp, sms.bp, health.bp, home.bp):
        app.register_blueprint(blueprint)
    app.after_request(_protect)
    return app


def _protect(response: Response) -> Response:
    """Headers that every page has: nothing from elsewhere, nothing kept, nothing framed."""
    response.headers.setdefault(
        "Content-Security-Policy", "default-src 'self'; frame-ancestors 'none'"
    )
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "same-origin")
    response.headers.setdefault("Cache-Control", "no-store")
    return response
