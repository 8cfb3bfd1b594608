"""RAPPEL in its spellings, and what only looks like it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatcher.domain.stops import Wish, wish
from dispatcher.domain.texted import asks_to_be_rung

RAPPEL = [
    *("RAPPEL", "rappel", "Rappel.", " rappel ! ", "« RAPPEL »", "RAPEL", "rappell", "rappels"),
    *("Rappelez-moi", "rappelez moi", "Rappelez-moi SVP", "rapelez moi", "rappelezmoi"),
    *(
        "rappeler",
        "Me rappeler",
        "rappelé",
        "Rappelle-moi",
        "être rappelé",
        "rappel\n",
        "ＲＡＰＰＥＬ",
    ),
    *("Bonjour, pouvez-vous me rappeler s'il vous plaît", "Je veux être rappelée"[:-1]),
    *("Merci de me rappeler", "je voudrais un rappel", "J'ai besoin d'un rappel", "ra\u200bppel"),
    *("Rappel urgent", "Pouvez-vous me rappeler dès que possible ? Merci", "demande de rappel"),
    *("Rappelez-moi à ce numéro", "rappel sms", "rappel 🙏", "Me recontacter svp", "callback"),
]
NEITHER = [
    *("", "?", "OUI", "merci", "Bonjour", "svp", "je veux", "J'ai besoin d'aide", "urgent"),
    *("Ne me rappelez pas", "plus de rappel", "pas de rappel", "Je vous rappelle demain"),
    *("je rappelle", "Rappelez-moi demain", "rappel 0612345678", "rappel à 14h", "RAPPEL NON"),
    *("Rappelez ma soeur", "Vous m'avez appelé ?", "rappel " * 60, "appelez", "numéro"),
    *("STOP RAPPEL", "Arrêtez les rappels", "stop", "start rappel", "rappel stop"),
]


@pytest.mark.parametrize("text", RAPPEL)
def test_a_rappel_is_understood_however_it_is_written(text: str) -> None:
    assert asks_to_be_rung(text)
    assert wish(text) is None


@pytest.mark.parametrize("text", NEITHER)
def test_what_says_something_else_asks_for_nothing(text: str) -> None:
    assert not asks_to_be_rung(text)


@pytest.mark.parametrize("text", ["STOP RAPPEL", "Arrêtez les rappels", "rappel stop"])
def test_whoever_wants_no_more_reminders_said_stop(text: str) -> None:
    """« Rappel » is a reminder too."""
    assert wish(text) is Wish.STOP


@given(st.text(), st.sampled_from(["", " ", ".", "!", "\u00a0", "»", "\u202e"]))
def test_whatever_is_written_is_read(text: str, around: str) -> None:
    asks_to_be_rung(text)
    assert asks_to_be_rung(f"{around}rappel{around}")
    assert not asks_to_be_rung(f"stop {text} rappel")
