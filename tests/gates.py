"""Guards, each of which can be taken out of a copy of our code, to see what misses it.

``python -m tests.gates`` takes out one after the other and runs the scenarios that have to fail
then; exit code 1 when one does not. Those of GATES are for ``python -m tests.soak --without``.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
CODE: Final = ("dispatcher", "workers", "config", "Procfile")
CASES: Final = ("tests", "bench", "pyproject.toml")


@dataclass(frozen=True, slots=True)
class Gate:
    """A guard: in this file the text that is it, and what stands there without it."""

    file: str
    text: str
    without: str


@dataclass(frozen=True, slots=True)
class Guard:
    """A guard of one knob of the simulated network, and the scenario (in which file) that turns
    it.
    """

    gate: Gate
    scenario: str
    file: str = "test_knobs"


_INDEXES: Final = "dispatcher/store/migrations/versions/0001_the_first_tables.py"
_INDEX: Final = """"uq_offers_open_{0}",
            ["{0}"],
            unique={1},"""
_FIRST: Final = """["call"],
        unique={0},
        sqlite_where=_FIRST"""
GATES: Final[Mapping[str, Sequence[Gate]]] = {
    "redis": (  # an agent taken still stands free for the next caller
        Gate("dispatcher/live/scripts/assign.lua", "'free', '', 'holder'", "'holder'"),
    ),
    "sql": (  # of two offers of one agent at once, SQL refuses neither
        *(
            Gate(_INDEXES, _INDEX.format(who, True), _INDEX.format(who, False))
            for who in ("agent", "call", "callback")
        ),
        Gate(
            "dispatcher/store/migrations/versions/0017_transfers.py",
            _FIRST.format(True),
            _FIRST.format(False),
        ),
    ),
    "turn": (  # a move is saved whatever has moved the call meanwhile
        Gate("dispatcher/store/calls.py", ', calls.c.turn == sa.bindparam("of_turn")', ""),
    ),
}

_THROTTLED: Final = "if error.status == TOO_MANY:"
_CALLS: Final = "dispatcher/operations/calls.py"
_PLACING: Final = "dispatcher/operations/placing.py"
_OFFERS: Final = "dispatcher/domain/offers.py"
_LATE: Final = Gate("dispatcher/operations/legs.py", "if not offer.open and late:", "if False:")
GUARDS: Final[Mapping[str, Guard]] = {
    "429: nothing happened, so ask again": Guard(
        Gate(_PLACING, _THROTTLED, "if False:"), "too_busy_to_ring"
    ),
    "5xx before the effect: the lease ends": Guard(
        Gate("dispatcher/operations/sweep.py", "for offer in lapsed:", "for offer in []:"),
        "fails_before_ringing",
    ),
    "5xx or silence after the effect: do not ask again": Guard(
        Gate(_PLACING, _THROTTLED, "if not error.permanent:"), "fails_after_ringing"
    ),
    "duplicate: a key is about one turn": Guard(
        Gate(_CALLS, "call.turn == turn and call.step in prompts", "call.step in prompts"),
        "told_twice",
    ),
    "delay: a ring heard of late counts": Guard(_LATE, "a_miss_all_the_same and late"),
    "reordering: a ring heard of after its end counts": Guard(
        _LATE, "a_miss_all_the_same and reordered"
    ),
    "slow documents: the lease waits for them": Guard(
        Gate(_OFFERS, "CARRIER_SLACK + SCREENING + WEBHOOK", "timedelta(0)"), "slow_document"
    ),
    "not there yet: a call is asked about late": Guard(
        Gate("dispatcher/operations/sweep.py", "timedelta(minutes=2)", "timedelta(seconds=30)"),
        "does_not_show_yet",
    ),
    "listed late: lists overlap": Guard(
        Gate("dispatcher/operations/reconciling.py", "timedelta(minutes=2)", "timedelta(0)"),
        "lists_late",
    ),
    "asked twice, by text or by programs: one open callback of a person": Guard(
        Gate(
            "dispatcher/store/migrations/versions/0004_callback_moves.py",
            '["number_key", "need", "person"],\n        unique=True,',
            '["number_key", "need", "person"],\n        unique=False,',
        ),
        "two_programs",
        "test_partners",
    ),
    "two workers: a text is taken by one": Guard(
        Gate(
            "dispatcher/store/texts.py",
            "texts.c.state == State.WAITING,\n            texts.c.due_at <= at,",
            "texts.c.due_at <= at,",
        ),
        "two_workers",
        "test_texts",
    ),
    "5xx or silence after a text left: look it up first": Guard(
        Gate("dispatcher/operations/texts.py", "if why is not Verdict.DOUBT:", "if True:"),
        "after_the_text_left",
        "test_texts",
    ),
    "nobody can tell whether a text left: to be verified": Guard(
        Gate("dispatcher/operations/texts.py", "elif whole:", "elif True:"),
        "nobody_can_tell",
        "test_texts",
    ),
    "a page that shows no life: its agent is not there": Guard(
        Gate(
            "dispatcher/operations/agents.py",
            " or (agent.on_a_page and agent.id not in awake)",
            "",
        ),
        "behind_a_dead_page",
        "test_softphones",
    ),
    "a browser picks up: that is the accept": Guard(
        Gate("dispatcher/operations/screening.py", "if offer.in_browser:", "if False:"),
        "whoever_accepts_in_a_browser",
        "test_softphones",
    ),
    "a regular's 3: never again": Guard(
        Gate(
            "dispatcher/operations/screening.py",
            "        regulars.stop(regular, tx, at=at)\n",
            "",
        ),
        "three_stops",
        "test_regulars",
    ),
    "a regular is tried twice, not four times": Guard(
        Gate(
            "dispatcher/domain/attempts.py",
            "AT_MOST_UNASKED if callback.why is Why.REGULAR else AT_MOST",
            "AT_MOST",
        ),
        "second_time",
        "test_regulars",
    ),
    "two workers: a mail is taken by one": Guard(
        Gate(
            "dispatcher/store/mails.py",
            "mails.c.state == State.WAITING,\n            mails.c.due_at <= at,",
            "mails.c.due_at <= at,",
        ),
        "one_of_two_workers",
        "test_alerts",
    ),
    "silence after the data: to be verified": Guard(
        Gate(
            "dispatcher/carrier/mails.py",
            "raise PostError(Verdict.DOUBT,",
            "raise PostError(Verdict.LATER,",
        ),
        "goes_away_after_the_data",
        "test_alerts",
    ),
    "one alert for a matter and a day": Guard(
        Gate(
            "dispatcher/domain/alerts.py",
            "_matter(day, crowd.departement, crowd.need),\n            crowd.departement,\n"
            '            crowd.need,\n            {"count": crowd.count},',
            "str(at),\n            crowd.departement,\n"
            '            crowd.need,\n            {"count": crowd.count},',
        ),
        "no_second_one_that_day",
        "test_alerts",
    ),
    "on the line with a code: not rung back meanwhile": Guard(
        Gate(
            "dispatcher/operations/windows.py",
            "if tx.cases.on_the_line(callback.id):",
            "if False:",
        ),
        "nobody_is_rung_back_while",
        "test_cases",
    ),
    "codes of a number: so many guesses a day": Guard(
        Gate(
            "dispatcher/operations/cases.py",
            "if tx.allowances.spend(*_guess(call), at=services.now()):",
            "if True:",
        ),
        "tries_many_codes",
        "test_cases",
    ),
    "a code of somebody erased leads nowhere": Guard(
        Gate("dispatcher/store/cases.py", "lives, _NUMBERED)", "lives)"),
        "answered_like_one_that_never_did",
        "test_cases",
    ),
    "a message is expected before the beep": Guard(
        Gate("dispatcher/operations/messages.py", "for id in due:", "for id in []:"),
        "every_webhook_was_lost",
        "test_messages",
    ),
    "two workers: a message is fetched by one": Guard(
        Gate(
            "dispatcher/store/messages.py",
            "messages.c.due_at <= at,\n            free,",
            "messages.c.due_at <= at,",
        ),
        "taken_by_one",
        "test_messages",
    ),
    "a message erased at its person's wish never comes in": Guard(
        Gate(
            "dispatcher/store/messages.py",
            "*_held(message), messages.c.state == State.EXPECTED",
            "*_held(message)",
        ),
        "while_it_is_fetched",
        "test_messages",
    ),
    "a follow-up is booked for whoever is owed none": Guard(
        Gate(
            "dispatcher/operations/follow_ups.py",
            "if not tx.callbacks.keep(callback):",
            "tx.callbacks.keep(callback)\n    if False:",
        ),
        "no_second_one",
        "test_follow_ups",
    ),
    "a callback that another service sees to is over": Guard(
        Gate(
            "dispatcher/store/callbacks.py",
            "if not self.move(id, of=of, to=State.REDIRECTED, at=at):",
            "if False:",
        ),
        "nobody_is_rung",
        "test_follow_ups",
    ),
    "whoever passes at their desk is rung no longer": Guard(
        Gate(
            "dispatcher/operations/hanging_up.py",
            "        _hang_up(offer, services)\n    elif",
            "        pass\n    elif",
        ),
        "rung_no_longer",
        "test_desks",
    ),
    "nobody in a pause is asked for a word": Guard(
        Gate(
            "dispatcher/operations/transfers.py",
            "if not tx.agents.hold_unless_paused(beside.agent, at=at):",
            "if False:",
        ),
        "two_gates",
        "test_desks",
    ),
    "a leg that is over has met nobody": Guard(
        Gate(
            "dispatcher/operations/departures.py",
            "        parting.leg_gone(transfer.id, leg, services)  # before",
            "        moving.note(transfer, side, services)\n"
            "        parting.leg_gone(transfer.id, leg, services)  # before",
        ),
        "whoever_goes_at_any_step",
        "test_leaving_a_transfer",
    ),
    "nobody is rung back while they speak": Guard(
        Gate(
            "dispatcher/operations/messages.py",
            "tx.callbacks.put_off(id, until=at + PUT_OFF)",
            "pass",
        ),
        "while_they_speak",
        "test_messages",
    ),
    "whatever ends the hold ends what was asked in it": Guard(
        Gate("dispatcher/operations/moving.py", "    unask(moved, over, tx, at=at)", "    pass"),
        "hung_up_midway",
        "test_asked_aloud",
    ),
    "a key answers the question as it was put last": Guard(
        Gate("dispatcher/domain/consents.py", "if asking != again:", "if False:"),
        "disordered",
        "test_asked_aloud",
    ),
    "a mandate is asked of its own telephone only": Guard(
        Gate(
            "dispatcher/operations/consent_calls.py",
            "if found.person is None or call.number != found.person.number:",
            "if False:",
        ),
        "another_telephone",
        "test_asked_aloud",
    ),
    "by keys the mandate that was read out is taken back": Guard(
        Gate(
            "dispatcher/operations/revocations.py",
            "_all(over, tx)[over.page : over.page + 1]:",
            "_all(over, tx)[:1]:",
        ),
        "several",
        "test_revoking_by_key",
    ),
}


def without(gates: Sequence[Gate], folder: Path, *, more: Sequence[str] = ()) -> Mapping[str, str]:
    """Our code in this folder, without these; the environment of processes that run it.

    Raises ValueError when a guard is no longer where we know it.
    """
    folder.mkdir()
    for each in (*CODE, *more):
        source = ROOT / each
        copy = shutil.copytree if source.is_dir() else shutil.copy
        copy(source, folder / each)
    for gate in gates:
        path = folder / gate.file
        text = path.read_text(encoding="utf-8")
        if gate.text not in text:
            raise ValueError(f"{gate.file}: {gate.text!r} is not there")
        path.write_text(text.replace(gate.text, gate.without), encoding="utf-8")
    return {"PYTHONPATH": str(folder)}


def is_missed(guard: Guard, folder: Path) -> bool:
    """Whether its scenario fails without it."""
    environ = without([guard.gate], folder, more=CASES)
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider"]
    command += [f"tests/scenarios/{guard.file}.py", "-k", guard.scenario]
    ran = subprocess.run(
        command, check=False, cwd=folder, env=os.environ | environ, capture_output=True
    )
    return ran.returncode == 1  # 5 would be: no such scenario


def main() -> int:
    """Take out one after the other, tell, and give the exit code."""
    kept = 0
    for name, guard in GUARDS.items():
        with tempfile.TemporaryDirectory(prefix="permanence-gates-") as folder:
            missed = is_missed(guard, Path(folder) / "code")
        kept += not missed
        print("red  " if missed else "GREEN", name, flush=True)
    return 1 if kept else 0


if __name__ == "__main__":
    sys.exit(main())
