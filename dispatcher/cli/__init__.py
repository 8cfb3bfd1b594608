"""The commands an operator types: ``dispatcher COMMAND``."""

import signal
import sys
import threading
from pkgutil import resolve_name

import click

from config import cron, demonstration, logs, processes, queues, redis_server, supervision
from config.settings import Settings, SettingsError
from config.words import words
from dispatcher.cli import usage

WORDS = words("operator")
ELSEWHERE = {
    "import": "dispatcher.cli.imports:imports",
    "journal": "dispatcher.cli.journal:journal",
    "person": "dispatcher.cli.person:person",
    "prompts": "dispatcher.cli.prompts:prompts",
    "callbacks": "dispatcher.cli.callbacks:callbacks",
    "queue": "dispatcher.cli.queue:queue",
    "regulars": "dispatcher.cli.regulars:regulars",
    "retention": "dispatcher.cli.retention:retention",
    "route": "dispatcher.cli.route:route",
    "slots": "dispatcher.cli.timetables:slots",
    "standing-by": "dispatcher.cli.standing_by:standing_by",
    "user": "dispatcher.cli.user:user",
    "simulate-day": "dispatcher.day.command:simulate_day",
}
"""Commands that need more than the settings: read when typed, so that the others start quickly."""


class Commands(click.Group):
    """A group whose commands end with status 2 and a sentence when they cannot begin."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all commands."""
        return sorted([*super().list_commands(ctx), *ELSEWHERE])

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """The command of this name."""
        if name not in ELSEWHERE:
            return super().get_command(ctx, name)
        command: click.Command = resolve_name(ELSEWHERE[name])
        return command

    def invoke(self, ctx: click.Context) -> None:
        """Run the command that was typed."""
        try:
            super().invoke(ctx)
        except click.exceptions.NoArgsIsHelpError:
            raise
        except SettingsError as wrong:
            click.echo(str(wrong), err=True)
            ctx.exit(2)
        except click.UsageError as wrong:
            click.echo(usage.in_french(wrong), err=True)
            ctx.exit(2)


@click.group(cls=Commands, help=WORDS["cli.help"])
def main() -> None:
    """Only holds the commands."""


@main.command(help=WORDS["cli.run.help"])
def run() -> None:
    """Migrate, then keep every process running until SIGTERM or Ctrl-C."""
    settings = Settings.from_environment()
    logs.configure("run")
    programs = processes.programs(settings)
    _migrate(settings)
    click.echo(WORDS["run.started"].format(url=settings.public_base_url))
    supervision.keep_running(programs)
    click.echo(WORDS["run.stopped"])


@main.command(help=WORDS["cli.demo.help"])
@click.option("--stay/--no-stay", default=None, help=WORDS["cli.demo.stay"])
@click.option("--calls/--no-calls", default=True, help=WORDS["cli.demo.calls"])
def demo(*, stay: bool | None, calls: bool) -> None:
    """Live a narrated minute of calls, then stay up for whoever watches."""
    if stay is None:
        stay = sys.stdout.isatty() or not calls
    sys.exit(demonstration.play(stay=stay, calls=calls))


@main.command(help=WORDS["cli.migrate.help"])
def migrate() -> None:
    """Bring the database to the newest revision."""
    logs.configure("migrate")
    _migrate(Settings.from_environment())


@main.command(help=WORDS["cli.worker.help"])
@click.argument("queue", type=click.Choice(queues.NAMES))
def worker(queue: str) -> None:
    """Do the jobs of one queue until SIGTERM, which lets the current one finish."""
    logs.configure(queue)
    connection = redis_server.connect(Settings.from_environment())
    queues.worker_for(queue, connection).work(logging_level="WARNING")  # not every round


@main.command(help=WORDS["cli.clock.help"])
def clock() -> None:
    """Go round the entries of config/cron.py until SIGTERM."""
    logs.configure("clock")
    settings = Settings.from_environment()
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    cron.Rounds(cron.ENTRIES, speed=settings.clock_speed).run(stopped)


@main.command(help=WORDS["cli.redis.help"])
def redis() -> None:
    """Become the embedded server."""
    redis_server.become_server(Settings.from_environment().data_dir)


def _migrate(settings: Settings) -> None:
    from dispatcher.store.database import migrate as migrate_database

    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    migrate_database(settings.database_url)
