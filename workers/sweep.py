"""What the clock does again and again: no job of RQ, so that it goes on while Redis is away."""

from dispatcher import assembly
from dispatcher.assembly import services
from dispatcher.operations import (
    alerts,
    alterations,
    duty_reminders,
    inquiries,
    journal,
    known_callers,
    mails,
    mandate_logs,
    mandate_reminders,
    messages,
    reconciling,
    regulars,
    retention,
    seats,
    sign_ins,
    spooling,
    stand_ins,
    stops,
    sweep,
    texts,
)


def tick() -> None:
    """Leases, wrap-ups, callbacks that are due."""
    sweep.tick(services())


def estimate() -> None:
    """How long those who wait will wait."""
    sweep.estimate(services())


def check() -> None:
    """Duty, what hangs between the gates, calls gone quiet."""
    sweep.check(services())


def post() -> None:
    """Who said STOP while SQL was away; inquiries; then texts, mails and messages: due, in doubt or
    too late.
    """
    stops.replay(assembly.parts().stops, services())
    inquiries.sweep(services())
    texts.sweep(services())
    mails.sweep(services())
    messages.sweep(services())


def let_in() -> None:
    """Links to sign in with that were asked for."""
    sign_ins.answer_asked(services())


def ring_regulars() -> None:
    """Regulars whose day has come."""
    regulars.call_due(services())


def forget() -> None:
    """Callers who asked to be known again, once their date has passed."""
    known_callers.expire(services())


def replay() -> None:
    """Callbacks taken down while the database was away."""
    spooling.replay(assembly.parts().spool, services())


def ask() -> None:
    """Calls that the carrier had and we had not: asking the carrier is a job."""
    reconciling.ask(services())


def alert() -> None:
    """What supervisors should know of now, once a day of each matter."""
    alerts.look(services())


def remind_agents() -> None:
    """Agents whose slot or callback comes near, once of each; of stand-ins that nobody took, and of
    what others changed of their slots. Promises first: who keeps them is reminded of them.
    """
    seats.keep(services())
    duty_reminders.remind(services())
    stand_ins.expire(services())
    alterations.tell(services())


def remind_of_mandates() -> None:
    """The authorised agents of a house, once, that a mandate ends soon."""
    mandate_reminders.remind(services())


def erase() -> None:
    """What is outdated, once a day: erasing may take long, so it is a job."""
    retention.ask(services())


def seal() -> None:
    """The journal's head and the mandate logs, once a day, and what has not arrived outside."""
    journal.ask(services())
    mandate_logs.ask(services())
