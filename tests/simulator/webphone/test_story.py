"""The application tells the story of a call, and the page shows it while it is open."""

import threading
from collections.abc import Iterator

import pytest
from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

from dispatcher.simulator.webphone.story import Reader, Source
from tests.simulator.webphone.conftest import Hands

ANSWERS = {"/story/CA1": '{"told": []}', "/story/CA2": "[]", "/story/CA3": "no JSON"}


@pytest.fixture
def source() -> Iterator[Source]:
    """An application that knows a few stories, for whoever has its key."""

    @Request.application
    def app(request: Request) -> Response:
        if request.headers.get("X-Demo-Key") != "the key":
            return Response("forbidden", 403)
        text = ANSWERS.get(request.path)
        return Response(text, 404 if text is None else 200)

    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield Source(f"http://127.0.0.1:{server.server_port}/story", "the key")
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_story_is_asked_for_with_its_key(source: Source) -> None:
    assert source.ask("CA1") == {"told": []}
    assert Source(source.url, "another").ask("CA1") is None


@pytest.mark.parametrize("call", ["CA2", "CA3", "CA4"])
def test_what_is_no_story_is_not_shown(source: Source, call: str) -> None:
    assert source.ask(call) is None


def test_an_application_that_is_away_has_no_story() -> None:
    assert Source("http://127.0.0.1:9/story", "the key").ask("CA1") is None


def test_a_story_elsewhere_than_here_is_never_asked_for() -> None:
    with pytest.raises(ValueError, match="this machine only"):
        Source("http://192.0.2.1/story", "the key").ask("CA1")


def test_the_key_is_not_shown() -> None:
    assert "the key" not in repr(Source("http://127.0.0.1:9/story", "the key"))


def test_the_story_of_the_citizens_call_is_put_up(source: Source, hands: Hands) -> None:
    hands.booth.about = "CA1"
    mark = hands.bulletin.after("", 0)["mark"]

    reader = Reader(source, hands.booth, hands.bulletin)

    shown = hands.bulletin.after(mark, 60)
    reader.close()
    assert shown["story"] == {"told": []}
