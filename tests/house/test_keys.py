"""Redis keys are made in one file, and each is written down there: what it holds, how long it lives."""

import inspect
import re

from dispatcher.live import keys
from tests.house.sources import ROOT, modules, named, texts_in

SCRIPTS = sorted((ROOT / "dispatcher" / "live" / "scripts").glob("*.lua"))
ROWS = re.findall(r"^\| (\w+)\S* \| (.+) \| (.+) \| (.+) \|$", keys.__doc__ or "", re.MULTILINE)
DOCUMENTED = {name: rest for name, *rest in ROWS if name != "key"}


def made_in_python() -> set[str]:
    """The first word of every key that ``live/keys.py`` makes."""
    named = [text for text in vars(keys).values() if isinstance(text, str)]
    made = [
        make(*["x"] * len(inspect.signature(make).parameters))
        for _, make in inspect.getmembers(keys, inspect.isfunction)
    ]
    found = [key.removeprefix(keys.TAG) for key in named + made if key.startswith(keys.TAG)]
    return {re.split(r":|$", key)[0] for key in found} - {""}


def made_in_scripts() -> set[str]:
    """The first word of every key that a script makes."""
    return {
        word
        for path in SCRIPTS
        for word in re.findall(r"tag \.\. '([a-z]+)", path.read_text(encoding="utf-8"))
    }


def test_every_key_that_is_made_is_written_down() -> None:
    assert made_in_scripts() | made_in_python() <= DOCUMENTED.keys()


def test_every_key_that_is_written_down_is_made() -> None:
    assert DOCUMENTED.keys() <= made_in_scripts() | made_in_python()


def test_of_every_key_is_said_what_it_holds_how_long_and_what_rebuilds_it() -> None:
    assert len(DOCUMENTED) >= 10
    for name, cells in DOCUMENTED.items():
        assert all(cell.strip() for cell in cells), name


def test_no_other_file_makes_a_key() -> None:
    for path in modules("dispatcher", "workers", "config"):
        if path.name != "keys.py" or path.parent.name != "live":
            assert not [text for text in texts_in(path) if keys.TAG in text], named(path)


def test_scripts_name_every_key_by_the_one_tag_of_a_deployment() -> None:
    """A key without it would be on another node of a cluster, and survive a rebuild."""
    for path in SCRIPTS:
        script = re.sub(r"--.*", "", path.read_text(encoding="utf-8"))
        for command, key in re.findall(r"redis\.call\('(\w+)', ([^,)]+)", script):
            assert key.startswith(("tag ..", "key")), f"{path.name}: {command} {key}"
        for key in re.findall(r"key(?:, start)? = ([^,\n]+)", script):
            assert key.startswith("tag .."), f"{path.name}: {key}"


def test_every_script_but_a_leave_refuses_a_board_that_does_not_stand() -> None:
    """Whoever leaves during a rebuild must not come back with it."""
    refusing = {p.stem for p in SCRIPTS if "'epoch') == 0 then return" in p.read_text("utf-8")}

    assert refusing == {path.stem for path in SCRIPTS} - {"gone"}
