"""A file that nobody stopped from growing is where the pain comes from."""

import pytest

from tests.house.sources import PACKAGES, modules, named


@pytest.mark.parametrize(("folders", "longest"), [(PACKAGES, 300), (("tests", "bench"), 400)])
def test_no_module_is_too_long(folders: tuple[str, ...], longest: int) -> None:
    lengths = {
        named(path): len(path.read_text(encoding="utf-8").splitlines())
        for path in modules(*folders)
    }

    assert {name: length for name, length in lengths.items() if length > longest} == {}
