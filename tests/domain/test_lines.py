"""Which line a called number leads to."""

from dispatcher.domain.lines import ANY, Line, line_for
from dispatcher.domain.schedule import OpeningHours, WeeklySlots

HOURS = OpeningHours(WeeklySlots(), "Europe/Paris")


def line(name: str, *numbers: str) -> Line:
    return Line(name, numbers, "+33465710010", "+33465710011", HOURS)


ALPES = line("alpes", "+33465710012", "+33465710013")
REST = line("rest", ANY)


def test_a_number_leads_to_the_line_that_names_it() -> None:
    assert line_for([REST, ALPES], "+33465710013") is ALPES


def test_a_number_that_no_line_names_leads_to_the_line_for_any() -> None:
    assert line_for([ALPES, REST], "+33465719999") is REST
    assert line_for([ALPES, REST], "sip:accueil@exemple.fr") is REST
    assert line_for([ALPES, REST], "") is REST


def test_a_number_that_no_line_wants_leads_nowhere() -> None:
    assert line_for([ALPES], "+33465719999") is None
    assert line_for([], "+33465710012") is None


def test_a_called_number_is_known_however_the_carrier_writes_it() -> None:
    assert line_for([ALPES, REST], "04 65 71 00 12") is ALPES


def test_a_star_that_somebody_calls_is_no_number() -> None:
    assert line_for([ALPES], ANY) is None
