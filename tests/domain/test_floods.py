"""What is counted, and for how long."""

from datetime import UTC, datetime, timedelta

import pytest

from dispatcher.domain.floods import Allowance, counted_address

HOURLY = Allowance("x", 3, timedelta(hours=1))


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("62.34.1.1", "62.34.1.1"),
        ("2a01:e0a:1:2:3:4:5:6", "2a01:0e0a:0001:0002"),
        ("2a01:e0a:1:2:ffff::1", "2a01:0e0a:0001:0002"),
        ("::ffff:62.34.1.1", "62.34.1.1"),
        ("127.0.0.1", None),
        ("10.1.2.3", None),
        ("192.168.1.1", None),
        ("100.64.0.1", None),
        ("fd00::1", None),
        ("::1", None),
        ("", None),
        ("unknown", None),
        ("62.34.1.1:4711", None),
    ],
)
def test_an_address_is_counted_as_whoever_has_it(address: str, counted: str | None) -> None:
    assert counted_address(address) == counted


def test_a_stretch_of_time_ends_by_the_clock() -> None:
    nine = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)

    assert HOURLY.until(nine) == nine + timedelta(hours=1)
    assert HOURLY.until(nine + timedelta(minutes=59)) == nine + timedelta(hours=1)
