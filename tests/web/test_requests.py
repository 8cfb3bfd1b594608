"""Somebody asks to be rung back at /rappel."""

import re
from dataclasses import replace

import pytest
import sqlalchemy as sa

from dispatcher.domain.agents import Need
from dispatcher.domain.callbacks import Callback, State
from dispatcher.domain.calls import Why
from dispatcher.domain.numbers import refusal
from dispatcher.domain.schedule import WeeklySlots
from dispatcher.domain.wishes import Part
from dispatcher.store.schema import callbacks
from dispatcher.web.app import create_app
from tests.carrier.traps import ALWAYS
from tests.office import Office
from tests.people import LINE
from tests.web.forms import PAGE, ROSES, Form, Stranger

HERE, THERE = "62.34.1.1", "62.34.1.2"


@pytest.fixture
def rose(office: Office) -> Stranger:
    return Stranger(office.app)


def kept(office: Office) -> list[Callback]:
    """Every callback, whatever became of it, in the order of asking."""
    with office.services.store.reading() as tx:
        ids = tx.callbacks._connection.scalars(sa.select(callbacks.c.id).order_by("asked_at", "id"))
        return [each for id in ids if (each := tx.callbacks.find(id))]


def text(answer: object) -> str:
    return answer.get_data(as_text=True)  # type: ignore[attr-defined, no-any-return]


def test_what_is_asked_is_kept_as_a_callback_without_a_call(office: Office, rose: Stranger) -> None:
    rose.gets_a_link(part="afternoon", discreet="1")

    [callback] = kept(office)
    assert (callback.call, callback.why, callback.state) == (None, Why.FORM, State.WAITING)
    assert (callback.number, callback.first_name) == ("+33199000001", "Rose")
    assert (callback.commune, callback.need) == ("05096", Need.PROCEDURES)
    assert (callback.part, callback.discreet) == (Part.AFTERNOON, True)
    assert callback.place_since == callback.asked_at


def test_the_page_asks_in_plain_french_and_needs_no_script_and_no_cookie(rose: Stranger) -> None:
    page = rose.opens()

    form = Form(text(page))
    assert "<script" not in text(page)
    assert "Set-Cookie" not in page.headers
    assert form.ticked == {"part": "any", "reply": "telephone"}
    for name in ("number", "first_name", "postal_code", "deadline"):
        assert f'<label for="{name}">' in text(page)
    assert "01 99 00 01 00" in form.text, "the number to ring instead"


def test_a_postal_code_of_several_communes_asks_which_and_keeps_the_rest(
    office: Office, rose: Stranger
) -> None:
    asked = rose.asks(postal_code="05000", discreet="1")

    form = Form(text(asked))
    assert asked.status_code == 422
    assert "05061" in form.options["commune"]
    ticked = {"need": "procedures", "part": "any", "reply": "telephone", "discreet": "1"}
    assert form.ticked == ticked
    assert form.value("number") == ROSES["number"]
    answers = ROSES | {"postal_code": "05000", "once": form.value("once")}

    assert rose.posts(PAGE, answers | {"commune": "05061"}).status_code == 303
    assert kept(office)[0].commune == "05061"


def test_a_commune_of_elsewhere_is_not_taken(office: Office, rose: Stranger) -> None:
    assert rose.asks(postal_code="05000", commune="29019").status_code == 422
    assert kept(office) == []


WRONG = [
    ("number", "", "Il manque votre numéro"),
    ("number", "12", "Il manque des chiffres"),
    ("number", "+32470123456", "que des numéros français"),
    ("number", "0899123456", "ce genre de numéro"),
    ("number", "01 99 00 01 00", "notre propre numéro"),
    ("number", "appelez-moi", "autre chose que des chiffres"),
    ("first_name", " ", "Il manque votre prénom"),
    ("first_name", "Rose <b>", "des signes"),
    ("first_name", "R" * 41, "trop long"),
    ("postal_code", "", "Il manque votre code postal"),
    ("postal_code", "0517", "cinq chiffres"),
    ("postal_code", "99999", "ne connaissons pas"),
    ("need", "", "ce qu’il vous faut"),
    ("part", "midnight", "quand vous appeler"),
    ("deadline", "demain", "pas compris cette date"),
    ("deadline", "31/02/2027", "pas compris cette date"),
    ("deadline", "23/11/2026", "passée"),
]


@pytest.mark.parametrize(("field", "given", "said"), WRONG)
def test_a_wrong_answer_is_answered_where_it_is_and_what_was_typed_stays(
    office: Office, rose: Stranger, field: str, given: str, said: str
) -> None:
    answer = rose.asks(**{field: given, "discreet": "1"})

    form = Form(text(answer))
    assert answer.status_code == 422
    assert kept(office) == []
    assert said in form.by_id[f"{field}-wrong"]
    group = form.fields.get(f"{field}-group", form.fields[field])
    assert group["aria-invalid"] == "true"
    assert f"{field}-wrong" in (group["aria-describedby"] or "").split()
    assert form.links.count(f"#{field}") == 1, "the summary leads there"
    assert "autofocus" in form.fields["problems"]
    assert "<title>Erreur" in text(answer)
    if field not in {"need", "part"}:
        assert form.value(field) == given
    assert form.ticked["discreet"] == "1"


def test_everything_that_is_wrong_is_said_at_once(rose: Stranger) -> None:
    answer = rose.posts(PAGE, {})

    form = Form(text(answer))
    wrong = [id.removesuffix("-wrong") for id in form.by_id if id.endswith("-wrong")]
    assert wrong == ["number", "first_name", "postal_code", "need", "part"]


@pytest.mark.parametrize("trap", [*ALWAYS, LINE])
def test_no_number_that_may_not_be_rung_comes_in(office: Office, rose: Stranger, trap: str) -> None:
    """Some are only written oddly: those are understood, as the number they are."""
    answer = rose.asks(number=trap)

    numbers = [callback.number for callback in kept(office)]
    assert [refusal(each) for each in numbers] == [None] * len(numbers)
    assert LINE not in numbers
    assert answer.status_code == (303 if numbers else 422)


def test_the_same_page_sent_twice_asks_once(office: Office, rose: Stranger) -> None:
    once = Form(text(rose.opens())).value("once")

    first, second = (rose.posts(PAGE, ROSES | {"once": once}) for _ in range(2))

    assert first.headers["Location"] == second.headers["Location"]
    assert len(kept(office)) == 1


def test_somebody_who_goes_back_to_mend_their_number_is_rung_there_alone(
    office: Office, rose: Stranger
) -> None:
    once = Form(text(rose.opens())).value("once")
    rose.posts(PAGE, ROSES | {"once": once})
    rose.posts(PAGE, ROSES | {"once": once, "number": "01 99 00 00 02"})

    with office.services.store.reading() as tx:
        assert [each.number for each in tx.callbacks.owed()] == ["+33199000002"]


def test_two_first_names_on_one_number_are_two_callbacks_however_they_are_written(
    office: Office, rose: Stranger
) -> None:
    for name in ("Rose", "ROSE", " rosé ", "Léon", "leon"):
        rose.gets_a_link(first_name=name)

    with office.services.store.reading() as tx:
        assert {each.first_name for each in tx.callbacks.owed()} == {"Rose", "Léon"}


def test_nothing_tells_whether_somebody_is_owed_a_callback_already(rose: Stranger) -> None:
    first, second = rose.gets_a_link(), rose.gets_a_link()
    other = rose.gets_a_link(first_name="Léon", number="01 99 00 00 02")

    pages = [text(rose.opens(path)).replace(path, "/r/…") for path in (first, second, other)]
    codes = [re.findall(r"[0-9]{2} [0-9]{2} [0-9]{2}(?=</strong>)", page) for page in pages]
    assert len({code for [code] in codes}) == 3
    pages = [page.replace(code, "…") for page, [code] in zip(pages, codes, strict=True)]
    assert first != second
    assert pages[0] == pages[1] == pages[2]


def test_whoever_asks_for_somebody_else_again_cannot_cancel_what_that_one_asked(
    office: Office, rose: Stranger
) -> None:
    rose.gets_a_link()
    second = rose.gets_a_link()

    rose.posts(second + "/cancel", {})

    assert "annulée" in rose.reads(second).text
    with office.services.store.reading() as tx:
        assert len(tx.callbacks.owed()) == 1


def test_whoever_asks_for_ever_more_people_at_one_number_is_stopped(
    office: Office, rose: Stranger
) -> None:
    for name in ("Ada", "Bea", "Cleo", "Dina", "Eve"):
        assert rose.asks(first_name=name).status_code == 303

    refused = rose.asks(first_name="Fanny")

    assert refused.status_code == 429
    assert refused.headers["Retry-After"] == "3600"
    assert "01 99 00 01 00" in Form(text(refused)).text
    assert rose.asks(first_name="Ada").status_code == 303, "who is owed one is told no more"
    assert len(kept(office)) == 6


def test_an_address_asks_so_often_in_an_hour_and_another_is_not_touched(
    office: Office, rose: Stranger
) -> None:
    def asks(nth: int, address: str) -> int:
        rose.headers = {"X-Forwarded-For": address}
        return rose.asks(number=f"01990010{nth:02d}", first_name=f"Ann{'a' * nth}").status_code

    assert {asks(nth, HERE) for nth in range(20)} == {303}
    assert asks(20, HERE) == 429
    assert asks(21, f"{THERE}, {HERE}") == 429, "only what our own proxy added counts"
    assert asks(22, THERE) == 303
    assert len(kept(office)) == 21


def test_an_address_that_may_be_anybodys_is_not_counted(office: Office, rose: Stranger) -> None:
    """A proxy that says nothing of whom it saw: all would be stopped for one."""
    app = create_app(replace(office.parts, proxies=0))
    rose = Stranger(app, {"X-Forwarded-For": HERE})

    answers = {
        rose.asks(number=f"01990010{nth:02d}", first_name=f"Ann{'a' * nth}").status_code
        for nth in range(25)
    }

    assert answers == {303}


def test_the_same_words_for_number_after_number_are_a_programs(rose: Stranger) -> None:
    statuses = [rose.asks(number=f"01990010{nth:02d}").status_code for nth in range(31)]

    assert statuses == [303] * 30 + [429]


def test_whoever_fills_in_what_nobody_sees_is_a_program(office: Office, rose: Stranger) -> None:
    assert rose.asks(site="https://exemple.test").status_code == 429
    assert kept(office) == []


@pytest.mark.parametrize(
    "headers",
    [{"Sec_Fetch_Site": "cross-site"}, {"Origin": "https://evil.test"}, {"Origin": "null"}],
)
def test_another_site_cannot_ask_in_somebodys_name(
    office: Office, rose: Stranger, headers: dict[str, str]
) -> None:
    assert rose.posts(PAGE, ROSES, **headers).status_code == 403
    assert kept(office) == []


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec_Fetch_Site": "same-origin", "Origin": "null"},
        {"Origin": "https://permanence.test"},
        {},
    ],
)
def test_our_own_page_can(rose: Stranger, headers: dict[str, str]) -> None:
    assert rose.posts(PAGE, ROSES, **headers).status_code == 303


def test_the_form_works_while_redis_is_away(
    office: Office, rose: Stranger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(office.redis.connection_pool, "get_connection", _refuses)

    path = rose.gets_a_link()
    assert rose.posts(path + "/cancel", {}).status_code == 303

    assert kept(office)[0].state is State.CANCELLED


def _refuses(*_: object, **__: object) -> None:
    from redis.exceptions import ConnectionError as NoRedis

    raise NoRedis("away")


def test_while_sql_is_away_people_are_told_so_and_whom_to_ring(
    office: Office, rose: Stranger
) -> None:
    path = rose.gets_a_link()
    with office.services.store.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE callbacks RENAME TO elsewhere")

    for answer in (rose.asks(), rose.opens(path), rose.posts(path + "/cancel", {})):
        assert answer.status_code == 503
        assert "01 99 00 01 00" in Form(text(answer)).text


def test_a_deadline_brings_somebody_forward_within_bounds(office: Office, rose: Stranger) -> None:
    rose.gets_a_link(deadline="2026-11-26")

    [callback] = kept(office)
    assert callback.due_at == callback.asked_at
    forward = callback.asked_at - callback.place_since
    assert 12 * 3600 < forward.total_seconds() < 24 * 3600


def test_a_part_of_the_day_in_which_nobody_is_rung_is_neither_offered_nor_taken(
    office: Office,
) -> None:
    mornings = WeeklySlots.parse("mon-fri 09:00-12:00")
    lines = [replace(office.services.lines[0], callback_windows=mornings)]
    services = replace(office.services, lines=lines)
    rose = Stranger(create_app(replace(office.parts, services=services)))

    assert "part-afternoon" not in rose.reads(PAGE).fields
    answer = rose.asks(part="afternoon")

    assert answer.status_code == 422
    assert "pas à ce moment" in Form(text(answer)).by_id["part-wrong"]


def test_whoever_asks_from_another_lines_link_asks_that_line(
    office: Office,
) -> None:
    lines = [office.services.lines[0], replace(office.services.lines[0], id="b")]
    services = replace(office.services, lines=lines)
    rose = Stranger(create_app(replace(office.parts, services=services)))

    assert rose.asks(path=PAGE + "?ligne=b").status_code == 303
    assert [each.line for each in kept(office)] == ["b"]
