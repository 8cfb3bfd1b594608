"""A mail leaves by a server of ours or into a folder, and we know what a server's silence means."""

import stat
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from dispatcher.carrier.mails import FolderPost, Letter, PostError, SmtpPost
from dispatcher.domain.mails import Address, MailId, Verdict
from tests.post_office import GONE, PostOffice, certificate, open_post_office

AT = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
SENDER = "Permanence <permanence@exemple.test>"
BODY = "Quelqu'un attend à Orcières.\n.\nDépartement : Hautes-Alpes (05)."
LETTER = Letter(MailId("m1"), Address("chef@exemple.test"), "Une longue attente, à Gap", BODY, AT)


@pytest.fixture
def office() -> Iterator[PostOffice]:
    with open_post_office() as office:
        yield office


def post(office: PostOffice, *, user: str = "", near: bool = True) -> SmtpPost:
    return SmtpPost.at(f"smtp://{user}127.0.0.1:{office.port}", SENDER, near=near)


def delivers(post: SmtpPost | FolderPost, letter: Letter = LETTER) -> bool:
    return post.deliver(letter, handing=lambda: True)


def fails(post: SmtpPost) -> Verdict:
    with pytest.raises(PostError) as failure:
        delivers(post)
    assert "exemple.test" not in str(failure.value)
    return failure.value.why


def test_a_mail_arrives_as_it_was_written_with_a_name_made_of_our_id(office: PostOffice) -> None:
    assert delivers(post(office))

    [got] = office.mails
    assert got.get_content().replace("\r\n", "\n") == BODY + "\n"
    assert (got["Subject"], got["To"], got["From"]) == (LETTER.subject, LETTER.to, SENDER)
    assert got["Message-ID"] == "<m1@exemple.test>"
    assert got["Date"].datetime == AT
    assert office.got[0].isascii(), "no server need know 8BITMIME"


@pytest.mark.parametrize("step", ["hello", "AUTH", "MAIL", "RCPT", "DATA", "end"])
@pytest.mark.parametrize("code", [451, 421])
def test_what_a_server_cannot_do_now_is_done_later(
    office: PostOffice, step: str, code: int
) -> None:
    office.asks_for_password = True
    office.will(step, code)

    assert fails(post(office, user="u:p@")) is Verdict.LATER
    assert office.got == []


@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA", "end"])
def test_what_a_server_refuses_is_refused_for_good(office: PostOffice, step: str) -> None:
    office.will(step, 550)

    assert fails(post(office)) is Verdict.REFUSED


def test_a_wrong_password_is_ours_to_mend_and_fails_no_mail(office: PostOffice) -> None:
    office.asks_for_password = True
    office.will("AUTH", 535)

    assert fails(post(office, user="u:p@")) is Verdict.LATER


@pytest.mark.parametrize("step", ["hello", "MAIL", "RCPT"])
def test_a_connection_lost_before_the_data_was_surely_not_sent(
    office: PostOffice, step: str
) -> None:
    office.will(step, GONE)

    assert fails(post(office)) is Verdict.LATER


@pytest.mark.parametrize("answer", [GONE, 999])
def test_a_connection_lost_after_the_data_may_have_been_sent(
    office: PostOffice, answer: int
) -> None:
    office.will("end", answer)

    assert fails(post(office)) is Verdict.DOUBT


def test_a_server_that_is_not_there_is_tried_later() -> None:
    with open_post_office() as office:
        closed = post(office)

    assert fails(closed) is Verdict.LATER


def test_nothing_is_handed_over_when_somebody_else_has_it(office: PostOffice) -> None:
    assert not post(office).deliver(LETTER, handing=lambda: False)

    assert "DATA" not in office.heard


def test_what_a_server_says_to_our_leaving_changes_nothing(office: PostOffice) -> None:
    office.will("QUIT", GONE)

    assert delivers(post(office))


def test_starttls_is_used_where_it_is_offered_and_a_password_goes_over_it(tmp_path: Path) -> None:
    theirs, ours = certificate(tmp_path)
    with open_post_office(PostOffice(tls=theirs, asks_for_password=True)) as office:
        far = replace(post(office, user="chef%40exemple.test:a%2Fb%23c@", near=False), context=ours)
        assert delivers(far)

    assert office.secure == [True]
    assert office.passwords == [("chef@exemple.test", "a/b#c")]
    assert office.heard.index("STARTTLS") < office.heard.index("AUTH")


def test_smtps_is_encrypted_from_the_first_word(tmp_path: Path) -> None:
    theirs, ours = certificate(tmp_path)
    with open_post_office(PostOffice(tls=theirs, tls_at_once=True)) as office:
        url = f"smtps://127.0.0.1:{office.port}"
        assert delivers(replace(SmtpPost.at(url, SENDER, near=False), context=ours))

    assert office.secure == [True]


def test_whoever_cannot_show_who_they_are_gets_nothing(tmp_path: Path) -> None:
    theirs, _ = certificate(tmp_path)
    with open_post_office(PostOffice(tls=theirs, asks_for_password=True)) as office:
        assert fails(post(office, user="u:p@", near=False)) is Verdict.LATER

    assert (office.passwords, office.got) == ([], [])


def test_a_password_never_goes_without_tls_to_another_machine(office: PostOffice) -> None:
    office.asks_for_password = True

    assert fails(post(office, user="u:p@", near=False)) is Verdict.LATER
    assert office.passwords == []


def test_a_server_written_to_a_log_shows_no_password() -> None:
    far = SmtpPost.at("smtp://somebody:swordfish@post.test", SENDER, near=False)

    assert (far.port, far.password) == (587, "swordfish")
    assert "swordfish" not in f"{far!r}"
    assert "somebody" not in f"{far!r}"


def test_without_a_server_a_mail_is_a_file_that_only_we_read(tmp_path: Path) -> None:
    folder = FolderPost(tmp_path / "var" / "mail", SENDER)

    for _ in range(2):
        assert delivers(folder)

    [path] = (tmp_path / "var" / "mail").iterdir()
    assert path.name == "m1.eml"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    read = message_from_bytes(path.read_bytes(), policy=policy.default)
    assert read["Subject"] == LETTER.subject
    assert not folder.deliver(replace(LETTER, id=MailId("m2")), handing=lambda: False)
    assert list(path.parent.iterdir()) == [path]


def test_a_folder_that_cannot_be_written_is_tried_later(tmp_path: Path) -> None:
    (tmp_path / "mail").write_text("no folder")

    with pytest.raises(PostError) as failure:
        delivers(FolderPost(tmp_path / "mail", SENDER))

    assert failure.value.why is Verdict.LATER


def test_files_of_mails_go_with_their_period(tmp_path: Path) -> None:
    folder = FolderPost(tmp_path / "mail", SENDER)
    delivers(folder)
    delivers(folder, replace(LETTER, id=MailId("m2"), at=AT + timedelta(days=2)))

    assert folder.forget(before=AT + timedelta(days=1), dry=True) == 1
    assert folder.forget(before=AT + timedelta(days=1), dry=False) == 1
    assert [path.name for path in (tmp_path / "mail").iterdir()] == ["m2.eml"]
    assert FolderPost(tmp_path / "none", SENDER).forget(before=AT, dry=False) == 0
