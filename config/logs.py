"""Logging: one line for a record, and no telephone number in it."""

import json
import logging
import re
from datetime import UTC, datetime
from logging.config import dictConfig
from typing import Any

# The carrier's client writes whole requests, the others every step they take.
QUIET = ("alembic", "twilio", "urllib3", "werkzeug")

IDENTIFIER = r"\b[A-Z]{2}[0-9a-f]{32}\b|\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b"
NUMBER = r"""
    (?:\+|%2B)? \d{7,}                      # 0465710012, +33465710012, as in a URL or a form
  | (?:\+|%2B) \d{1,3} (?:[ .\-]?\d){6,}    # +33 4 65 71 00 12
  | \b0\d (?:[ .\-]\d\d){4}\b               # 04 65 71 00 12
"""
KEPT_OR_MASKED = re.compile(f"(?P<kept>{IDENTIFIER})|(?P<number>{NUMBER})", re.VERBOSE)


def masked(text: str) -> str:
    """The text with every number of seven digits or more reduced to its last two.

    The last net, not the rule: code logs ids. Call ids and UUIDs stay whole.
    """
    return KEPT_OR_MASKED.sub(lambda found: found["kept"] or f"•••{found['number'][-2:]}", text)


class OneLine(logging.Formatter):
    """``at=… level=… process=… logger=… message="…"``, the traceback within the message."""

    def __init__(self, process: str) -> None:
        super().__init__()
        self.process = process

    def format(self, record: logging.LogRecord) -> str:
        """The record as one line, masked."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        message = json.dumps(masked(super().format(record)), ensure_ascii=False)
        return (
            f"at={at} level={record.levelname} process={self.process}"
            f" logger={record.name} message={message}"
        )


def configuration(process: str) -> dict[str, Any]:
    """The configuration that ``dictConfig`` and gunicorn understand."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"one_line": {"()": OneLine, "process": process}},
        "handlers": {
            "stderr": {
                "class": "logging.StreamHandler",
                "formatter": "one_line",
                "stream": "ext://sys.stderr",
            }
        },
        "root": {"level": "INFO", "handlers": ["stderr"]},
        "loggers": {
            **{name: {"level": "WARNING"} for name in QUIET},
            "gunicorn.error": {"level": "INFO", "handlers": [], "propagate": True},
            "gunicorn.access": {"level": "CRITICAL", "propagate": False},  # URLs may hold data
        },
    }


def configure(process: str) -> None:
    """Log from now on, as the process of this name."""
    dictConfig(configuration(process))
