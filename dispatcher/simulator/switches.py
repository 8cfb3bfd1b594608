"""What the carrier's documents leave open: an application must be right both ways.

Each switch names a behaviour for which no source was found that settles it.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Switches:
    """How this network behaves where Twilio's documentation is silent.

    ``dequeue_action_first``: a member dequeued by REST: is the Enqueue action asked before the
    given address, or after it (its answer is ignored either way)?
    ``action_after_hangup``: is the action of a Dial or Enqueue asked when the caller hung up?
    ``screened_out_status``: the DialCallStatus and child status of somebody who picked up and was
    never connected: ``completed`` or ``no-answer``.
    ``caller_gone_status``: the child's status when the caller hangs up while it rings, and of an
    incoming call given up before it was answered: ``no-answer`` or ``canceled``.
    ``errors_in_action``: does the Dial action carry ErrorCode and SipResponseCode?
    ``type_ahead``: are keys kept that were pressed before the question that takes them?
    ``dial_slack``: seconds that the carrier adds to a Dial timeout (up to 5 "for some call flows").
    ``enqueue_fails_with``: a QueueResult such as ``system-error`` for every Enqueue; empty is none.
    """

    dequeue_action_first: bool = True
    action_after_hangup: bool = True
    screened_out_status: str = "completed"
    caller_gone_status: str = "no-answer"
    errors_in_action: bool = True
    type_ahead: bool = True
    dial_slack: float = 0.0
    enqueue_fails_with: str = ""
