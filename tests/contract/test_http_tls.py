"""A server that cannot prove who it is gets nothing: no request, no second try, no way around."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from adapters.http import Http
from adapters.limiter import Limiter, Quota
from syncer.core.errors import Unavailable
from tests.contract.rig import MovedClock


def certificate(folder: Path, days: int) -> Path:
    """A certificate for 127.0.0.1, signed by itself, that ends in so many days; with its key in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "nobody")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=30))
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file = folder / "server.pem"
    file.write_bytes(secret + made.public_bytes(serialization.Encoding.PEM))
    return file


class TlsServer:
    """Shakes hands and keeps what it is sent."""

    def __init__(self, pem: Path) -> None:
        self.received: list[bytes] = []
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(pem)
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"https://127.0.0.1:{self._listening.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listening.accept()
                with suppress(OSError), connection, self._context.wrap_socket(connection, server_side=True) as secure:
                    self.received.append(secure.recv(65536))

    def stop(self) -> None:
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self._thread.join()


@pytest.fixture(params=[30, -1], ids=["unknown", "expired"])
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[TlsServer]:
    server = TlsServer(certificate(tmp_path, request.param))
    yield server
    server.stop()


@pytest.mark.parametrize("method", ["GET", "POST", "PUT"])
def test_an_untrusted_server_is_sent_nothing(server: TlsServer, method: str) -> None:
    clock = MovedClock()
    http = Http(server.url, {"Authorization": "secret"}, clock, Limiter(Quota(100, 10.0), clock), "Trello", ["secret"])
    with pytest.raises(Unavailable, match="certificate is not trusted"):
        http.send(method, "/thing")
    assert server.received == []
    assert clock.slept == []
