"""A file that nobody stopped from growing is where the pain comes from."""

from tests.house.sources import PACKAGES, modules, named

LONGEST = 300


def test_no_module_is_too_long() -> None:
    lengths = {
        named(path): len(path.read_text(encoding="utf-8").splitlines())
        for path in modules(*PACKAGES, "tests", "bench")
    }

    assert {name: length for name, length in lengths.items() if length > LONGEST} == {}
