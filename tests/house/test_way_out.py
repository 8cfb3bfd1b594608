"""Nothing is dialled or texted but through the barring, whatever is written one day."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.house.sources import modules, named, syntax, texts_in

WAYS = {"number", "client", "sip", "message", "sms", "create", "dial", "transfer"}
"""What twilio-python calls the ways to somebody's telephone, in a document or a request."""
SEAMS = {
    "calls.create": "barring.let_out_agent",
    "messages.create": "barring.let_out_text",
    "response.message": "barring.let_out_reply",
    "dial.number": "barring.let_out",
    "dial.client": "barring.let_out_browser",
}
"""What lets a number out, by the way it goes."""


def ours() -> Iterator[Path]:
    """All of our code but the simulated network, which dials nobody."""
    yield from (p for p in modules("dispatcher", "workers", "config") if "simulator" not in p.parts)


def imports_twilio(path: Path) -> bool:
    for node in ast.walk(syntax(path)):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
        if any(name.split(".")[0] == "twilio" for name in names):
            return True
    return False


def ways_out(path: Path) -> Iterator[tuple[str, ast.expr | None]]:
    """Where a file dials or texts: how, and whom."""
    for node in ast.walk(syntax(path)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if node.func.attr in WAYS:
                to = [word.value for word in node.keywords if word.arg == "to"]
                given = [*to, *node.args]
                how = ".".join(ast.unparse(node.func).split(".")[-2:])
                yield how, given[0] if given else None


def test_only_the_carriers_room_knows_twilio() -> None:
    knowing = [named(path) for path in ours() if imports_twilio(path)]

    assert knowing == [
        f"dispatcher/carrier/{name}.py"
        for name in ("inside", "rest", "signature", "tokens", "twiml")
    ]


def test_no_document_is_written_by_hand() -> None:
    for path in ours():
        assert not [text for text in texts_in(path) if "</" in text or "/>" in text], named(path)


def test_whoever_is_dialled_or_texted_has_passed_the_barring() -> None:
    found = [(path.stem, *way) for path in ours() if imports_twilio(path) for way in ways_out(path)]

    assert sorted((where, how) for where, how, _ in found) == [
        ("rest", "calls.create"),
        ("rest", "messages.create"),
        ("twiml", "dial.client"),
        ("twiml", "dial.number"),
        ("twiml", "response.message"),
    ]
    for where, how, to in found:
        assert isinstance(to, ast.Call), f"{where}: {how}"
        assert ast.unparse(to.func).endswith(SEAMS[how]), f"{where}: {how}"
