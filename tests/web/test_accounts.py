"""A telephone's code, codes on paper, a password: one's own account."""

from datetime import timedelta
from unittest.mock import Mock

import pytest

from dispatcher.domain.floods import CODES_OF_ACCOUNT, PASSWORDS_OF_ACCOUNT
from dispatcher.domain.users import Email
from dispatcher.operations import proofs, users
from tests.office import Office
from tests.web.accounts import (
    ACCOUNT,
    CARLA,
    PASSWORD,
    SIGN_IN,
    Browser,
    code,
    enrols,
    made,
    passes,
    signed_in,
    user,
)

STEP = timedelta(seconds=30)
CODE = SIGN_IN + "/code"


@pytest.fixture
def phone(office: Office) -> tuple[str, list[str]]:
    """Carla's telephone makes codes, and she has a password: the key, and her codes on paper."""
    carla = signed_in(office)
    key, papers = enrols(office, carla)
    assert carla.posts(ACCOUNT + "/mot-de-passe", password=PASSWORD).status_code == 303
    carla.posts(ACCOUNT + "/sessions/fin")
    passes(office, STEP)
    return key, papers


@pytest.fixture
def carla(office: Office, phone: tuple[str, list[str]]) -> Browser:
    return Browser(office.app)


def test_somebody_comes_in_by_a_password_and_the_code_of_their_telephone(
    office: Office, carla: Browser, phone: tuple[str, list[str]]
) -> None:
    asked = carla.gives(PASSWORD, next="/supervision")
    half = carla.cookie
    entered = carla.posts(CODE, code=code(office, phone[0]), next="/supervision")

    assert asked.headers["Location"] == CODE + "?next=/supervision"
    assert (entered.status_code, entered.headers["Location"]) == (303, "/supervision")
    assert carla.opens().status_code == 200
    assert carla.cookie != half
    assert carla.shows(half, CODE).status_code == 303, "what was begun is over"


def test_a_code_serves_once_and_none_before_it_serves_after(
    office: Office, carla: Browser, phone: tuple[str, list[str]]
) -> None:
    key, _ = phone
    carla.gives(PASSWORD)
    now, before = code(office, key), code(office, key, steps=-1)
    assert carla.posts(CODE, code=now).status_code == 303

    seen = Browser(office.app)
    seen.gives(PASSWORD)

    assert seen.posts(CODE, code=now).status_code == 403
    assert seen.posts(CODE, code=before).status_code == 403
    passes(office, STEP)
    assert (
        seen.posts(CODE, code=f" {code(office, key)[:3]} {code(office, key)[3:]} ").status_code
        == 303
    )


@pytest.mark.parametrize(("steps", "status"), [(-2, 403), (-1, 303), (1, 303), (2, 403)])
def test_a_clock_may_go_wrong_by_one_step(
    office: Office, carla: Browser, phone: tuple[str, list[str]], steps: int, status: int
) -> None:
    passes(office, 10 * STEP)
    carla.gives(PASSWORD)

    assert carla.posts(CODE, code=code(office, phone[0], steps=steps)).status_code == status


def test_codes_are_tried_so_often_and_then_even_the_right_one_waits(
    office: Office, carla: Browser, phone: tuple[str, list[str]]
) -> None:
    carla.gives(PASSWORD)
    wrong = f"{(int(code(office, phone[0])) + 1) % 10**6:06d}"
    tried = [carla.posts(CODE, code=wrong).status_code for _ in range(CODES_OF_ACCOUNT.at_most)]

    late = carla.posts(CODE, code=code(office, phone[0]))

    assert tried == [403] * CODES_OF_ACCOUNT.at_most
    assert (late.status_code, late.headers["Retry-After"]) == (429, "900")
    passes(office, timedelta(minutes=5))
    carla.gives(PASSWORD)
    assert carla.posts(CODE, code=code(office, phone[0])).status_code == 303


def test_a_code_on_paper_serves_once_however_it_is_typed(
    office: Office, carla: Browser, phone: tuple[str, list[str]]
) -> None:
    _, papers = phone
    assert len(set(papers)) == proofs.PAPERS
    carla.gives(PASSWORD)
    assert carla.posts(CODE, code=papers[0].lower().replace("-", " ")).status_code == 303
    assert "restent : 9" in carla.reads()

    again = Browser(office.app)
    again.gives(PASSWORD)
    assert again.posts(CODE, code=papers[0]).status_code == 403
    assert again.posts(CODE, code=papers[1]).status_code == 303


def test_other_codes_on_paper_end_those_before(
    office: Office, carla: Browser, phone: tuple[str, list[str]]
) -> None:
    _, papers = phone
    carla.gives(PASSWORD)
    carla.posts(CODE, code=papers[0])
    carla.posts(ACCOUNT + "/papiers")

    again = Browser(office.app)
    again.gives(PASSWORD)

    assert again.posts(CODE, code=papers[1]).status_code == 403


def test_a_link_asks_whoever_has_a_code_for_it_too(
    office: Office, carla: Browser, phone: tuple[str, list[str]]
) -> None:
    entered = carla.comes_in(users.link(CARLA, office.services) or "")

    assert entered.headers["Location"] == CODE
    assert carla.posts(CODE, code=code(office, phone[0])).status_code == 303


def test_the_code_is_waited_for_ten_minutes(
    office: Office, carla: Browser, phone: tuple[str, list[str]]
) -> None:
    carla.gives(PASSWORD)
    token = carla.token
    passes(office, timedelta(minutes=10))

    assert (
        carla.posts(CODE, code=code(office, phone[0]), jeton=token)
        .headers["Location"]
        .startswith(SIGN_IN)
    )


@pytest.mark.parametrize("password", ["", PASSWORD + "x", PASSWORD.upper(), "é" * 300])
def test_a_wrong_password_opens_nothing(carla: Browser, password: str) -> None:
    answer = carla.gives(password)

    assert answer.status_code == 403
    assert carla.cookie == ""


def test_whoever_is_kept_out_comes_in_by_no_password(office: Office, carla: Browser) -> None:
    users.disable(CARLA, office.services)

    assert carla.gives(PASSWORD).status_code == 403


def test_nothing_tells_whether_an_address_has_an_account_or_a_password(
    office: Office, carla: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As much work is done for each, and each reads the same."""
    made(office, Email("linked@exemple.test"))
    hasher = proofs._hasher()
    proofs._nobodys()
    answers, verified = [], []
    for email in (CARLA, "linked@exemple.test", "nobody@exemple.test"):
        watched = Mock(wraps=hasher)
        monkeypatch.setattr(proofs, "_hasher", lambda watched=watched: watched)
        answer = carla.gives("not the password", email)
        answers.append(answer.get_data(as_text=True).replace(email, "…"))
        verified.append((answer.status_code, watched.verify.call_count, watched.hash.call_count))

    assert verified == [(403, 1, 0)] * 3
    assert len(set(answers)) == 1


@pytest.mark.parametrize("email", [CARLA, "nobody@exemple.test"])
def test_passwords_are_tried_so_often_for_an_address_known_or_not(
    office: Office, carla: Browser, email: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proofs, "is_password", lambda *_: False)
    tried = [carla.gives("wrong", email).status_code for _ in range(PASSWORDS_OF_ACCOUNT.at_most)]
    monkeypatch.undo()

    assert tried == [403] * PASSWORDS_OF_ACCOUNT.at_most
    assert carla.gives(PASSWORD, email).status_code == 429
    office.redis.flushall()
    assert carla.gives(PASSWORD, email).status_code == 429


def test_a_password_alone_lets_nobody_in_who_has_no_code(office: Office) -> None:
    """One is chosen only by whoever has a code; without it, it is worth nothing."""
    carla = signed_in(office)

    refused = carla.posts(ACCOUNT + "/mot-de-passe", password=PASSWORD)
    with office.services.store.writing() as tx:
        tx.proofs.set_password(user(office).id, proofs.hash_password(PASSWORD))

    assert refused.status_code == 422
    assert Browser(office.app).gives(PASSWORD).status_code == 403


@pytest.mark.parametrize("password", ["short", "x" * 300, CARLA.upper()])
def test_a_password_is_long_and_not_the_address(office: Office, password: str) -> None:
    carla = signed_in(office)
    enrols(office, carla)

    assert carla.posts(ACCOUNT + "/mot-de-passe", password=password).status_code == 422
    assert not user(office).has_password


def test_what_is_kept_of_a_password_is_argon2id_and_of_a_code_nothing_readable(
    office: Office, phone: tuple[str, list[str]]
) -> None:
    with office.services.store.reading() as tx:
        kept = tx.proofs.password(user(office).id)
    with office.services.store.engine.connect() as connection:
        [(sealed,)] = connection.exec_driver_sql("SELECT code_key FROM users").fetchall()
        hashes = {row[0] for row in connection.exec_driver_sql("SELECT hash FROM recovery_codes")}

    assert (kept or "").startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert phone[0].encode() not in sealed
    assert hashes.isdisjoint(phone[1])


def test_a_wrong_first_code_enrols_nothing(office: Office) -> None:
    carla = signed_in(office)
    carla.posts(ACCOUNT + "/code/cle")

    assert carla.posts(ACCOUNT + "/code", code="abcdef").status_code == 422
    assert not user(office).has_code
    page = carla.reads(ACCOUNT + "/code")
    assert "<svg" in page
    assert 'role="img"' in page


def test_the_code_that_enrolled_is_used_up(office: Office) -> None:
    carla = signed_in(office)
    key, _ = enrols(office, carla)
    carla.comes_in(users.link(CARLA, office.services) or "")

    assert carla.posts(CODE, code=code(office, key)).status_code == 403


def test_another_key_or_password_ends_the_other_sessions(
    office: Office, carla: Browser, phone: tuple[str, list[str]]
) -> None:
    carla.gives(PASSWORD)
    carla.posts(CODE, code=code(office, phone[0]))
    other = Browser(office.app)
    other.gives(PASSWORD)
    other.posts(CODE, code=phone[1][0])
    assert other.opens().status_code == 200

    carla.posts(ACCOUNT + "/mot-de-passe", password=PASSWORD + " encore")

    assert [carla.opens().status_code, other.opens().status_code] == [200, 303]


def test_a_screen_left_open_changes_nothing_of_how_somebody_signs_in(office: Office) -> None:
    carla = signed_in(office)
    enrols(office, carla)
    passes(office, timedelta(minutes=15))

    for path in ("/code/cle", "/code", "/papiers", "/mot-de-passe"):
        answer = carla.posts(ACCOUNT + path, password=PASSWORD, code="000000")
        assert answer.status_code == 403
        assert "connectez-vous de nouveau" in answer.get_data(as_text=True)
    assert not user(office).has_password


def test_whoever_lost_their_telephone_begins_anew_with_a_link_of_the_operator(
    office: Office, carla: Browser
) -> None:
    link = users.link(CARLA, office.services, without_code=True)

    assert carla.comes_in(link or "").headers["Location"] == ACCOUNT
    assert Browser(office.app).gives(PASSWORD).status_code == 403
