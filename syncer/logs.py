"""One event is one line on standard error, and no line holds a secret or a character that could forge another line."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, Literal, TextIO
from urllib.parse import quote, quote_plus

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

REDACTED = "[redacted]"

_QUIET = ("urllib3", "google", "requests", "alembic", "uvicorn", "asyncio", "filelock")
"""Third parties that log every request, with headers and addresses, when asked for more than warnings."""
_SECRET_KEY = re.compile(r"(^|[_.-])(token|key|secret|authorization|password|credentials?)$", re.IGNORECASE)
_SECRET_TEXT = (
    (re.compile(r"\b(Bearer|Basic)\s+[\w.~+/=-]{8,}", re.IGNORECASE), rf"\1 {REDACTED}"),
    (re.compile(r'\b(oauth_\w+=)"[^"]*"', re.IGNORECASE), rf'\1"{REDACTED}"'),
    (re.compile(r"([?&](?:key|token|secret|access_token|api_key)=)[^&\s\"']+", re.IGNORECASE), rf"\1{REDACTED}"),
    (re.compile(r"(://[^/\s:@]*:)[^/\s@]+@"), rf"\1{REDACTED}@"),
)
"""What looks like a credential even if nobody registered it."""
_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
"""Control characters, line and paragraph separators, marks that are unseen or turn the direction of text."""
_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


class Redactor:
    """A processor that takes registered secrets, in any common spelling, out of every event."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._secrets: set[str] = set()
        self._pattern: re.Pattern[str] | None = None
        self.register(secrets)

    def register(self, secrets: Iterable[str]) -> None:
        """From now on these values are never logged."""
        for secret in secrets:
            self._secrets |= {secret, quote(secret, safe=""), quote_plus(secret), _escaped(secret)}
        self._secrets.discard("")
        longest_first = sorted(self._secrets, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(re.escape, longest_first))) if longest_first else None

    def text(self, text: str) -> str:
        """A text without secrets."""
        if self._pattern:
            text = self._pattern.sub(REDACTED, text)
        for pattern, instead in _SECRET_TEXT:
            text = pattern.sub(instead, text)
        return text

    def value(self, value: Any) -> Any:
        """A value of any make without secrets; what is no JSON becomes text first."""
        if value is None or isinstance(value, bool | int | float):
            return value if self.text(str(value)) == str(value) else REDACTED
        if isinstance(value, Mapping):
            return {self.text(str(key)): self._named(str(key), one) for key, one in value.items()}
        if isinstance(value, list | tuple | set | frozenset):
            return [self.value(one) for one in value]
        return self.text(value if isinstance(value, str) else repr(value))

    def _named(self, key: str, value: Any) -> Any:
        return REDACTED if _SECRET_KEY.search(key) and value is not None else self.value(value)

    def __call__(self, _logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        return {self.text(key): self._named(key, value) for key, value in event.items()}


def configure(
    stream: TextIO,
    *,
    now: Callable[[], datetime],
    verbose: bool = False,
    form: Literal["auto", "human", "json"] = "auto",
    colour: bool | None = None,
    secrets: Iterable[str] = (),
) -> Redactor:
    """Send all logging of the process to `stream`; returns the redactor, to register secrets learned later.

    `auto`: lines for people on a terminal, JSON elsewhere. `colour` None: on a terminal only. `now` is aware.
    """
    terminal = stream.isatty()
    human = form == "human" or (form == "auto" and terminal)
    redactor = Redactor(secrets)
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        _stamp(now),
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    last = (
        _human(terminal if colour is None else colour)
        if human
        else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    _route(stream, structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=[*_safe(redactor), last]))
    _levels(verbose)
    return redactor


def _safe(redactor: Redactor) -> list[Processor]:
    """What every event goes through before it is written, whoever logged it."""
    return [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
        _name_traceback,
        redactor,
        _escape,
    ]


def _human(colours: bool) -> Processor:
    return structlog.dev.ConsoleRenderer(
        colors=colours, pad_event_to=0, pad_level=False, exception_formatter=structlog.dev.plain_traceback
    )


def _route(stream: TextIO, formatter: logging.Formatter) -> None:
    """Make `stream` the only place that the process logs to."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(formatter)
    logging.getLogger().handlers[:] = [handler]


def _levels(verbose: bool) -> None:
    logging.getLogger().setLevel(logging.DEBUG if verbose else logging.INFO)
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
        for child in [one for one in logging.root.manager.loggerDict if one.startswith(f"{name}.")]:
            logging.getLogger(child).setLevel(logging.NOTSET)


def _stamp(now: Callable[[], datetime]) -> Processor:
    def stamp(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        event["timestamp"] = now().strftime("%Y-%m-%dT%H:%M:%SZ")
        return event

    return stamp


def _name_traceback(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Keep renderers from writing tracebacks as lines of their own, in which a message could pose as an event."""
    for key in ("exception", "stack"):
        if key in event:
            event[f"{key}_text"] = event.pop(key)
    return event


def _escaped(text: str) -> str:
    return _UNSAFE.sub(lambda found: _SHORT.get(found[0]) or found[0].encode("unicode_escape").decode("ascii"), text)


def _escape(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    return {_escaped(key): _visible(value) for key, value in event.items()}


def _visible(value: Any) -> Any:
    if isinstance(value, str):
        return _escaped(value)
    if isinstance(value, dict):
        return {_escaped(key): _visible(one) for key, one in value.items()}
    return [_visible(one) for one in value] if isinstance(value, list) else value
