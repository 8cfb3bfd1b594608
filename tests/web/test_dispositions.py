"""Pages on which an agent writes of a conversation, without a script: theirs alone."""

import html
import json
import logging
import re
from html.parser import HTMLParser

import pytest

from dispatcher.domain.agents import AgentId
from dispatcher.domain.calls import OfferId
from dispatcher.domain.dispositions import Outcome, Writing
from dispatcher.domain.matters import Matter
from dispatcher.domain.roles import Grant, Role
from dispatcher.domain.users import Email
from dispatcher.operations import dispositions
from tests.conversations import LANDLINE, MOBILE, rings_back, talks
from tests.office import Office
from tests.payloads import PAYLOADS
from tests.people import INES, MALO
from tests.web.accounts import Browser, signed_in
from tests.web.test_privacy import everything_in

PAGE = "/agent/suivi"
MINE, MALOS = f"{PAGE}/o1", f"{PAGE}/o2"
TAXES = {"matter": "money.taxes", "outcome": "settled", "note": "Revient jeudi."}
FIRST = {"version": "0", "tab": "1" * 16, "turn": "1"}


@pytest.fixture
def ines(office: Office) -> Browser:
    """She and Malo each had a conversation, and she is signed in."""
    office.has(INES, MALO)
    talks(office.services)
    talks(office.services, AgentId(2), 2)
    return signed_in(office, Email(INES.email), Grant(Role.AGENT, "orcieres"))


def stands(office: Office) -> Writing:
    found = dispositions.look(OfferId("o1"), AgentId(1), office.services)
    assert found is not None
    return found.disposition.writing


def hidden(page: str) -> dict[str, str]:
    """The version and the form that a page was given."""
    return dict(re.findall(r'name="(version|tab|turn)" value="(\w+)"', page))


def text(page: str) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", "", page)))


def test_she_writes_and_reads_it_back_and_the_list_says_so(office: Office, ines: Browser) -> None:
    assert "à écrire" in ines.reads(PAGE)
    form = hidden(ines.reads(MINE))

    answer = ines.posts(MINE, **TAXES, **form)

    assert answer.status_code == 303
    assert stands(office) == Writing(Matter.MONEY_TAXES, Outcome.SETTLED, "", "Revient jeudi.")
    page = ines.reads(answer.headers["Location"])
    assert "C’est enregistré." in page
    assert '<option value="money.taxes" selected>' in page
    assert "\nRevient jeudi.</textarea>" in page
    assert "à écrire" not in ines.reads(PAGE)


def test_nothing_shows_the_number_of_whoever_rang(ines: Browser) -> None:
    pages = ines.reads(PAGE) + ines.reads(MINE)

    assert "39 98" not in pages
    assert MOBILE.removeprefix("+33") not in pages


@pytest.mark.parametrize("path", [MALOS, f"{PAGE}/none", f"{PAGE}/o1/brouillon", f"{PAGE}/%00"])
def test_what_is_not_hers_is_not_there(office: Office, ines: Browser, path: str) -> None:
    assert ines.opens(path).status_code in {404, 405}
    if path != f"{PAGE}/o1/brouillon":
        assert ines.posts(path, **TAXES, **FIRST).status_code == 404
        assert ines.posts(f"{path}/brouillon", **TAXES, **FIRST).status_code == 404
    with office.services.store.reading() as tx:
        assert tx.dispositions.find(OfferId("o2")) is None


def test_what_she_writes_is_in_no_log_no_address_and_not_in_redis(
    office: Office, ines: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    secret = {"note": "Rosamonde tousse", "service": "Rosamonde et Cie"}
    recap = {"act": "recap", "recap": "recap.service", "by": "email", "place": "Rosamonde"}

    ines.posts(f"{MINE}/brouillon", **TAXES | secret, **FIRST)
    sent = ines.posts(MINE, **TAXES | secret, **FIRST, **recap, address="rosamonde@exemple.test")

    assert sent.status_code == 303
    assert "osamonde" not in sent.headers["Location"].lower()
    assert "osamonde" not in caplog.text.lower()
    assert not [held for held in everything_in(office.redis) if "osamonde" in held.lower()]


def test_the_button_says_what_is_missing_and_keeps_what_was_typed(
    office: Office, ines: Browser
) -> None:
    answer = ines.posts(MINE, note="Revient jeudi.", outcome="sent_on", **FIRST)

    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "Dites de quoi il s’agissait" in text(page)
    assert 'href="#service"' in page
    assert "Revient jeudi." in page
    assert stands(office).note == "Revient jeudi.", "half of it is kept all the same"
    assert ines.posts(MINE, **TAXES, **hidden(page)).status_code == 303


def test_of_two_windows_the_later_is_told_and_may_decide(office: Office, ines: Browser) -> None:
    ines.posts(MINE, **TAXES, **FIRST)

    other = ines.posts(MINE, **TAXES | {"note": "Autre"}, **FIRST | {"tab": "2" * 16})

    page = other.get_data(as_text=True)
    assert other.status_code == 409
    assert "changé ailleurs" in page
    assert '<p class="quoted">Revient jeudi.</p>' in page, "what they would write over"
    assert " data-held" in page, "nothing goes over it by itself"
    assert "\nAutre</textarea>" in page
    assert stands(office).note == "Revient jeudi."
    ines.posts(MINE, **TAXES | {"note": "Autre"}, **hidden(page))
    assert stands(office).note == "Autre"


def test_a_draft_says_the_version_to_write_over_next(office: Office, ines: Browser) -> None:
    at = f"{MINE}/brouillon"

    kept = ines.posts(at, note="Rev", **FIRST)
    newer = ines.posts(at, note="Revient", **FIRST | {"version": "1", "turn": "3"})
    late = ines.posts(at, note="Revi", **FIRST | {"version": "1", "turn": "2"})
    other = ines.posts(at, note="Non", **FIRST | {"tab": "2" * 16, "version": "1"})
    long = ines.posts(at, note="n" * 1001, **FIRST | {"version": "2", "turn": "4"})

    statuses = [each.status_code for each in (kept, newer, late, other, long)]
    assert statuses == [200, 200, 200, 409, 422]
    assert [each.get_json().get("version") for each in (kept, newer, late, other)] == [1, 2, 2, 2]
    assert "trop long" in long.get_json()["wrong"]
    assert stands(office).note == "Revient"


def test_a_draft_without_the_token_of_a_page_is_refused(office: Office, ines: Browser) -> None:
    assert ines.posts(f"{MINE}/brouillon", jeton="x", **TAXES, **FIRST).status_code == 403
    assert stands(office) == Writing()


def test_another_call_is_booked_once_and_what_was_typed_is_kept(
    office: Office, ines: Browser
) -> None:
    wish = {"act": "book", "mine": "1", "when": "on_a_day", "day": "3/12/2026"}

    booked = ines.posts(MINE, **TAXES, **FIRST, **wish)
    again = ines.posts(MINE, **TAXES, **FIRST, **wish)

    assert "la personne sera rappelée" in ines.reads(booked.headers["Location"])
    assert "il n’y en a qu’un" in ines.reads(again.headers["Location"])
    assert "Un rappel est noté." in ines.reads(MINE)
    assert stands(office).note == "Revient jeudi."
    with office.services.store.reading() as tx:
        [id] = tx.person.callbacks(MOBILE)
        callback = tx.callbacks.find(id)
    assert callback is not None
    assert f"{callback.due_at:%d/%m}" == "03/12"


def test_a_recap_goes_once_from_a_template(office: Office, ines: Browser) -> None:
    recap = {"act": "recap", "recap": "recap.service", "by": "sms", "place": "Caf {number} de Gap"}

    first, again = (ines.posts(MINE, **TAXES, **FIRST, **recap) for _ in range(2))

    assert "le récapitulatif part" in ines.reads(first.headers["Location"])
    assert "déjà parti" in ines.reads(again.headers["Location"])
    with office.services.store.reading() as tx:
        [sent] = tx.person.texts(MOBILE)
    assert sent.body.startswith(
        "Permanence. Pour la suite, adressez-vous ici : Caf {number} de Gap. Une question ?"
    )


def test_who_rang_from_a_landline_gets_no_text(office: Office, ines: Browser) -> None:
    offer = talks(office.services, n=3, number=LANDLINE)
    at = f"{PAGE}/{offer}"
    recap = {"act": "recap", "recap": "recap.service", "by": "sms", "place": "Caf de Gap"}

    page = ines.posts(at, **TAXES, **FIRST, **recap).get_data(as_text=True)

    assert "Pas de SMS possible" in page
    assert "Ce SMS ne peut pas partir" in page
    assert 'value="Caf de Gap"' in page


def test_during_a_call_another_one_cannot_be_booked_yet(office: Office, ines: Browser) -> None:
    at = f"{PAGE}/{talks(office.services, n=3, ended=False)}"

    assert "dès que la conversation sera finie" in ines.reads(at)
    answer = ines.posts(at, **TAXES, **FIRST, act="book", mine="1", when="soon")
    assert "ne peut pas être noté" in ines.reads(answer.headers["Location"])


class Structure(HTMLParser):
    """The tags of a page with the names of their attributes, and where its addresses lead."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, tuple[str, ...]]] = []
        self.said: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, tuple(name for name, _ in attrs)))
        self.said += [value or "" for _, value in attrs]

    @property
    def text(self) -> str:
        """All that is read or stands in a field, with single spaces."""
        return "\n".join(" ".join(each.split()) for each in self.said)

    def handle_comment(self, data: str) -> None:
        self.tags.append(("!--", (data,)))

    def handle_data(self, data: str) -> None:
        self.said.append(data)


def test_forty_payloads_in_every_field_and_name_are_words_and_nothing_else(
    office: Office, ines: Browser
) -> None:
    def pages(words: str, n: int) -> list[str]:
        """With a note and a service that are kept, and with all that may be typed sent back."""
        typed = {"note": words, "service": words[:80], "version": str(n)}
        kept = ines.posts(MINE, **TAXES | typed, tab=f"{n:016x}", turn="1")
        assert kept.status_code == 303, words
        fields = dict.fromkeys(("date", "address", "day", "mine", "when"), words)
        back = ines.posts(
            MINE, **TAXES | typed | fields | {"place": words[:60]}, tab=f"{n:016x}", turn="1", act="recap", recap=words,
            by=words,
        )  # fmt: skip
        assert back.status_code == 422, words
        late = ines.posts(MINE, **typed | {"note": words + "."}, tab="f" * 16, turn="1")
        assert late.status_code == 409, words
        return [ines.reads(MINE), *(each.get_data(as_text=True) for each in (back, late))]

    harmless = [Structure(page).tags for page in pages("bonjour", 0)]

    assert len(PAYLOADS) >= 40
    for n, payload in enumerate(PAYLOADS, 1):
        shown = [Structure(page) for page in pages(payload, n)]
        assert [each.tags for each in shown] == harmless, payload
        tidy = " ".join(payload.split())
        assert all(tidy in each.text for each in shown), payload


def test_a_payload_for_a_first_name_is_a_name(office: Office, ines: Browser) -> None:
    payloads = " ".join(PAYLOADS)
    at = f"{PAGE}/{rings_back(office.services, first_name=payloads)}"

    page = Structure(ines.reads(at))

    assert " ".join(payloads.split()) in page.text
    assert not [name for _, names in page.tags for name in names if name.startswith("on")]
    assert [tag for tag, _ in page.tags].count("script") == 1, "ours"


def test_what_a_script_is_answered_is_never_a_page(ines: Browser) -> None:
    answer = ines.posts(f"{MINE}/brouillon", note=PAYLOADS[0], **FIRST)

    assert answer.content_type == "application/json"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "script" not in json.dumps(answer.get_json())
