"""The web application: every door, guarded or written down as open."""

from __future__ import annotations

from typing import Final

from flask import Flask, Response

from dispatcher.assembly import Parts
from dispatcher.assembly import parts as parts_of_this_process
from dispatcher.domain.numbers import in_pairs
from dispatcher.operations import sweep
from dispatcher.web import (
    accounts,
    admission,
    calendars,
    changes,
    consents,
    desk,
    dispositions,
    duty,
    fallback,
    federation,
    guards,
    health,
    home,
    inquiries,
    mandate_papers,
    mandates,
    messages,
    names,
    openapi,
    partners,
    planning,
    privacy,
    requests,
    rooms,
    sign_ins,
    sms,
    softphones,
    sounds,
    stand_ins,
    stories,
    supervision,
    teams,
    transfers,
    voice,
)

LARGEST_FORM: Final = 64 * 1024
"""Bytes; the carrier's largest form is a few kilobytes."""

ALWAYS: Final = (
    *(voice.bp, rooms.bp, fallback.bp, sms.bp, sounds.bp, health.bp),
    *(home.bp, privacy.bp, requests.bp, changes.bp, calendars.bp, messages.bp, inquiries.bp),
    *(duty.bp, stand_ins.bp, sign_ins.bp, accounts.bp, teams.bp, planning.bp),
    *(desk.bp, transfers.bp, dispositions.bp, consents.bp, mandates.bp),
    mandate_papers.bp,
)
"""The doors that every installation has."""
ONE_YEAR: Final = f"max-age={365 * 24 * 3600}"
PROTECTION: Final = {
    "Content-Security-Policy": "default-src 'self'; base-uri 'none'; form-action 'self';"
    " object-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}


def create_app(parts: Parts | None = None) -> Flask:
    """The application over these parts; over those that the settings name, without any."""
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_FORM
    if parts is None:
        parts = parts_of_this_process()
        sweep.note_start(parts.services)
    app.extensions[guards.EXTENSION] = parts
    app.jinja_env.filters["in_pairs"] = in_pairs
    app.jinja_env.filters["of"] = names.of
    app.jinja_env.globals["form_token"] = admission.form_token
    for blueprint in ALWAYS:
        app.register_blueprint(blueprint)
    app.register_blueprint(softphones.bp)
    app.register_blueprint(planning.bp, name=planning.TEAM, url_prefix=planning.OF_A_TEAM)
    if parts.demo_key is not None:
        app.register_blueprint(stories.bp)
    if parts.partners is not None:
        app.register_blueprint(partners.bp)
        app.register_blueprint(openapi.bp)
    supervision.open_in(app)
    federation.open_in(app)
    app.before_request(admission.admit)
    app.after_request(_protect)
    return app


def _protect(response: Response) -> Response:
    """Headers that every page has: nothing from elsewhere, nothing kept, nothing framed."""
    for name, value in PROTECTION.items():
        response.headers.setdefault(name, value)
    if guards.parts().renderer.base_url.startswith("https:"):
        response.headers.setdefault("Strict-Transport-Security", ONE_YEAR)
    return response
