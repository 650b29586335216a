"""Logs: one JSON object a line on standard error. Questions, names and addresses are never put into one."""

from __future__ import annotations

import logging
import sys

import structlog


def configure(level: str) -> None:
    """Sets up structlog, and sends what libraries log the same way from `warning` up."""
    least = logging.getLevelNamesMapping()[level.upper()]
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(least),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    libraries = logging.StreamHandler(sys.stderr)
    libraries.setLevel(max(least, logging.WARNING))  # some set their own loggers to debug
    logging.basicConfig(handlers=[libraries], format='{"level": "%(levelname)s", "logger": "%(name)s"}')
