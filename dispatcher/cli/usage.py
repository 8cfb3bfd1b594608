"""What is said of a command that was mistyped: click's own sentences, in French."""

from __future__ import annotations

from click.exceptions import MissingParameter, NoSuchCommand, NoSuchOption, UsageError

from config.words import words

WORDS = words("operator")


def in_french(wrong: UsageError) -> str:
    """One sentence, and where to read more."""
    command = wrong.ctx.command_path if wrong.ctx is not None else "dispatcher"
    return f"{_what(wrong)} {WORDS['cli.usage.help'].format(command=command)}"


def _what(wrong: UsageError) -> str:
    match wrong:
        case MissingParameter(param=param) if param is not None:
            return WORDS["cli.usage.missing"].format(
                name=param.get_error_hint(wrong.ctx).strip("'")
            )
        case NoSuchOption():
            return WORDS["cli.usage.no_option"].format(name=wrong.option_name)
        case NoSuchCommand():
            return WORDS["cli.usage.no_command"].format(name=wrong.command_name)
        case _:
            return WORDS["cli.usage.other"].format(what=wrong.format_message().rstrip("."))
