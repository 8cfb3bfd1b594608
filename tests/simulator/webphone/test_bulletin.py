"""A page is told at once of what is new, and waits for what is not."""

from concurrent.futures import ThreadPoolExecutor

from dispatcher.simulator.webphone.bulletin import Bulletin

LONG = 60.0


def test_a_page_that_knows_nothing_is_answered_at_once() -> None:
    bulletin = Bulletin()
    bulletin.put("story", "once")

    assert bulletin.after("", LONG)["story"] == "once"


def test_a_page_that_knows_everything_waits_for_the_next_thing() -> None:
    bulletin = Bulletin()
    mark = bulletin.after("", 0)["mark"]

    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(bulletin.after, mark, LONG)
        while not bulletin.watched(0):
            pass
        bulletin.put("story", "once")

        assert waiting.result(LONG)["story"] == "once"


def test_the_same_thing_said_twice_is_nothing_new() -> None:
    bulletin = Bulletin()
    bulletin.put("story", ["once"])
    mark = bulletin.after("", 0)["mark"]

    bulletin.put("story", ["once"])

    assert bulletin.after(mark, 0)["mark"] == mark


def test_a_page_of_before_a_restart_is_answered_at_once() -> None:
    old, new = Bulletin(), Bulletin()
    mark = old.after("", 0)["mark"]

    assert new.after(mark, LONG)["mark"] != mark


def test_nobody_waits_on_when_it_closes() -> None:
    bulletin = Bulletin()
    mark = bulletin.after("", 0)["mark"]

    bulletin.close()

    assert bulletin.after(mark, LONG)["mark"] == mark


def test_a_page_is_open_while_it_asks_and_a_moment_longer() -> None:
    bulletin = Bulletin()
    assert not bulletin.watched(LONG)

    bulletin.after("", 0)

    assert bulletin.watched(LONG)
    assert not bulletin.watched(0)
