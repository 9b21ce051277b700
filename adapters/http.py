"""Every request to a service goes through here: bounded, within the quota, and repeated only where that is safe."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any, Final

import requests
from tenacity import RetryCallState, Retrying

from adapters.failures import Doubtful, Failure, Rejected, unreached
from adapters.limiter import Limiter, RepeatBudget, rest
from adapters.replies import Reply, complaint, document, read_whole, redact, retry_after
from syncer.core.errors import Malformed, PlaceError, Unauthorised, Unavailable
from syncer.ports import Clock, Traffic

__all__ = ["Doubtful", "Headers", "Http", "Rejected", "credential_refused"]

Headers = Mapping[str, str] | Callable[[], Mapping[str, str]]
PATIENCE: Final = 60.0
"""Seconds from the first attempt of a request after which no further one is begun."""
FIRST_WAIT: Final = 0.5
LONGEST_WAIT: Final = 16.0
_TRANSIENT: Final = frozenset({408, 500, 502, 503, 504})


@dataclass
class _Request:
    method: str
    path: str
    params: Mapping[str, str] | None
    json: Any
    repeatable: bool
    deadline: float
    form: Mapping[str, str] | None = None
    doubtful: bool = False
    """Whether an attempt may have been applied."""

    @property
    def reads(self) -> bool:
        return self.method in ("GET", "HEAD")


def credential_refused(status: int, _message: str) -> bool:
    """Whether an error answer is about the credential: by default, every 401."""
    return status == 401


class Http:
    """Speaks JSON with one service on behalf of one credential. `headers` may be a function where a token changes."""

    def __init__(
        self,
        base_url: str,
        headers: Headers,
        clock: Clock,
        limiter: Limiter,
        service: str,
        secrets: Sequence[str],
        session: requests.Session | None = None,
        timeouts: tuple[float, float] = (5.0, 30.0),
        attempts: int = 4,
        refuses: Callable[[int, str], bool] = credential_refused,
        rng: random.Random | None = None,
    ) -> None:
        self._base = base_url.rstrip("/")
        self._headers = headers
        self._clock = clock
        self._limiter = limiter
        self._service = service
        self._secrets = tuple(secrets)
        self._session = session or _session()
        self._timeouts = timeouts
        self._attempts = attempts
        self._refuses = refuses
        self._rng = rng or random.SystemRandom()
        self._repeats = RepeatBudget()
        self._counting = Lock()
        self._traffic = Traffic(0, 0)

    @property
    def traffic(self) -> Traffic:
        """Everything sent, retries included."""
        return self._traffic

    def send(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        json: Any = None,
        form: Mapping[str, str] | None = None,
        repeatable: bool | None = None,
    ) -> Any:
        """The JSON answer (None for "no content"); by default everything but POST is repeatable.

        The body is `json`, or `form` in the URL encoding that token endpoints take.

        Raises Rejected for 4xx, Unauthorised where the credential is refused, Unavailable if nothing was applied,
        Malformed if a read's answer makes no sense, and Doubtful if a write may have been applied.
        """
        may_repeat = method != "POST" if repeatable is None else repeatable
        deadline = self._clock.monotonic() + PATIENCE
        request = _Request(method, path, params, json, may_repeat, deadline, form)
        try:
            return self._retrying(request)(self._attempt, request)
        except Failure as failure:
            raise self._verdict(request, failure.error) from None
        except Unavailable as stopped:
            raise self._verdict(request, self._named(stopped)) from None

    def _verdict(self, request: _Request, error: PlaceError) -> Exception:
        if request.doubtful and not request.reads:
            return Doubtful(str(error))
        return error

    def _retrying(self, request: _Request) -> Retrying:
        def worth_it(state: RetryCallState) -> bool:
            failure = _failure(state)
            return failure is not None and failure.again and (request.repeatable or not failure.applied)

        def enough(state: RetryCallState) -> bool:
            too_late = self._clock.monotonic() + state.upcoming_sleep > request.deadline
            return state.attempt_number >= self._attempts or too_late or not self._repeats.spend()

        return Retrying(
            retry=worth_it,
            stop=enough,
            wait=self._wait,
            sleep=lambda seconds: rest(self._clock, float(seconds)),
            reraise=True,
        )

    def _wait(self, state: RetryCallState) -> float:
        """Full jitter below a doubling cap, or longer if the service named a time."""
        failure = _failure(state)
        named = failure.error.retry_after if failure and isinstance(failure.error, Unavailable) else None
        return max(named or 0.0, self._rng.uniform(0.0, min(LONGEST_WAIT, FIRST_WAIT * 2.0**state.attempt_number)))

    def _attempt(self, request: _Request) -> Any:
        self._limiter.acquire()
        self._count(request)
        try:
            return self._answer(self._exchange(request))
        except Failure as failure:
            request.doubtful |= failure.applied
            raise

    def _exchange(self, request: _Request) -> Reply:
        try:
            with self._session.request(
                request.method,
                self._base + request.path,
                params=request.params,
                json=request.json,
                data=request.form,
                headers=self._headers() if callable(self._headers) else self._headers,
                timeout=self._timeouts,
                allow_redirects=False,
                stream=True,
            ) as response:
                return read_whole(response, self._clock)
        except Malformed as error:
            raise self._failed(error, applied=True, again=False) from None
        except (requests.RequestException, OSError, UnicodeError) as error:
            failure = unreached(error)
            raise self._failed(failure.error, applied=failure.applied, again=failure.again) from None

    def _answer(self, reply: Reply) -> Any:
        if 200 <= reply.status < 300:
            try:
                said = document(reply)
            except Malformed as error:
                raise self._failed(error, applied=True, again=False) from None
            self._repeats.refund()
            return said
        if 400 <= reply.status < 500 and reply.status not in _TRANSIENT:
            raise self._refusal(reply)
        if reply.status < 400:
            astray = Malformed("The answer leads elsewhere; it was not followed.", "Check the service's address.")
            raise self._failed(astray, applied=True, again=False)
        named = retry_after(reply.headers, self._clock.now())
        wait = None if named is None else self._limiter.pause(named)
        broken = Unavailable(f"HTTP {reply.status}.", "Try again later.", wait)
        raise self._failed(broken, applied=True, again=reply.status in _TRANSIENT)

    def _refusal(self, reply: Reply) -> Exception:
        message, said = complaint(reply)
        clean = redact(message, self._secrets)
        if reply.status == 429:
            wait = self._limiter.pause(retry_after(reply.headers, self._clock.now()))
            too_many = Unavailable("Too many requests.", f"Try again in {wait:.0f} s.", wait)
            return self._failed(too_many, applied=False, again=True)
        if self._refuses(reply.status, clean):
            refused = Unauthorised(
                f"The credential was refused: {clean.rstrip('.')}.", "Give a working one and try again."
            )
            return self._failed(refused, applied=False, again=False)
        return Rejected(reply.status, clean, said)

    def _failed(self, error: PlaceError, *, applied: bool, again: bool) -> Failure:
        return Failure(self._named(error), applied=applied, again=again)

    def _named(self, error: PlaceError) -> PlaceError:
        """The error with the service's name in front and no secret inside."""
        message = f"{self._service}: {redact(error.message, self._secrets)}"
        if isinstance(error, Unavailable):
            return Unavailable(message, error.remedy, error.retry_after)
        return type(error)(message, error.remedy)

    def _count(self, request: _Request) -> None:
        with self._counting:
            sent = self._traffic
            self._traffic = Traffic(sent.requests + 1, sent.writes + (not request.reads))


def _failure(state: RetryCallState) -> Failure | None:
    error = state.outcome.exception() if state.outcome else None
    return error if isinstance(error, Failure) else None


def _session() -> requests.Session:
    session = requests.Session()
    session.trust_env = False
    session.headers["User-Agent"] = "syncer"
    session.headers["Accept"] = "application/json"
    return session
