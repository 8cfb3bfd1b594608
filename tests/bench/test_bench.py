"""What is measured keeps its form; what the figures say is for ``make bench``, on a quiet machine."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bench.figures import Figure, as_json, as_table, at_least, at_most
from tests.house.sources import ROOT
from tests.processes import alive, needs_proc

LATEST = ROOT / "bench" / "latest.json"


@pytest.fixture(scope="module")
def quick(
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[list[dict[str, Any]], str, Path]:
    """What a run of ten seconds writes and prints, and the folder that it worked in."""
    folder = tmp_path_factory.mktemp("bench")
    out = folder / "quick.json"
    ran = subprocess.run(
        [sys.executable, "-m", "bench", "--quick", "--out", str(out)],
        cwd=ROOT,
        env={"PATH": "", "TMPDIR": str(folder)},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert ran.returncode == 0, ran.stderr
    return json.loads(out.read_text(encoding="utf-8")), ran.stdout, folder


@needs_proc
def test_a_quick_run_measures_everything_that_is_committed(quick: Any) -> None:
    figures, printed, _ = quick
    committed = json.loads(LATEST.read_text(encoding="utf-8"))

    assert [row["figure"] for row in figures] == [row["figure"] for row in committed]
    assert [row["target"] for row in figures] == [row["target"] for row in committed]
    for row in figures:
        assert row["figure"] in printed


@needs_proc
@pytest.mark.parametrize("file", ["quick", "latest"])
def test_every_figure_has_its_six_parts(quick: Any, file: str) -> None:
    rows = quick[0] if file == "quick" else json.loads(LATEST.read_text(encoding="utf-8"))

    for row in rows:
        assert list(row) == ["figure", "value", "error", "unit", "target", "holds"]
        assert isinstance(row["value"], float | None)
        assert row["unit"] in {"ratio", "µs", "s", "kB", "MiB", "1/s"}
        assert (row["holds"] is None) == (row["target"] is None)
        assert row["target"] is None or row["unit"] in {"ratio", "kB"}, "a time is no target"


@needs_proc
def test_a_quick_run_leaves_nothing_behind(quick: Any) -> None:
    _, _, folder = quick

    assert alive(folder) == []
    assert [path.name for path in folder.iterdir()] == ["quick.json"]


def test_a_target_is_missed_on_its_own_side_alone() -> None:
    figures = [
        Figure("small", 1.6, target=at_most(1.6)),
        Figure("large", 1.61, target=at_most(1.6)),
        Figure("fast", 0.45, target=at_least(0.45)),
        Figure("slow", 0.449, target=at_least(0.45)),
        Figure("unmeasured", None, target=at_most(1)),
        Figure("printed", 12.3456, "µs"),
    ]

    rows = json.loads(as_json(figures))

    assert [row["holds"] for row in rows] == [True, False, True, False, False, None]
    assert rows[-1] == {
        "figure": "printed",
        "value": 12.3,
        "error": None,
        "unit": "µs",
        "target": None,
        "holds": None,
    }
    assert as_table(figures).count("MISSED") == 3
