"""STOP in all its spellings, and what only looks like it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatcher.domain.stops import Wish, wish

STOP = [
    *("STOP", "stop", "Stop", " Stop. ", "STOP!", "stop ;", "« STOP »", '"stop"', "stop\n"),
    *("STOP SMS", "stop sms", "SMS STOP", "stopsms", "STOP-SMS", "Stop aux SMS svp", "stop merci"),
    *("STOPALL", "Stop all", "STOP STOP", "STOP 36111", "STOP au 36111", "stop s'il vous plaît"),
    *(
        "Arrêt",
        "ARRET",
        "arrêt sms",
        "Arrêtez",
        "arrêter",
        "ARRÊT",
        "arre\u0302t",
        "Arrêtez les SMS",
    ),
    *(
        "Bonjour, arrêtez de m'envoyer des messages merci",
        "UNSUBSCRIBE",
        "Unsubscribe.",
        "désabonner",
    ),
    *("Désinscription", "END", "cancel", "Quit", "opt-out", "ＳＴＯＰ", "st\u200bop", "stop 🙏"),
    "Je veux arrêter tous ces SMS",
    "start stop",
]
START = ["START", "start.", "Reprendre", "REPRENDRE SVP", "unstop", "Reprenez les SMS", "Start sms"]
NEITHER = [
    *("", "  ", "OUI", "NON", "oui", "Bonjour", "RAPPEL", "rappel", "merci", "123", "svp", "?"),
    *(
        "Ne pas arrêter",
        "Le bus ne fait plus stop",
        "non stop",
        "Où est l'arrêt de bus ?",
        "stopper la CAF",
    ),
    *("fin", "the end", "please cancel my meeting tomorrow", "Je suis en arrêt maladie", "YES"),
]


@pytest.mark.parametrize("text", STOP)
def test_a_stop_is_understood_however_it_is_written(text: str) -> None:
    assert wish(text) is Wish.STOP


@pytest.mark.parametrize("text", START)
def test_a_start_undoes_it(text: str) -> None:
    assert wish(text) is Wish.START


@pytest.mark.parametrize("text", NEITHER)
def test_what_says_something_else_is_neither(text: str) -> None:
    assert wish(text) is None


def test_there_are_forty_spellings() -> None:
    assert len(set(STOP)) >= 40


@given(st.text(), st.sampled_from(["", " ", ".", "!", "\u00a0", "»", "\u202e"]))
def test_whatever_is_written_is_read(text: str, around: str) -> None:
    wish(text)
    assert wish(f"{around}stop{around}") is Wish.STOP
