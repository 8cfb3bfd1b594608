"""Whoever asks on the web leaves no number and no name where it need not be."""

import logging
from pathlib import Path

import pytest

from dispatcher.simulator import answers
from tests.office import Office
from tests.people import INES
from tests.web.forms import PAGE, ROSES, Stranger
from tests.web.test_privacy import OURS, everything_in, formatted

NUMBER, NAME = "199004321", "Rosalinde"


def shown_in(text: str) -> bool:
    return NUMBER in text.replace(" ", "") or NAME.lower() in text.lower()


def test_no_number_and_no_name_of_a_form_in_addresses_redis_logs_or_readable_in_sql(
    office: Office, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    caplog.set_level(logging.DEBUG)
    office.network.phone(INES.number).when_rung(answers(at="tapez 1", talks_for=20))
    office.network.phone("+33" + NUMBER).when_rung(answers(at="tapez 1", talks_for=None))
    held: list[str] = []
    office.network.every(1, lambda: held.extend(everything_in(office.redis)))
    rosalinde = Stranger(office.app)
    theirs = {"number": "0" + NUMBER, "first_name": NAME}
    links = [rosalinde.gets_a_link(**theirs) for _ in range(2)]
    rosalinde.posts(PAGE, ROSES | theirs | {"postal_code": "99999"})
    rosalinde.posts(PAGE, ROSES | theirs | {"site": "x"})
    office.has(INES)

    async def waits() -> None:
        await office.waits(90)

    office.run(waits(), until=100)

    assert len(office.network.ledger.bridges()) == 1, "they were rung"
    told = [formatted(each) for each in caplog.records if each.name.split(".")[0] in OURS]
    addresses = [entry.path for entry in office.network.ledger.entries if entry.path]
    for where, texts in {"Redis": held, "logs": told, "addresses": [*addresses, *links]}.items():
        assert len(texts) > 1, where
        assert not [text for text in texts if shown_in(text)], where
    office.services.store.engine.dispose()
    kept = b"".join(path.read_bytes() for path in tmp_path.glob("permanence.db*"))
    assert NUMBER.encode() not in kept
    assert NAME.lower().encode() not in kept.lower()


def test_an_error_in_the_door_logs_neither(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    with office.services.store.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE callbacks RENAME TO elsewhere")

    answer = Stranger(office.app).posts(PAGE, ROSES | {"number": "0" + NUMBER, "first_name": NAME})

    assert answer.status_code == 503
    assert "OperationalError" in caplog.text
    assert not shown_in("".join(map(formatted, caplog.records)))
