"""Every path that a script names leads to a door that takes a POST; a sound's, to one that is open."""

import pytest
from flask import Flask
from werkzeug.exceptions import MethodNotAllowed

from dispatcher.domain import doors
from dispatcher.web import fallback, rooms, sounds, voice

OFFER_DOORS = (
    "screen",
    "key",
    "listen",
    "legs",
    "ended",
    "dial",
    "greet",
    "greeted",
    "called",
    "citizen",
)
TRANSFER_DOORS = ("way", "held", "wait/citizen", "left/7", "consulted", "referral", "legs")
PATHS = [
    doors.INCOMING,
    doors.STATUS,
    doors.FALLBACK,
    doors.FALLBACK_NUMBER + "/1",
    doors.WAIT,
    doors.LEFT,
    doors.answer(7),
    doors.recorded(7),
    doors.RECORDINGS,
    doors.pressed(7, 2),
    *(doors.offer("a1b2", what) for what in OFFER_DOORS),
    *(doors.transfer("c3d4", what) for what in TRANSFER_DOORS),
    doors.asked("c3d4", "e5f6"),
    doors.heard("c3d4", "e5f6", 1),
]


@pytest.fixture
def app() -> Flask:
    app = Flask(__name__)
    app.register_blueprint(voice.bp)
    app.register_blueprint(fallback.bp)
    app.register_blueprint(rooms.bp)
    return app


@pytest.mark.parametrize("path", PATHS)
def test_a_path_of_a_script_is_a_door(app: Flask, path: str) -> None:
    adapter = app.url_map.bind("permanence.test")

    endpoint, _ = adapter.match(path, method="POST")

    assert endpoint.split(".")[0] in {"voice", "fallback", "rooms"}
    with pytest.raises(MethodNotAllowed):
        adapter.match(path, method="GET")


def test_every_door_of_the_carrier_is_named_in_one_place(app: Flask) -> None:
    named = {path.replace("7", "<int:turn>").replace("a1b2", "<offer>") for path in PATHS}
    named = {path.replace("<int:turn>/2", "<int:turn>/<int:verse>") for path in named}
    named = {
        path.replace("c3d4", "<transfer>").replace("wait/citizen", "wait/<side>") for path in named
    }
    named = {path.replace("number/1", "number/<int:tries>") for path in named}
    named = {path.replace("e5f6/1", "e5f6/<int:again>") for path in named}
    named = {path.replace("e5f6", "<consent>") for path in named}

    assert {rule.rule for rule in app.url_map.iter_rules()} - {"/static/<path:filename>"} == named


def test_a_recorded_sentence_is_fetched_at_the_one_open_door_of_the_carrier() -> None:
    """It has no signature to show: see web/test_guards.py for what else is open."""
    app = Flask(__name__)
    app.register_blueprint(sounds.bp)
    path = doors.sound("ask.commune.choice~gap~1.wav", "1f-2c").partition("?")[0]

    endpoint, found = app.url_map.bind("permanence.test").match(path, method="GET")

    assert (endpoint, found) == ("sounds.sound", {"file": "ask.commune.choice~gap~1.wav"})
    assert not app.before_request_funcs
