"""The file that describes the lines: what it may say, and every way it may be wrong."""

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from config.lines import SHIPPED, LinesError, read_lines
from config.words import words
from dispatcher.domain.agents import Need
from dispatcher.domain.announcements import Announcement
from dispatcher.domain.lines import Line, line_for
from dispatcher.domain.schedule import WeeklySlots
from dispatcher.domain.territories import Territory

ROOT = Path(__file__).parents[2]
LINE = """
[[line]]
id = "alpes"
numbers = ["04 65 71 00 12"]
public_number = "0800 12 34 56"
caller_id = "04 65 71 00 12"
hours = "mon-fri 09:00-12:00"
"""


def announcement(given: str = "", wrong: str = "") -> str:
    """A right announcement, or one where ``wrong`` stands in the place of ``given``."""
    right = '[[line.announcement]]\nfrom = 2027-05-20\nto = 2027-06-08\ntext = "Reportée."\n'
    assert given in right
    return right.replace(given, wrong, 1) if given else right


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "lines.toml"


def read(file: Path, text: str) -> tuple[Line, ...]:
    file.write_text(text, encoding="utf-8")
    return read_lines(file)


def refused(file: Path, text: str) -> list[str]:
    """The problems of a text, without the file's name before each."""
    with pytest.raises(LinesError) as caught:
        read(file, text)
    problems = str(caught.value).splitlines()
    assert all(problem.startswith(f"{file}: ") for problem in problems)
    return [problem.removeprefix(f"{file}: ") for problem in problems]


def test_the_shipped_file_is_one_line_always_open_for_any_number() -> None:
    [line] = read_lines(SHIPPED)

    assert (line.id, line.numbers) == ("principale", ("*",))
    assert line.hours.is_open(datetime(2026, 12, 25, 3, tzinfo=UTC))
    assert line.hours.closes_at(datetime(2026, 12, 25, 3, tzinfo=UTC)) is None
    assert (line.ring_seconds, line.wrap_up_seconds) == (15, 30)
    assert (line.calls_per_second, line.offers_per_hour) == (1, 12)
    assert (line.calls_per_number, line.remember_days) == (10, 180)
    assert (line.regulars_per_day, line.regulars_per_structure) == (20, 5)
    assert (line.booking_days, line.bookings_per_agent) == (7, 1)
    assert line.announcements == ()
    assert {line.public_number[:7], line.caller_id[:7]} == {"+334657"}  # fiction's


def test_the_example_beside_the_shipped_line_can_be_taken_as_it_is(file: Path) -> None:
    shipped = SHIPPED.read_text(encoding="utf-8")
    line, example = shipped.split("# Une ligne ouverte du lundi au vendredi")
    kept = [text for text in line.splitlines() if not re.match("timezone|hours|holidays", text)]
    taken = [text.removeprefix("# ") for text in example.splitlines()[2:] if text != "#"]

    [read_line] = read(file, "\n".join([*kept, *taken]))

    assert str(read_line.hours.slots) == "mon-fri 09:00-12:30 13:30-18:00"
    assert date(2027, 5, 17) in read_line.hours.holidays
    assert read_line.hours.exceptions[0].first == date(2026, 12, 24)
    [announcement] = read_line.announcements
    assert announcement.text == "La déclaration de revenus est reportée au huit juin."
    assert str(announcement.territory) == "departement:05"


def test_a_line_is_read_whole(file: Path) -> None:
    more = """
timezone = "Indian/Reunion"
holidays = "closed"
ring_seconds = 20
wrap_up_seconds = 0
calls_per_second = 5
offers_per_hour = 8
lend_up_to = 100
hold_seconds = 0
calls_per_number = 0
remember_days = 400
regulars_per_day = 3
regulars_per_structure = 2
booking_days = 0
bookings_per_agent = 3
[[line.exception]]
from = 2026-12-24
to = "2026-12-26"
hours = "11:00-16:00"
message = "Bonnes fêtes."
[[line.exception]]
from = 2026-12-31
"""
    [line] = read(file, LINE + more)

    assert line.numbers == ("+33465710012",)
    assert (line.public_number, line.caller_id) == ("+33800123456", "+33465710012")
    assert (line.ring_seconds, line.wrap_up_seconds) == (20, 0)
    assert (line.calls_per_second, line.offers_per_hour) == (5, 8)
    assert (line.lend_up_to, line.hold_seconds) == (100, 0)
    assert (line.calls_per_number, line.remember_days) == (0, 400)
    assert (line.regulars_per_day, line.regulars_per_structure) == (3, 2)
    assert (line.booking_days, line.bookings_per_agent) == (0, 3)
    assert line.hours.zone == "Indian/Reunion"
    assert date(2026, 12, 20) in line.hours.holidays
    fetes, saint_sylvestre = line.hours.exceptions
    assert (fetes.first, fetes.last) == (date(2026, 12, 24), date(2026, 12, 26))
    assert (fetes.hours, fetes.message) == (WeeklySlots.daily("11:00-16:00"), "Bonnes fêtes.")
    assert (saint_sylvestre.last, saint_sylvestre.hours) == (date(2026, 12, 31), None)


def test_a_line_is_in_paris_and_open_on_holidays_unless_it_says_otherwise(file: Path) -> None:
    [line] = read(file, LINE)

    assert line.hours.zone == "Europe/Paris"
    assert date(2027, 5, 1) not in line.hours.holidays


def test_a_line_keeps_the_holidays_of_the_departement_it_names(file: Path) -> None:
    closed = 'holidays = "closed"\n'

    [paris] = read(file, LINE + closed)
    [alsace] = read(file, f'{LINE}{closed}departement = "67"')
    [reunion] = read(file, f'{LINE}{closed}timezone = "Indian/Reunion"')
    [corse] = read(file, f'{LINE}{closed}timezone = "Indian/Reunion"\ndepartement = "2a"')

    good_friday, abolition = date(2027, 3, 26), date(2027, 12, 20)
    kept = [paris, alsace, reunion, corse]
    assert [good_friday in line.hours.holidays for line in kept] == [False, True, False, False]
    assert [abolition in line.hours.holidays for line in kept] == [False, False, True, False]


def test_announcements_are_read_in_their_order(file: Path) -> None:
    [line] = read(
        file,
        f"""{LINE}
[[line.announcement]]
from = 2027-05-20
to = "2027-06-08"
text = "  La déclaration est\\n reportée. "
[[line.announcement]]
from = 2027-05-20T18:00:00
to = "2027-05-21 08:30"
text = "{"x" * 300}"
territory = "commune:75101"
need = "mediation"
[[line.announcement]]
from = 2027-05-20
to = 2027-05-20
text = "Partout."
territory = "france"
""",
    )

    assert line.announcements == (
        Announcement(date(2027, 5, 20), date(2027, 6, 8), "La déclaration est reportée."),
        Announcement(
            datetime(2027, 5, 20, 18),  # noqa: DTZ001 - a clock on the wall
            datetime(2027, 5, 21, 8, 30),  # noqa: DTZ001
            "x" * 300,
            Territory.parse("commune:75056"),  # Paris, by one of its arrondissements
            Need.MEDIATION,
        ),
        Announcement(date(2027, 5, 20), date(2027, 5, 20), "Partout."),
    )


def test_a_short_number_may_be_the_one_people_know(file: Path) -> None:
    [line] = read(file, LINE.replace("0800 12 34 56", "39 39"))

    assert line.public_number == "3939"


def test_a_number_is_for_its_line_and_the_others_for_the_line_of_any(file: Path) -> None:
    rest = LINE.replace("alpes", "rest").replace('["04 65 71 00 12"]', '["*"]')

    lines = read(file, LINE + rest)

    assert [getattr(line_for(lines, n), "id", None) for n in ("+33465710012", "+33465710099")] == [
        "alpes",
        "rest",
    ]


@pytest.mark.parametrize(
    ("given", "wrong", "field"),
    [
        ('id = "alpes"', 'id = "Les Alpes"', "id"),
        ('id = "alpes"', "id = 1", "id"),
        ('["04 65 71 00 12"]', '"04 65 71 00 12"', "numbers"),
        ('["04 65 71 00 12"]', "[]", "numbers"),
        ('["04 65 71 00 12"]', '["12"]', "numbers"),
        ('["04 65 71 00 12"]', "[12]", "numbers"),
        ('["04 65 71 00 12"]', '["*", "*"]', "numbers"),
        ('["04 65 71 00 12"]', '["04 65 71 00 12", "+33465710012"]', "numbers"),
        ('"0800 12 34 56"', '"vert"', "public_number"),
        ('"0800 12 34 56"', '"08001234567"', "public_number"),
        ('caller_id = "04 65 71 00 12"', 'caller_id = "3939"', "caller_id"),
        ('caller_id = "04 65 71 00 12"', "", "caller_id"),
        ('"mon-fri 09:00-12:00"', '"lun 09:00-12:00"', "hours"),
        ('"mon-fri 09:00-12:00"', '"mon"', "hours"),
        ('"mon-fri 09:00-12:00"', "[]", "hours"),
    ],
)
def test_a_wrong_field_is_named_with_its_line(
    file: Path, given: str, wrong: str, field: str
) -> None:
    assert given in LINE

    [problem] = refused(file, LINE.replace(given, wrong))

    assert re.match(f"ligne « (alpes|1|Les Alpes) »: {field}: .+ ; .+[.]$", problem)


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ('timezone = "Europe"', "timezone"),
        ('timezone = "../Paris"', "timezone"),
        ('timezone = "Europe/Gap"', "timezone"),
        ('holidays = "maybe"', "holidays"),
        ('holidays = ["open"]', "holidays"),
        ("ring_seconds = 0", "ring_seconds"),
        ("ring_seconds = 61", "ring_seconds"),
        ("ring_seconds = true", "ring_seconds"),
        ("ring_seconds = 15.5", "ring_seconds"),
        ("calls_per_second = 0", "calls_per_second"),
        ("calls_per_second = true", "calls_per_second"),
        ("calls_per_number = -1", "calls_per_number"),
        ("remember_days = 0", "remember_days"),
        ("regulars_per_day = 0", "regulars_per_day"),
        ("regulars_per_structure = 0", "regulars_per_structure"),
        ("remember_days = 401", "remember_days"),
        ("booking_days = 31", "booking_days"),
        ("bookings_per_agent = 0", "bookings_per_agent"),
        ('holidays = "closed"\ndepartement = "20"', "departement"),
        ('holidays = "closed"\ndepartement = 67', "departement"),
        ('holidays = "closed"\ndepartement = "Bas-Rhin"', "departement"),
        ('holidays = "open"\ndepartement = "67"', "departement"),
        ('departement = "67"', "departement"),
        ('holidays = "maybe"\ndepartement = "67"', "holidays"),
        ('colour = "blue"', "colour"),
        ('exception = "noël"', "exception"),
        ("[[line.exception]]\nto = 2026-12-24", "exception.from"),
        ("[[line.exception]]\nfrom = 2026-12-24T10:00:00", "exception.from"),
        ('[[line.exception]]\nfrom = "24/12"', "exception.from"),
        ("[[line.exception]]\nfrom = 2026-12-24\nto = 2026-12-23", "exception.to"),
        ('[[line.exception]]\nfrom = 2026-12-24\nhours = "mon 09:00-12:00"', "exception.hours"),
        ('[[line.exception]]\nfrom = 2026-12-24\nmessage = ""', "exception.message"),
        ('[[line.exception]]\nfrom = 2026-12-24\nmessage = "\\u001b"', "exception.message"),
        ("[[line.exception]]\nfrom = 2026-12-24\nday = 1", "exception.day"),
        ("[[line.exception]]\nfrom = 2026-12-24\n" * 2, "exception"),
        ('announcement = "soldes"', "announcement"),
        ("announcement = [1]", "announcement"),
        (announcement("from = 2027-05-20", ""), "announcement.from"),
        (announcement("to = 2027-06-08", ""), "announcement.to"),
        (announcement("to = 2027-06-08", "to = 2027-05-19"), "announcement.to"),
        (announcement("to = 2027-06-08", "to = 2027-05-19T23:59:59"), "announcement.to"),
        (announcement("2027-06-08", "2027-06-08T10:00:00Z"), "announcement.to"),
        (announcement("2027-06-08", '"2027-06-08T10:00+02:00"'), "announcement.to"),
        (announcement("2027-06-08", "18:00:00"), "announcement.to"),
        (announcement("2027-06-08", '"le huit juin"'), "announcement.to"),
        (announcement("2027-06-08", "9999-12-31"), "announcement.to"),
        (announcement("2027-05-20", "0001-01-01"), "announcement.from"),
        (announcement("2027-05-20", "20270520"), "announcement.from"),
        (announcement('text = "Reportée."', ""), "announcement.text"),
        (announcement("Reportée.", " "), "announcement.text"),
        (announcement("Reportée.", "x" * 301), "announcement.text"),
        (announcement("Reportée.", "\\u0007"), "announcement.text"),
        (announcement() + 'territory = "Gap"', "announcement.territory"),
        (announcement() + 'territory = "-commune:05061"', "announcement.territory"),
        (announcement() + 'territory = "commune:99999"', "announcement.territory"),
        (announcement() + 'territory = "commune:05061 epci:1"', "announcement.territory"),
        (announcement() + "territory = 5", "announcement.territory"),
        (announcement() + 'need = "either"', "announcement.need"),
        (announcement() + 'need = ["mediation"]', "announcement.need"),
        (announcement() + 'hours = "09:00-12:00"', "announcement.hours"),
    ],
)
def test_a_wrong_setting_more_is_named_with_its_line(file: Path, more: str, field: str) -> None:
    [problem] = refused(file, f"{LINE}\n{more}\n")

    assert re.match(f"ligne « alpes »: {re.escape(field)}: .+ ; .+[.]$", problem)


def test_everything_that_is_wrong_is_said_at_once(file: Path) -> None:
    other = LINE.replace("mon-fri", "lun").replace('caller_id = "04 65 71 00 12"', "ring = 1")
    other += announcement("2027-05-20", "1") + 'need = "tout"\n'

    problems = refused(file, f"title = 1\n{LINE}holidays = 1\n{other}")

    assert [problem.split(": ")[1] for problem in problems[1:]] == [
        "holidays",
        "caller_id",
        "hours",
        "ring",
        "announcement.from",
        "announcement.need",
        "id",
        "numbers",
    ]
    assert problems[0].startswith("title : ")


def test_only_one_line_is_for_any_number(file: Path) -> None:
    both = LINE.replace('["04 65 71 00 12"]', '["*"]')

    problems = refused(file, both + both.replace("alpes", "rest"))

    assert [problem[:23] for problem in problems] == ["ligne « rest »: numbers"]


@pytest.mark.parametrize("text", ["", "line = []", "line = 1", "[line]", "id =", "line = [1]"])
def test_a_file_without_lines_is_refused(file: Path, text: str) -> None:
    [problem] = refused(file, text)

    assert " ; " in problem


def test_a_file_that_cannot_be_read_is_refused(file: Path, tmp_path: Path) -> None:
    file.write_bytes(b'id = "\xe9"')

    for path in (file, tmp_path, tmp_path / "nowhere.toml"):
        with pytest.raises(LinesError, match=re.escape(str(path))):
            read_lines(path)


def test_every_problem_has_its_words_and_every_words_their_problem() -> None:
    sources = [ROOT / "config" / "lines.py", ROOT / "config" / "line_fields.py"]
    code = "".join(source.read_text(encoding="utf-8") for source in sources)
    slots = (ROOT / "dispatcher" / "domain" / "slots.py").read_text(encoding="utf-8")
    found = set(re.findall(r'BadField\("([\w.]+)"', code))
    found |= {f"hours.{name}" for name in re.findall(r'BadSlots\("(\w+)"', slots)}

    assert set(words("lines")) == found | {"place.file", "place.field"}


values = st.recursive(
    st.integers() | st.booleans() | st.text(max_size=8) | st.dates(),
    lambda inner: st.lists(inner, max_size=2),
    max_leaves=3,
).map(lambda value: str(value).lower() if isinstance(value, bool | list) else repr(value))
FIELDS = [
    "id",
    "numbers",
    "hours",
    "timezone",
    "holidays",
    "departement",
    "exception",
    "announcement",
    "caller_id",
    "ring_seconds",
]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.sampled_from(FIELDS), values) | st.text())
def test_no_text_breaks_the_reading_of_lines(file: Path, content: dict[str, str] | str) -> None:
    if isinstance(content, dict):
        content = "\n".join(["[[line]]", *(f"{key} = {value}" for key, value in content.items())])
    file.write_text(content, encoding="utf-8", errors="replace")

    with pytest.raises(LinesError):
        read_lines(file)
