"""Numbers at rest: unreadable without the key, found by a keyed hash, read with the previous key too."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.keys import derive
from dispatcher.domain.numbers import PhoneNumber
from dispatcher.store.vault import Keys, Unreadable, Vault

NUMBER = PhoneNumber("+33199000001")
OTHER = PhoneNumber("+33199000002")


def keys(secret: str) -> Keys:
    return Keys(
        derive(secret, "seal numbers"),
        derive(secret, "find numbers"),
        derive(secret, "know callers"),
    )


OLD, NEW = keys("the secret of last year"), keys("the secret of this year")


def test_what_was_sealed_is_opened() -> None:
    vault = Vault([NEW])

    assert vault.open(vault.seal(NUMBER)) == NUMBER
    assert vault.seal(None) is None
    assert vault.open(None) is None


def test_two_seals_of_one_number_differ_and_neither_shows_it() -> None:
    vault = Vault([NEW])
    first, second = vault.seal(NUMBER), vault.seal(NUMBER)

    assert first != second
    assert first is not None
    assert b"199000001" not in first


def test_a_number_is_found_by_the_same_key_each_time_and_shares_it_with_no_other() -> None:
    vault = Vault([NEW])

    assert vault.key(NUMBER) == vault.key(NUMBER) != vault.key(OTHER)
    assert vault.key(NUMBER) == Vault([NEW]).key(NUMBER) != Vault([OLD]).key(NUMBER)
    assert vault.key(None) is None


def test_after_the_secret_changed_old_seals_open_and_old_keys_find() -> None:
    before, after = Vault([OLD]), Vault([NEW, OLD])

    assert after.open(before.seal(NUMBER)) == NUMBER
    assert before.key(NUMBER) in after.keys(NUMBER)
    assert after.is_pin("4321", before.hash_pin("4321"))


def test_after_the_secret_changed_what_is_new_is_under_the_new_key() -> None:
    after = Vault([NEW, OLD])

    assert Vault([NEW]).open(after.seal(NUMBER)) == NUMBER
    assert after.key(NUMBER) == Vault([NEW]).key(NUMBER)
    with pytest.raises(Unreadable):
        Vault([OLD]).open(after.seal(NUMBER))


def test_without_the_old_secret_nothing_old_is_read_and_no_pin_fits() -> None:
    before, after = Vault([OLD]), Vault([NEW])

    with pytest.raises(Unreadable):
        after.open(before.seal(NUMBER))
    assert not after.is_pin("4321", before.hash_pin("4321"))


@given(st.integers(min_value=0, max_value=40), st.integers(1, 255))
def test_a_seal_that_was_touched_anywhere_is_refused(place: int, flip: int) -> None:
    sealed = bytearray(Vault([NEW]).seal(NUMBER) or b"")
    sealed[place % len(sealed)] ^= flip

    with pytest.raises(Unreadable):
        Vault([NEW]).open(bytes(sealed))


@pytest.mark.parametrize("length", [0, 5, 11, 12, 20])
def test_a_seal_cut_short_is_refused(length: int) -> None:
    sealed = Vault([NEW]).seal(NUMBER) or b""

    with pytest.raises(Unreadable):
        Vault([NEW]).open(sealed[:length])


def test_a_pin_is_recognised_and_no_other() -> None:
    vault = Vault([NEW])
    kept = vault.hash_pin("4321")

    assert vault.is_pin("4321", kept)
    for wrong in ("", "4322", "432", "43210", "4321 "):
        assert not vault.is_pin(wrong, kept)


def test_two_agents_with_one_pin_cannot_be_told_to_have_it() -> None:
    vault = Vault([NEW])

    assert vault.hash_pin("4321") != vault.hash_pin("4321")
    assert "4321" not in vault.hash_pin("4321").partition(":")[2][:4]


def test_keys_do_not_show_when_they_are_printed() -> None:
    assert NEW.sealing.hex() not in repr(NEW)
    assert repr(NEW.sealing) not in repr(NEW)


def test_a_person_is_told_from_others_of_their_number_and_joined_to_none_elsewhere() -> None:
    vault = Vault([NEW])

    assert vault.persons(NUMBER, "rose") == vault.persons(NUMBER, "rose")
    kept = [vault.persons(*who)[0] for who in ((NUMBER, "rose"), (NUMBER, "leon"), (OTHER, "rose"))]
    assert len({*kept, vault.key(NUMBER)}) == 4
    assert vault.persons(NUMBER, "") == [""], "nobody asked them"
    before = Vault([OLD]).persons(NUMBER, "rose")[0]
    assert before in Vault([NEW, OLD]).persons(NUMBER, "rose")


def test_a_name_is_sealed_like_a_number() -> None:
    vault = Vault([NEW])
    sealed = vault.seal("Zoé")

    assert vault.read(sealed) == "Zoé"
    assert vault.read(None) is None
    assert sealed is not None
    assert "Zoé".encode() not in sealed
