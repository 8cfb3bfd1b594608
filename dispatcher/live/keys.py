"""Every Redis key is made here: what it holds, how long it lives, what rebuilds it.

One hash tag for a deployment: an agent may serve two lines, and a script touches keys that it
names itself.

| key | holds | lives | rebuilt from |
|---|---|---|---|
| epoch | in which run of Redis the board was built | until Redis loses it | the rebuild, last |
| rebuilding | who is rebuilding, in which run of Redis | 30 s | nobody needs it |
| agent:<id> | hash: one agent on duty | until off duty | SQL: agents, open offers |
| duty | zset: agents on duty by its end | as the board | SQL: agents |
| idle:<place>:<skillset> | zset: by when they are free | as the board | agent hashes |
| idle:apart:<place>:<skillset> | zset: those of no département | as the board | agent hashes |
| on:<place>:<skillset> | set: agents on duty who stand there | as the board | SQL: agents |
| except:<place> | set: agents on duty who refuse it | as the board | SQL: agents |
| resting | zset: agents by when they are free | as the board | agent hashes |
| caller:<id> | hash: one who waits | until taken or gone | the next fetch, SQL |
| wait:<place>:<need> | zset: who waits, by their place | as the board | caller hashes |
| held | zset: who is held for somebody near, by until when | until then | the next fetch |
| paces | hash: by place, who is on and how often one is freed | a minute | the clock |
| wakes | a channel, no key: whose desk should look again | nothing is kept | nobody needs it |
| desk:<agent> | hash: an agent's pages, and until when each can ring | a minute | the next beats |
| desks | zset: agents by until when a page can ring | a minute | the next beats |
| bucket:<line> | when this line may next start a call | a minute | nobody needs it |
"""

from __future__ import annotations

from typing import Final

TAG: Final = "{permanence}:"
EPOCH: Final = TAG + "epoch"
REBUILDING: Final = TAG + "rebuilding"
DUTY: Final = TAG + "duty"
HELD: Final = TAG + "held"
RESTING: Final = TAG + "resting"
PACES: Final = TAG + "paces"
WAKES: Final = TAG + "wakes"
DESKS: Final = TAG + "desks"

REBUILDING_MILLISECONDS: Final = 30_000
BUCKET_MILLISECONDS: Final = 60_000
PACES_MILLISECONDS: Final = 60_000
DESK_MILLISECONDS: Final = 60_000


def agent(id: int) -> str:
    """One agent on duty."""
    return f"{TAG}agent:{id}"


def caller(id: str) -> str:
    """One who waits."""
    return f"{TAG}caller:{id}"


def on(place: str, skillset: str) -> str:
    """Who is on duty in a place."""
    return f"{TAG}on:{place}:{skillset}"


def excepted(place: str) -> str:
    """Who is on duty and refuses a place."""
    return f"{TAG}except:{place}"


def wait(place: str, need: str) -> str:
    """Who waits, from a place, for a need."""
    return f"{TAG}wait:{place}:{need}"


def desk(agent: int) -> str:
    """The pages that an agent has open."""
    return f"{TAG}desk:{agent}"


def bucket(line: str) -> str:
    """The next start of a call that a line may ask the carrier for."""
    return f"{TAG}bucket:{line}"
