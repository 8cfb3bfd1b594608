"""What the carrier's documents leave open: an application must be right both ways.

Each switch names a behaviour for which no source was found that settles it. What may go wrong (a
webhook that comes twice, or late) is no switch but a fault: ``wire/faults.py``.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any, TypeVar

_T = TypeVar("_T")


def _switch(default: _T, other: _T) -> _T:
    """Make a switch, its usual way and the other."""
    way: _T = field(default=default, metadata={"other": other})
    return way


@dataclass(slots=True)
class Switches:
    """How this network behaves where Twilio's documentation is silent.

    ``dequeue_action_first``: a member dequeued by REST: is the Enqueue action asked before the
    given address, or after it (its answer is ignored either way)?
    ``action_after_hangup``: is the action of a Dial or Enqueue asked when the caller hung up?
    ``action_after_redirect``: is the action of a Dial asked when its caller is redirected by REST,
    its answer ignored? (That of an Enqueue is: its QueueResult ``redirected`` is documented.)
    ``screened_out_status``: the DialCallStatus and child status of somebody who picked up and was
    never connected: ``completed`` or ``no-answer``.
    ``caller_gone_status``: the child's status when the caller hangs up while it rings, and of an
    incoming call given up before it was answered: ``no-answer`` or ``canceled``.
    ``errors_in_action``: does the Dial action carry ErrorCode and SipResponseCode?
    ``type_ahead``: are keys kept that were pressed before the question that takes them?
    ``finished_on_key``: does a Gather's action carry FinishedOnKey? Twilio sends it and does not
    document it.
    ``finish_key_alone``: does the finishing key end a Gather that has no digits yet? Some versions
    of the documentation say that it needs a digit before it.
    ``wait_starts_over``: a wait document led on (by a Gather's action, a Redirect) to another that
    has ended: is the wait document asked for again, or that last one?
    ``alone_waits``: does somebody left alone in a conference that had begun hear its wait document
    again, or nothing?
    ``filters_by_moment``: does a list of calls between two moments hold only those, or all of
    their days? Twilio documents dates, and its client sends moments.
    ``dial_slack``: seconds that the carrier adds to a Dial timeout (up to 5 "for some call flows").
    ``enqueue_fails_with``: a QueueResult such as ``system-error`` for every Enqueue; empty is none.
    It is documented, so it is no alternative.
    """

    dequeue_action_first: bool = _switch(default=True, other=False)
    action_after_hangup: bool = _switch(default=True, other=False)
    action_after_redirect: bool = _switch(default=False, other=True)
    screened_out_status: str = _switch("completed", "no-answer")
    caller_gone_status: str = _switch("no-answer", "canceled")
    errors_in_action: bool = _switch(default=True, other=False)
    type_ahead: bool = _switch(default=True, other=False)
    finished_on_key: bool = _switch(default=True, other=False)
    finish_key_alone: bool = _switch(default=True, other=False)
    wait_starts_over: bool = _switch(default=True, other=False)
    alone_waits: bool = _switch(default=False, other=True)
    filters_by_moment: bool = _switch(default=True, other=False)
    dial_slack: float = _switch(0.0, 5.0)
    enqueue_fails_with: str = ""

    @classmethod
    def alternatives(cls) -> list[Switches]:
        """Give switches with one turned the other way, for each of them, then all turned.

        To run a scenario both ways: ``@pytest.mark.parametrize("switches",
        Switches.alternatives(), ids=str)``, and ``network.switches = switches`` before any call.
        """
        one_each = [cls(**{name: other}) for name, other in _others().items()]
        return [*one_each, cls(**_others())]

    @property
    def turned(self) -> list[str]:
        """Give the names of those that are turned the other way."""
        return [name for name, other in _others().items() if getattr(self, name) == other]

    def __str__(self) -> str:
        if len(self.turned) == len(_others()):
            return "all turned"
        return ", ".join(f"{name}={getattr(self, name)}" for name in self.turned) or "as usual"


def _others() -> dict[str, Any]:
    return {
        switch.name: switch.metadata["other"]
        for switch in fields(Switches)
        if "other" in switch.metadata
    }
