"""Data keys come from SECRET_KEY alone, one for each use."""

from config.keys import derive

SECRET = "b2f5ff47436671b6e533d8dc3614845d"


def test_a_key_is_the_same_tomorrow() -> None:
    """A literal: were it to change, everything encrypted so far would be lost."""
    assert derive(SECRET, "numbers") == derive(SECRET, "numbers")
    assert (
        derive(SECRET, "numbers").hex()
        == "8bba81b3c7129e843771ae0344d4b360c85869efd03f0673ae3e6761f37d84d6"
    )


def test_two_uses_or_two_secrets_never_share_a_key() -> None:
    keys = {derive(SECRET, "numbers"), derive(SECRET, "sessions"), derive(SECRET + "0", "numbers")}

    assert len(keys) == 3
    assert {len(key) for key in keys} == {32}
