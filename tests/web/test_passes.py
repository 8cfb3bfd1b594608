"""Who sees the load: whoever gave the key, for some hours; and nobody where there is no key."""

import logging
from dataclasses import replace
from datetime import datetime, timedelta
from unittest.mock import Mock

import pytest

from dispatcher.domain.roles import Grant, Role
from dispatcher.domain.users import Email
from dispatcher.web import passes
from dispatcher.web.app import create_app
from dispatcher.web.passes import HOLDS_FOR, TRIES, TRIES_WITHIN, Tries
from tests.office import TUESDAY, Office
from tests.web.accounts import signed_in
from tests.web.supervisors import (
    COOKIE,
    FIGURES,
    KEY,
    PAGE,
    SIGNING,
    Supervisor,
    supervisor,
    watched,
)

SECOND = timedelta(seconds=1)


@pytest.fixture
def somebody(office: Office) -> Supervisor:
    return supervisor(office)


def now(office: Office) -> datetime:
    return office.services.now()


def test_without_a_key_in_the_settings_there_is_nowhere_to_give_one(office: Office) -> None:
    """The load is for people with an account then (test_admission.py)."""
    client = create_app(office.parts).test_client()

    for path in (PAGE, PAGE + "/leave"):
        answer, nowhere = client.post(path, data={"key": KEY}), client.post("/no")
        assert answer.status_code == nowhere.status_code == 404
        assert (answer.data, answer.headers) == (nowhere.data, nowhere.headers)
    for path in (PAGE, FIGURES):
        answer = client.get(path)
        assert (answer.status_code, answer.headers["Location"]) == (303, f"/connexion?next={path}")


def test_an_account_that_may_see_the_load_needs_no_key_and_any_other_gets_no_page(
    office: Office,
) -> None:
    app = watched(office)
    carla = signed_in(replace(office, app=app))
    malo = signed_in(replace(office, app=app), Email("m@exemple.test"), Grant(Role.AGENT, "gap"))

    assert [carla.opens(each).status_code for each in (PAGE, FIGURES)] == [200, 200]
    assert "Mon compte" in carla.reads(PAGE)
    assert [malo.opens(each).status_code for each in (PAGE, FIGURES)] == [404, 404]


def test_whoever_gives_the_key_once_sees_the_load(somebody: Supervisor) -> None:
    assert somebody.opens().status_code == 403
    given = somebody.gives(KEY)

    assert (given.status_code, given.headers["Location"]) == (303, PAGE)
    assert somebody.opens().status_code == somebody.opens(FIGURES).status_code == 200


def test_a_wrong_key_opens_nothing_and_is_said_plainly(somebody: Supervisor) -> None:
    for key in ("", KEY[:-1], KEY + "x", KEY.upper(), "clé", "x" * 1000):
        answer = somebody.gives(key)
        assert answer.status_code == 403
        assert "Ce n’est pas la bonne clé" in answer.get_data(as_text=True)
        assert "Set-Cookie" not in answer.headers

    assert somebody.opens().status_code == 403


def test_spaces_around_a_pasted_key_do_not_matter(somebody: Supervisor) -> None:
    assert somebody.gives(f" {KEY}\n").status_code == 303


def test_every_door_of_the_load_but_the_form_asks_for_a_pass(somebody: Supervisor) -> None:
    """One that is added one day too."""
    rules = [rule for rule in somebody.app.url_map.iter_rules() if rule.rule.startswith(PAGE)]
    assert {rule.rule for rule in rules} == {
        *(PAGE, FIGURES, PAGE + "/leave"),
        *(PAGE + "/couverture", PAGE + "/couverture/<departement>"),
    }

    for rule in rules:
        for method in (rule.methods or set()) - {"OPTIONS"}:
            if rule.endpoint == "supervision.enter":
                continue
            answer = somebody.browser.open(rule.rule, method=method)
            assert answer.status_code == 403, (method, rule.rule)
            assert b"figure" not in answer.data


def test_a_pass_holds_for_some_hours_and_no_longer(office: Office, somebody: Supervisor) -> None:
    before, after = now(office) - HOLDS_FOR, now(office) - HOLDS_FOR + SECOND

    assert somebody.shows(passes.issue(SIGNING, at=after)).status_code == 200
    assert somebody.shows(passes.issue(SIGNING, at=before)).status_code == 403


def test_a_pass_that_was_changed_or_made_up_opens_nothing(
    office: Office, somebody: Supervisor
) -> None:
    somebody.gives(KEY)
    until, signature = somebody.cookie.split(".")
    assert somebody.shows(somebody.cookie).status_code == 200

    for made_up in (
        f"{int(until) + 3600}.{signature}",
        f"{until}.{signature[:-1]}{'0' if signature[-1] != '0' else '1'}",
        f"{until}.",
        f".{signature}",
        until,
        "",
        "é.é",
        "\xff.x",
        KEY,
        passes.issue(b"o" * 32, at=now(office)),
    ):
        assert somebody.shows(made_up).status_code == 403


def test_the_pass_is_kept_from_scripts_from_other_sites_and_from_plain_http(
    somebody: Supervisor,
) -> None:
    """Under the prefix __Host- a browser takes it only over TLS, from this host, for all of it."""
    cookie = somebody.gives(KEY).headers["Set-Cookie"]

    assert cookie.startswith(f"{COOKIE}=")
    for part in ("Secure", "HttpOnly", "SameSite=Strict", "Path=/", f"Max-Age={4 * 3600}"):
        assert part in cookie.split("; "), part
    assert "Domain" not in cookie
    assert KEY not in cookie


def test_a_demonstration_over_plain_http_keeps_a_pass_too(office: Office) -> None:
    client = watched(office, base="http://127.0.0.1:8000").test_client()

    cookie = client.post(PAGE, data={"key": KEY}).headers["Set-Cookie"]

    assert cookie.startswith("supervision=")
    assert "Secure" not in cookie
    assert "HttpOnly; Path=/; SameSite=Strict" in cookie
    assert client.get(FIGURES).status_code == 200


def test_whoever_leaves_has_no_pass_any_more(somebody: Supervisor) -> None:
    somebody.gives(KEY)

    assert somebody.leaves().status_code == 303
    assert somebody.opens().status_code == 403


@pytest.mark.parametrize("path", [f"{PAGE}?key={KEY}", f"{PAGE}/{KEY}"])
def test_a_key_in_an_address_opens_nothing(somebody: Supervisor, path: str) -> None:
    assert somebody.opens(path).status_code in {403, 404}
    assert somebody.browser.post(path, base_url="https://permanence.test").status_code in {403, 404}
    assert somebody.opens().status_code == 403


def test_the_key_stands_in_no_answer_and_no_log(
    somebody: Supervisor, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)

    answers = [somebody.gives(KEY + "x"), somebody.gives(KEY), somebody.opens(), somebody.leaves()]

    assert "a wrong key was given" in caplog.text
    assert KEY not in caplog.text
    for answer in answers:
        assert KEY not in answer.get_data(as_text=True) + str(answer.headers)


def test_after_some_wrong_keys_in_a_minute_even_the_right_one_has_to_wait(
    office: Office, somebody: Supervisor
) -> None:
    tried = [somebody.gives(f"wrong {number}").status_code for number in range(TRIES)]

    late = somebody.gives(KEY)

    assert tried == [403] * TRIES
    assert (late.status_code, late.headers["Retry-After"]) == (429, "60")
    assert "Trop d’essais" in late.get_data(as_text=True)
    assert "Set-Cookie" not in late.headers
    office.run(office.waits(TRIES_WITHIN.total_seconds()))
    assert somebody.gives(KEY).status_code == 303


def test_right_keys_are_not_counted(somebody: Supervisor) -> None:
    given = [somebody.gives(KEY).status_code for _ in range(3 * TRIES)]

    assert given == [303] * 3 * TRIES


def test_tries_are_limited_while_redis_and_sql_are_away(
    office: Office, somebody: Supervisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.redis.flushall()
    monkeypatch.setattr(office.services.store.engine, "connect", Mock(side_effect=AssertionError))

    tried = [somebody.gives("wrong").status_code for _ in range(TRIES + 2)]

    assert tried == [403] * TRIES + [429, 429]


def test_refused_tries_do_not_lengthen_the_wait() -> None:
    tries = Tries()
    assert all(tries.take(at=TUESDAY) for _ in range(TRIES))
    for second in range(60):
        assert not tries.take(at=TUESDAY + second * SECOND)

    assert tries.take(at=TUESDAY + TRIES_WITHIN)


def test_a_pass_guard_that_breaks_lets_nobody_in(
    somebody: Supervisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    somebody.gives(KEY)
    monkeypatch.setattr(passes, "holds", Mock(side_effect=RuntimeError("broken on purpose")))

    answer = somebody.opens(FIGURES)

    assert answer.status_code == 500
    assert b"figure" not in answer.data
