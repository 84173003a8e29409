"""Connections that go only to addresses already checked, and end by a deadline."""

import ssl
import time
from collections.abc import Iterable, Sequence
from typing import Any

import httpcore

WRITE_BYTES = 16_384  # one TLS record: each write then waits at most what is left of the whole time


class TlsRefused(httpcore.ConnectError):
    """The other side does not speak TLS, or its certificate is not the named host's."""


class Deadline:
    """One span of real time shared by all operations of a request."""

    def __init__(self, seconds: float) -> None:
        self._ends = time.monotonic() + seconds

    def left(self, over: type[httpcore.TimeoutException]) -> float:
        """Seconds that remain; raises `over` when none do."""
        seconds = self._ends - time.monotonic()
        if seconds <= 0:
            raise over("deadline")
        return seconds


class CheckedBackend(httpcore.NetworkBackend):
    """Connects to the given addresses whatever host name it is asked for; the name stays for TLS and HTTP.

    `heard`: whether a byte of the answer has come.
    """

    def __init__(self, addresses: Sequence[str], deadline: Deadline) -> None:
        self._addresses = addresses
        self._deadline = deadline
        self._inner = httpcore.SyncBackend()
        self.heard = False

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        # A host with an IPv6 address that cannot be reached from here still has its IPv4 one.
        *first, last = self._addresses
        for tried, address in enumerate(first):
            share = self._deadline.left(httpcore.ConnectTimeout) / (len(self._addresses) - tried)
            try:
                return self._connect(address, port, share)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue
        return self._connect(last, port, self._deadline.left(httpcore.ConnectTimeout))

    def _connect(self, address: str, port: int, seconds: float) -> httpcore.NetworkStream:
        return _BoundedStream(self._inner.connect_tcp(address, port, seconds), self._deadline, self)


class _BoundedStream(httpcore.NetworkStream):
    """Time-outs of single reads and writes are replaced by what is left of the whole."""

    def __init__(self, inner: httpcore.NetworkStream, deadline: Deadline, backend: CheckedBackend) -> None:
        self._inner = inner
        self._deadline = deadline
        self._backend = backend

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        data = self._inner.read(max_bytes, self._deadline.left(httpcore.ReadTimeout))
        self._backend.heard = self._backend.heard or bool(data)
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        for start in range(0, len(buffer), WRITE_BYTES):
            seconds = self._deadline.left(httpcore.WriteTimeout)
            self._inner.write(buffer[start : start + WRITE_BYTES], seconds)

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        seconds = self._deadline.left(httpcore.ConnectTimeout)
        try:
            secured = self._inner.start_tls(ssl_context, server_hostname, seconds)
        except (httpcore.ConnectError, ValueError) as failure:  # ValueError: a name TLS cannot ask for
            raise TlsRefused(type(failure.__cause__ or failure).__name__) from failure
        return _BoundedStream(secured, self._deadline, self._backend)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)
