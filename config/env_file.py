"""The ``.env`` file: ``NAME=value`` lines, comments after ``#``, quotes around what needs them."""

import re
from pathlib import Path

from config.variables import BadSetting

LINE = re.compile(
    r"""(?:export\s+)? (?P<name>[A-Za-z_]\w*) \s*=\s*
        (?: "(?P<double>[^"]*)" | '(?P<single>[^']*)' | (?P<bare>(?!\#).*?) | (?=\#) )
        \s* (?:(?<![^\s=])\#.*)?""",
    re.VERBOSE,
)


def read_env_file(path: Path) -> dict[str, str]:
    """The variables of the file, or none when it does not exist; BadSetting at a broken line."""
    if not path.is_file():
        return {}
    variables: dict[str, str] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8-sig").splitlines(), start=1):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        found = LINE.fullmatch(text)
        if found is None:
            raise BadSetting("settings.env_file.line", line=number)
        variables[found["name"]] = found["double"] or found["single"] or found["bare"] or ""
    return variables
