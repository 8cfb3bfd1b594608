"""A token lets one browser be rung, for ten minutes, and nothing else."""

import time

import jwt

from dispatcher.carrier.tokens import Tokens
from dispatcher.domain.channels import Softphone

INES = Softphone("0123456789abcdef01234567")
SECRET = "a secret of the tests, long enough for anybody"
TOKENS = Tokens("AC" + "0" * 32, "SK" + "0" * 32, SECRET)


def test_a_token_names_nobody_and_lets_nothing_but_be_rung_for_ten_minutes() -> None:
    said = jwt.decode(TOKENS.issue(INES), SECRET, algorithms=["HS256"])

    assert said["grants"] == {"identity": INES.identity, "voice": {"incoming": {"allow": True}}}
    assert 590 < said["exp"] - time.time() <= 600
    assert (said["iss"], said["sub"]) == (TOKENS.key, TOKENS.account)


def test_a_secret_is_not_shown() -> None:
    assert SECRET not in repr(TOKENS)
