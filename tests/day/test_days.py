"""A day lived: every call's fate is the one that its script leads to."""

import gc
import os
import re
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from config.lines import SHIPPED
from dispatcher import assembly
from dispatcher.assembly import TERRITORIES
from dispatcher.day import command, rehearsal
from dispatcher.day.plan import Plan
from dispatcher.day.reading import read_day
from dispatcher.day.rehearsal import Rehearsal
from dispatcher.domain.schedule import local
from dispatcher.domain.territories import load_atlas
from tests.day.days import INES, MORNING, Supervisor, call, fates
from tests.processes import alive, eventually, needs_proc

PASSED_ON = """
[[agent]]
name = "Malo"
postal_code = "05560"
skills = "procedures:1"
rings = ["misses", "declines", "voicemail", "refuses", "answers"]
talks_for = 20
"""
CROWD = """
departements = ["05"]
date = 2026-11-24
begins = "09:00"
ends = "09:15"
seed = 3
[answering]
talks_for = [30, 120]
misses = 0.2
[random]
calls = 10
patience = [20, 90]
masked = 0.2
[random.agents]
per_departement = 2
[network]
duplicate = 0.2
reorder = 0.2
delay = [0, 2]
throttled = 0.1
fails_before = 0.1
fails_after = 0.1
"""


def test_a_scripted_day_in_which_every_fate_is_known(supervisor: Supervisor) -> None:
    script = [
        call("09:05", stars=1),  # Ines answers, for three minutes
        call("09:06", patience=30),  # she is taken, and stays so
        call("09:06:30", patience=20, then="callback"),  # rung back once she is free
        call("09:07", patience=20, then="callback", reachable=False),
        call("09:20", **{"from": "masked"}, wrong_keys=1, talks_for=10),
        call("09:35"),  # nobody is on: a callback at once, made at twenty to ten
        call("09:50", need="mediation"),  # and nobody for this need, all day
    ]

    told = supervisor.reads(MORNING + INES + "".join(script))

    assert fates(told) == [
        "answered",
        "abandoned",
        "called_back",
        "not_reached",
        "answered",
        "called_back",
        "kept",
    ]
    assert 30 <= told["calls"][1]["after_seconds"] <= 32
    assert told["calls"][5]["after_seconds"] > 4 * 60
    assert {each["agent"] for each in told["calls"]} == {1, None}
    assert told["summary"]["disagreements"] == 0
    [ines] = told["agents"]
    assert ines["conversations"] == 4
    assert ines["on_seconds"] == 45 * 60
    assert 549 <= ines["talked_seconds"] <= 551  # three times three minutes, and ten seconds


def test_an_agent_does_ring_after_ring_what_the_file_says(supervisor: Supervisor) -> None:
    script = "".join(call(f"09:{minute:02}", patience=40) for minute in range(5, 20, 3))

    told = supervisor.reads(MORNING + PASSED_ON + script)

    assert fates(told)[0] == "abandoned"
    assert fates(told)[-1] == "answered"


def test_who_rings_while_the_line_is_closed_keeps_a_callback(supervisor: Supervisor) -> None:
    hours = SHIPPED.read_text(encoding="utf-8").replace(
        'hours = "mon-sun 00:00-24:00"', 'hours = "mon-fri 09:15-12:00"', 1
    )
    (supervisor.folder / "lignes.toml").write_text(hours, encoding="utf-8")
    script = call("09:05") + call("09:06", **{"from": "masked"})

    told = supervisor.reads('lines = "lignes.toml"\n' + MORNING + INES + script)

    assert fates(told) == ["called_back", "called_back"]


def test_the_supervisors_own_houses_and_agents_answer(supervisor: Supervisor) -> None:
    (supervisor.folder / "maisons.csv").write_text("id,name,commune\na,La maison,05096\n")
    (supervisor.folder / "aidants.csv").write_text(
        "name,structure,telephone,skills,status,slots,automatic\n"
        "Ines,a,04 65 71 00 99,procedures:2,employed,mon-sun 00:00-24:00,yes\n"
    )
    files = 'structures = "maisons.csv"\nagents = "aidants.csv"\n'

    told = supervisor.lives(files + MORNING + call("09:05"))

    assert "l'aidant 1 répond après" in told.stdout
    assert "Ines (La maison), conversations : 1" in told.stdout


@pytest.mark.soak
def test_the_zones_of_the_supervisors_own_houses_hold(supervisor: Supervisor) -> None:
    (supervisor.folder / "maisons.csv").write_text(
        "id,name,commune,zones\na,La maison,05096,departement:05 strict\n"
    )
    agent = INES.replace('postal_code = "05170"', 'structure = "a"')
    script = call("09:05") + call("09:10", postal_code="29200")

    told = supervisor.reads('structures = "maisons.csv"\n' + MORNING + agent + script)

    assert fates(told) == ["answered", "kept"]


def test_the_figures_of_a_random_day_add_up_whatever_the_network_does(
    supervisor: Supervisor,
) -> None:
    told = supervisor.reads(CROWD)

    summary = told["summary"]
    assert summary["calls"] == len(told["calls"]) == sum(summary["counts"].values()) == 10
    for fate, count in summary["counts"].items():
        assert fates(told).count(fate) == count
    helped = summary["counts"]["answered"] + summary["counts"]["called_back"]
    assert helped == sum(each["agent"] is not None for each in told["calls"])
    assert helped <= sum(each["conversations"] for each in told["agents"])
    assert [each["at"] for each in told["calls"]] == sorted(each["at"] for each in told["calls"])


@pytest.mark.soak
def test_the_same_seed_is_the_same_day_and_another_is_another(supervisor: Supervisor) -> None:
    once = supervisor.lives(CROWD)
    again = supervisor.lives(CROWD.replace("seed = 3", "seed = 5"), "--seed", "3")

    assert again.stdout == once.stdout
    assert "Graine : 3." in once.stdout
    other = read_day(supervisor.folder / "jour.toml", load_atlas(TERRITORIES))
    assert other.seed == 5
    assert f"{local(other.calls[0].at, 'Europe/Paris'):%H:%M:%S}" not in once.stdout


def test_a_line_for_each_call_and_no_telephone_number(supervisor: Supervisor) -> None:
    typed = supervisor.lives(MORNING + INES + call("09:05", **{"from": "01 99 00 12 34"}))

    assert re.search(
        r"^09:05:00  Orcières \(05170\), démarche administrative : l'aidant 1 répond après \d+ s\.$",
        typed.stdout,
        re.MULTILINE,
    )
    assert not re.search(r"(\+33|\b0[1-9])([ .]?\d\d){4}", typed.output)


@needs_proc
def test_nothing_of_this_machine_is_read_and_nothing_is_left_on_it(
    supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DATABASE_URL", "REDIS_URL", "DATA_DIR", "SECRET_KEY", "LINES_FILE"):
        monkeypatch.setenv(name, "nowhere")
    with TemporaryDirectory(prefix="pj-") as temporary:
        monkeypatch.setattr(tempfile, "tempdir", temporary)

        typed = supervisor.lives(MORNING + INES + call("09:05"))

        assert typed.exit_code == 0
        assert _left(temporary) == []
    assert [path.name for path in supervisor.folder.iterdir()] == ["jour.toml"]
    assert not assembly._standing_in


@needs_proc
def test_a_day_that_is_stopped_leaves_nothing_either(supervisor: Supervisor) -> None:
    path = supervisor.folder / "jour.toml"
    path.write_text(MORNING.replace("09:55", "23:00") + INES + call("22:00"), encoding="utf-8")
    typed = [str(Path(sys.executable).with_name("dispatcher")), "simulate-day", str(path)]
    with TemporaryDirectory(prefix="pj-") as temporary:
        environ = {"PATH": os.environ["PATH"], "TMPDIR": temporary}
        with subprocess.Popen(typed, env=environ, stderr=subprocess.PIPE, text=True) as day:
            assert eventually(lambda: any(Path(temporary).glob("permanence-jour-*/redis.sock")))

            day.send_signal(signal.SIGTERM)

            _, said = day.communicate(timeout=30)
        assert day.returncode == 130
        assert said.strip() == "Arrêté : la journée n'est pas finie, rien n'en est gardé."
        assert _left(temporary) == []


def test_a_day_stopped_in_the_midst_of_its_calls_ends_quietly(
    supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def rehearse(plan: Plan, _: object) -> Rehearsal:
        return rehearsal.rehearse(plan, lambda _: os.kill(os.getpid(), signal.SIGTERM))

    monkeypatch.setattr(command, "rehearse", rehearse)

    typed = supervisor.lives(MORNING + INES + call("09:00:50") + call("09:54"))

    assert typed.exit_code == 130
    assert typed.stderr.strip() == "Arrêté : la journée n'est pas finie, rien n'en est gardé."
    gc.collect()  # what was left half done would be complained of here


def test_a_day_at_the_speed_of_the_clock(
    supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLOCK_SPEED", "100")

    typed = supervisor.lives(MORNING + INES + call("09:00:05", talks_for=5))

    assert typed.exit_code == 0
    assert "l'aidant 1 répond après" in typed.stdout
    assert "À la vitesse de CLOCK_SPEED" in typed.stdout


def _left(temporary: str) -> list[str]:
    """What is in this folder, and the programs that still work in it."""
    return [*map(str, Path(temporary).iterdir()), *alive(Path(temporary))]
