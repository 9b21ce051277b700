"""Answering over HTTP, and the ways of not answering: a cut reply, a reset connection, a request held back."""

import asyncio
import http.client
import socket
import struct
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from uvicorn.protocols.http.h11_impl import H11Protocol

from adapters.sandbox.wire import Call, Reply

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

_BODILESS = (204, 304)
_TRANSPORT = "transport"
_LINGER_NOT = struct.pack("ii", 1, 0)


class SeverableProtocol(H11Protocol):
    """HTTP/1.1 that shows each request the transport it came by, so that a fault can cut it."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Puts the transport into the state that uvicorn copies into every request's scope."""
        assert isinstance(transport, asyncio.Transport)
        super().connection_made(transport)
        self.app_state = {**self.app_state, _TRANSPORT: transport}


async def read_body(receive: Receive) -> bytes | None:
    """The whole request body; None when the client went away first."""
    parts = []
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        parts.append(message.get("body", b""))
        if not message.get("more_body", False):
            return b"".join(parts)


def call_from(scope: Scope, path: str, body: bytes) -> Call:
    """The request as services read it; `path` is what is left below the service's prefix."""
    raw_query = scope["query_string"].decode("latin-1")
    headers: dict[str, str] = {}
    for name, value in scope["headers"]:
        text = value.decode("latin-1")
        key = name.decode("latin-1")
        headers[key] = f"{headers[key]}, {text}" if key in headers else text
    query = tuple(parse_qsl(raw_query, keep_blank_values=True)) if raw_query else ()
    return Call(scope["method"], path or "/", query, headers, body, raw_query)


@dataclass(frozen=True)
class Exchange:
    """One request under way. `released` ends every waiting that a fault imposed on it."""

    scope: Scope
    receive: Receive
    send: Send
    released: asyncio.Event

    async def reply(self, reply: Reply) -> None:
        """Sends a whole reply."""
        await self.send({"type": "http.response.start", "status": reply.status, "headers": _headers(reply)})
        await self.send({"type": "http.response.body", "body": b"" if reply.status in _BODILESS else reply.body})

    async def half_reply(self, reply: Reply) -> None:
        """Sends the head and half of the body (of an empty reply, half of the head), then closes the connection."""
        head = _head(reply)
        half = head + reply.body[: len(reply.body) // 2] if reply.body else head[: len(head) // 2]
        self._transport.write(half)
        self._transport.close()
        await self._gone()

    async def reset(self) -> None:
        """Breaks the connection with a TCP reset: the client learns nothing about its request."""
        if not self._transport.is_closing():
            connection = self._transport.get_extra_info("socket")
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_NOT)
            self._transport.abort()
        await self._gone()

    async def wait(self, seconds: float) -> None:
        """Holds the request back until the time is up, the faults are cleared or the client is gone."""
        ends = [asyncio.ensure_future(self.released.wait()), asyncio.ensure_future(self._gone())]
        try:
            await asyncio.wait(ends, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for end in ends:
                end.cancel()
            await asyncio.gather(*ends, return_exceptions=True)

    async def _gone(self) -> None:
        while (await self.receive())["type"] != "http.disconnect":
            pass

    @property
    def _transport(self) -> asyncio.Transport:
        transport: asyncio.Transport = self.scope["state"][_TRANSPORT]
        return transport


def _head(reply: Reply) -> bytes:
    phrase = http.client.responses.get(reply.status, "")
    lines = [f"HTTP/1.1 {reply.status} {phrase}".encode(), *(name + b": " + value for name, value in _headers(reply))]
    return b"\r\n".join(lines) + b"\r\n\r\n"


def _headers(reply: Reply) -> list[tuple[bytes, bytes]]:
    headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in reply.headers]
    if reply.status not in _BODILESS:
        headers.append((b"content-length", str(len(reply.body)).encode()))
    return headers
