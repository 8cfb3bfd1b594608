"""Applications made by the hundred: what werkzeug writes and compiles for a rule is written once."""

from collections.abc import Callable
from typing import Any

from werkzeug.routing import Rule


def remember_builders() -> None:
    """Compile each rule's builder of URLs once a process, not once an application.

    It was half the time of a test of doors. A builder is a function of what the rule looks like and
    is bound to the rule afterwards; with defaults it would hold their values, too.
    """
    compiles: Callable[..., Any] = Rule._compile_builder
    known: dict[tuple[object, ...], Any] = {}

    def remembered(rule: Rule, append_unknown: bool = True) -> Any:
        if rule.defaults:
            return compiles(rule, append_unknown)
        looks = (append_unknown, *rule._trace)
        if looks not in known:
            known[looks] = compiles(rule, append_unknown)
        return known[looks]

    setattr(Rule, Rule._compile_builder.__name__, remembered)
