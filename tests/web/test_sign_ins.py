"""Coming in by a link: once, for a while, and nobody learns who has an account."""

import logging
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from dispatcher.domain.floods import LINKS_OF_ACCOUNT, SIGN_INS_OF_ADDRESS
from dispatcher.domain.roles import Grant, Role
from dispatcher.domain.users import Email
from dispatcher.operations import users
from dispatcher.web.app import create_app
from tests.office import BASE, Office
from tests.web.accounts import (
    ACCOUNT,
    CARLA,
    COOKIE,
    SIGN_IN,
    Browser,
    links,
    made,
    passes,
    signed_in,
    user,
)
from tests.web.test_home import Page

HERE, THERE = "62.34.1.1", "62.34.1.2"


@pytest.fixture
def carla(office: Office) -> Browser:
    return Browser(office.app)


def test_somebody_asks_for_a_link_and_comes_in_by_it(
    office: Office, carla: Browser, tmp_path: Path
) -> None:
    made(office)

    asked = carla.asks_for_a_link("Carla@Exemple.TEST ")
    [link] = links(office, tmp_path)
    entered = carla.comes_in(link)

    assert (asked.status_code, asked.headers["Location"]) == (303, SIGN_IN + "/lien")
    assert (entered.status_code, entered.headers["Location"]) == (303, ACCOUNT)
    assert CARLA in carla.reads()


def test_a_program_that_opens_the_link_does_not_use_it_up(office: Office, carla: Browser) -> None:
    link = made(office).removeprefix(BASE)
    scanner = Browser(office.app)

    opened = {scanner.opens(link).status_code for _ in range(3)}
    scanner.client.head(link, base_url=BASE)

    assert opened == {200}
    assert scanner.cookie == ""
    assert carla.comes_in(link).status_code == 303


def test_a_link_serves_once(office: Office, carla: Browser) -> None:
    link = made(office)
    carla.comes_in(link)

    again = Browser(office.app)

    assert again.comes_in(link).status_code == 403
    assert "ne sert plus" in again.comes_in(link).get_data(as_text=True)
    assert again.cookie == ""


@pytest.mark.parametrize(
    ("asked", "holds"), [(True, timedelta(minutes=15)), (False, timedelta(days=7))]
)
def test_a_link_holds_for_its_time_and_no_longer(
    office: Office, carla: Browser, tmp_path: Path, asked: bool, holds: timedelta
) -> None:
    link = made(office)
    if asked:
        carla.asks_for_a_link()
        [link] = links(office, tmp_path)
    passes(office, holds)

    assert carla.comes_in(link).status_code == 403


def test_a_link_made_up_opens_nothing_and_looks_like_any(office: Office, carla: Browser) -> None:
    made(office)

    shown = carla.reads(SIGN_IN + "/lien/" + "x" * 43)

    assert "Ce lien sert une seule fois" in shown
    assert carla.comes_in(SIGN_IN + "/lien/" + "x" * 43).status_code == 403


def test_known_and_unknown_addresses_are_answered_alike(
    office: Office, carla: Browser, tmp_path: Path
) -> None:
    made(office)

    answers = [carla.asks_for_a_link(each) for each in (CARLA, "nobody@exemple.test")]

    assert len({(a.status_code, a.data, str(a.headers)) for a in answers}) == 1
    assert len(links(office, tmp_path)) == 1


def test_the_same_statements_are_done_for_known_and_unknown_addresses(
    office: Office, carla: Browser
) -> None:
    """Else the time that an answer takes would tell them apart."""
    made(office)
    done: list[str] = []
    engine = office.services.store.engine

    def note(*what: object) -> None:
        done.append(str(what[2]))

    sa.event.listen(engine, "before_cursor_execute", note)
    counted = []
    for email in (CARLA, "nobody@exemple.test"):
        done.clear()
        carla.client.post(SIGN_IN + "/lien", data={"email": email}, base_url=BASE)
        counted.append(list(done))
    sa.event.remove(engine, "before_cursor_execute", note)

    assert counted[0] == counted[1] != []


def test_an_account_is_written_to_so_often_in_an_hour_known_or_not(
    office: Office, carla: Browser
) -> None:
    made(office)
    for email in (CARLA, "nobody@exemple.test"):
        asked = [carla.asks_for_a_link(email).status_code for _ in range(6)]
        assert asked == [303] * LINKS_OF_ACCOUNT.at_most + [429]

    passes(office, timedelta(hours=1))

    assert carla.asks_for_a_link().status_code == 303


def test_limits_outlast_a_restart_and_a_lost_redis(office: Office, carla: Browser) -> None:
    for _ in range(LINKS_OF_ACCOUNT.at_most):
        carla.asks_for_a_link()

    office.redis.flushall()
    again = Browser(create_app(office.parts))

    refused = again.asks_for_a_link()
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "900")


def test_an_address_tries_so_often_and_another_is_not_touched(
    office: Office, carla: Browser
) -> None:
    carla.headers = {"X-Forwarded-For": HERE}
    tried = {
        carla.asks_for_a_link(f"n{number}@exemple.test").status_code
        for number in range(SIGN_INS_OF_ADDRESS.at_most)
    }

    assert tried == {303}
    assert carla.asks_for_a_link().status_code == 429
    carla.headers = {"X-Forwarded-For": THERE}
    assert carla.asks_for_a_link().status_code == 303


def test_whoever_is_nobody_here_any_more_does_not_come_in(office: Office, carla: Browser) -> None:
    link = made(office)
    users.drop(CARLA, Role.TECHNICAL, office.services)

    assert carla.comes_in(link).status_code == 403


def test_what_is_no_address_is_said_where_it_is(carla: Browser) -> None:
    answer = carla.asks_for_a_link("carla")

    page = Page(answer.get_data(as_text=True))
    assert answer.status_code == 422
    [problem] = [each for _, each in page.found if each.get("role") == "alert"]
    described = [each for each in page.all("input") if each.get("aria-invalid")]
    assert {each["aria-describedby"] for each in described} == {problem["id"]}


def test_the_session_is_kept_from_scripts_from_other_sites_and_from_plain_http(
    office: Office, carla: Browser
) -> None:
    cookie = carla.comes_in(made(office)).headers["Set-Cookie"]

    assert cookie.startswith(f"{COOKIE}=")
    for part in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/", f"Max-Age={12 * 3600}"):
        assert part in cookie.split("; "), part
    assert "Domain" not in cookie


def test_nothing_that_opens_anything_is_kept_or_logged(
    office: Office, carla: Browser, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    caplog.set_level(logging.DEBUG)
    link = made(office).rpartition("/")[2]
    carla.comes_in(SIGN_IN + "/lien/" + link)
    carla.asks_for_a_link()

    office.services.store.engine.dispose()
    held = b"".join(path.read_bytes() for path in tmp_path.glob("permanence.db*"))

    for secret in (link, carla.cookie):
        assert secret.encode() not in held
        assert secret not in caplog.text
    assert CARLA not in caplog.text


def test_a_session_set_before_signing_in_is_not_the_one_after(
    office: Office, carla: Browser
) -> None:
    """Nobody can give somebody a session that they know (faults.md S03)."""
    carla.client.set_cookie(COOKIE, "known", domain="permanence.test", secure=True)

    carla.comes_in(made(office))

    assert carla.cookie != "known"
    assert carla.shows("known").status_code == 303
    before = carla.cookie
    link = users.link(CARLA, office.services)
    carla.comes_in(link or "")
    assert carla.cookie != before
    assert carla.shows(before).status_code == 303


def test_signing_out_ends_the_session_and_a_copy_of_its_cookie(office: Office) -> None:
    carla = signed_in(office)
    copied = carla.cookie
    assert carla.shows(copied).status_code == 200

    carla.posts(SIGN_IN + "/fin")

    assert carla.cookie == ""
    assert carla.shows(copied).headers["Location"] == f"{SIGN_IN}?next=/compte"


def test_signing_out_everywhere_ends_every_session_and_nobody_elses(office: Office) -> None:
    first, other = signed_in(office), signed_in(office, Email("m@exemple.test"))
    second = Browser(office.app)
    second.comes_in(users.link(CARLA, office.services) or "")

    first.posts(ACCOUNT + "/sessions/fin")

    assert [each.opens().status_code for each in (first, second, other)] == [303, 303, 200]


@pytest.mark.parametrize("taken", ["disable", "drop", "erase", "link"])
def test_whatever_is_taken_from_somebody_ends_their_sessions_at_once(
    office: Office, taken: str
) -> None:
    """And a page that keeps itself fresh is told so (the load's script asks every two seconds)."""
    carla = signed_in(office)
    assert carla.opens("/supervision/figures").status_code == 200

    if taken == "disable":
        users.disable(CARLA, office.services)
    elif taken == "drop":
        users.drop(CARLA, Role.TECHNICAL, office.services)
    elif taken == "erase":
        users.erase(CARLA, office.services)
    else:
        users.link(CARLA, office.services, without_code=True)

    assert carla.opens().status_code == 303
    assert carla.opens("/supervision/figures", Sec_Fetch_Mode="cors").status_code == 401


def test_a_session_left_alone_ends_and_one_in_use_goes_on_until_its_own_end(
    office: Office,
) -> None:
    carla = signed_in(office)
    passes(office, timedelta(hours=1, minutes=59))
    assert carla.opens().status_code == 200
    passes(office, timedelta(hours=1, minutes=59))
    assert carla.opens().status_code == 200, "it counts from the last page"
    passes(office, timedelta(hours=2))
    assert carla.opens().status_code == 303

    carla.comes_in(users.link(CARLA, office.services) or "")
    seen = []
    for _ in range(13):
        seen.append(carla.opens().status_code)
        passes(office, timedelta(hours=1))
    assert seen == [200] * 12 + [303]


@pytest.mark.parametrize(
    ("next", "leads"),
    [
        ("/supervision", "/supervision"),
        ("/compte?x=1", "/compte?x=1"),
        ("//evil.test", ACCOUNT),
        ("/\\evil.test", ACCOUNT),
        ("https://evil.test/compte", ACCOUNT),
        ("javascript:alert(1)", ACCOUNT),
        ("/compte\r\nSet-Cookie: a=b", ACCOUNT),
        ("/nowhere", ACCOUNT),
        ("/connexion/fin", ACCOUNT),
        ("", ACCOUNT),
    ],
)
def test_signing_in_leads_to_pages_of_ours_alone(office: Office, next: str, leads: str) -> None:
    carla = signed_in(office)

    answer = carla.client.get(SIGN_IN, query_string={"next": next}, base_url=BASE)

    assert (answer.status_code, answer.headers["Location"]) == (303, leads)


def test_another_site_signs_nobody_in(office: Office, carla: Browser) -> None:
    link = made(office)
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.test"}):
        carla.headers = headers
        assert carla.comes_in(link).status_code == 403
        assert carla.asks_for_a_link().status_code == 403
    carla.headers = {}

    assert carla.comes_in(link).status_code == 303, "and the link is not used up"


def test_while_sql_is_away_people_are_told_so(office: Office) -> None:
    carla = signed_in(office)
    with office.services.store.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE sessions RENAME TO elsewhere")

    for answer in (carla.opens(), carla.opens(SIGN_IN), carla.opens("/equipe/gap")):
        assert answer.status_code == 503
        assert "Pas pour le moment" in answer.get_data(as_text=True)


def test_somebody_with_several_roles_reads_what_they_may_do(office: Office) -> None:
    manager = Grant(Role.MANAGER, "gap")
    carla = signed_in(office, CARLA, manager)

    page = carla.reads()

    assert "responsable de maison (gap)" in page
    assert 'href="/equipe"' in page
    assert "/equipe/gap" in carla.reads("/equipe")
    assert "/supervision" not in page
    assert user(office).grants == (manager,)
