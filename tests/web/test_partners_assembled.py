"""The keys of partners come from the settings."""

from pathlib import Path

from redis import Redis

from config.settings import Settings
from dispatcher.assembly import Parts, assemble
from tests.config.test_settings import environment
from tests.web.programs import KEY


def parts(folder: Path, **settings: str) -> Parts:
    chosen = Settings.read(environment(DATA_DIR=str(folder), LINES_FILE="", **settings))
    return assemble(chosen, redis=Redis(port=1))


def test_who_is_listed_is_a_partner_and_nobody_else(tmp_path: Path) -> None:
    partners = parts(tmp_path, PARTNER_KEYS=f"ccas-gap:{KEY}").partners

    assert partners is not None
    assert (partners.named(KEY), partners.named(KEY[1:])) == ("ccas-gap", None)
    assert KEY not in repr(partners)


def test_without_a_list_there_are_no_partners(tmp_path: Path) -> None:
    assert parts(tmp_path).partners is None
