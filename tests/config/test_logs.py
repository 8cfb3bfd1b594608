"""A log line is one line, and holds no telephone number."""

import io
import logging

import pytest

from config.logs import OneLine, masked


def logged(message: str, *values: object, error: BaseException | None = None) -> str:
    """What a record looks like in the log."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(OneLine("calls"))
    logger = logging.getLogger("dispatcher.operations")
    logger.addHandler(handler)
    logger.error(message, *values, exc_info=error)
    logger.removeHandler(handler)
    return stream.getvalue()


@pytest.mark.parametrize(
    "number",
    [
        "0465710012",
        "+33465710012",
        "0033465710012",
        "33465710012",
        "04 65 71 00 12",
        "04.65.71.00.12",
        "04-65-71-00-12",
        "+33 4 65 71 00 12",
        "%2B33465710012",
        "sip:+33465710012@sip.example",
        "client:0465710012",
    ],
)
def test_a_number_that_slips_into_a_log_shows_its_last_two_digits_only(number: str) -> None:
    line = logged("ringing %s now", number)

    assert "•••12" in line
    assert "65" not in line.partition("message=")[2]


def test_a_number_in_a_traceback_is_masked_too() -> None:
    try:
        raise ValueError("no agent at 0465710012")
    except ValueError as wrong:
        line = logged("failed", error=wrong)

    assert "ValueError: no agent at •••12" in line
    assert line.count("\n") == 1


@pytest.mark.parametrize(
    "harmless",
    [
        "CA12345678901234567890123456789012",
        "12345678-1234-1234-1234-123456789012",
        "2026-11-24T10:00:00.123456+00:00",
        "commune:05061 epci:200068",
        "in 123456 ms",
    ],
)
def test_what_is_no_number_stays_readable(harmless: str) -> None:
    assert masked(harmless) == harmless


def test_a_message_of_several_lines_stays_one_line() -> None:
    line = logged("first\nsecond")

    assert line.count("\n") == 1
    assert 'level=ERROR process=calls logger=dispatcher.operations message="first\\nsecond"' in line
