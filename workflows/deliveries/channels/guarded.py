"""Posting to an address that somebody outside chose: never into the own network, never for longer than said.

The name is looked up once; every address it stands for must be one of the open internet, and the connection
goes to the address that was looked at, so that a name cannot point elsewhere a moment later. Redirects are
not followed. One deadline holds for everything together, so a receiver that drips holds nobody up.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from time import monotonic

import httpcore

_MOST_BYTES = 4096
"""More of an answer is not read."""

_EMBEDDING = IPv6Network("64:ff9b::/96")
"""Addresses that a translator turns into the IPv4 address they end with (RFC 6052)."""


class Inside(Exception):
    """The address is not one of the open internet."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the other side said; of a long text the beginning."""

    status: int
    text: str
    retry_after: str


def is_inside(address: str) -> bool:
    """Whether an address (not a name) lies in a network of one's own, or is nobody's."""
    ip = ip_address(address.partition("%")[0])
    within = _embedded(ip) if isinstance(ip, IPv6Address) else None
    known = within or ip
    return not known.is_global or known.is_multicast


def _embedded(ip: IPv6Address) -> IPv4Address | None:
    if ip in _EMBEDDING:
        return IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.ipv4_mapped or ip.sixtofour


def post_guarded(
    url: str, content: bytes, headers: Mapping[str, str], seconds: float, *, inside: bool = False
) -> Answer:
    """Post to an address; ``inside`` allows the own network. Raises ``Inside`` and what httpcore raises."""
    deadline = monotonic() + seconds
    backend = _Backend(inside, lambda: deadline - monotonic())
    with (
        httpcore.ConnectionPool(
            ssl_context=ssl.create_default_context(), network_backend=backend, retries=0
        ) as pool,
        pool.stream(
            "POST",
            url,
            headers=list(headers.items()),
            content=content,
            extensions={"timeout": dict.fromkeys(("connect", "read", "write", "pool"), seconds)},
        ) as answer,
    ):
        text = b""
        for chunk in answer.iter_stream():
            text += chunk
            if len(text) >= _MOST_BYTES:
                break
        said = {name.lower(): value for name, value in answer.headers}
        return Answer(
            answer.status,
            text[:_MOST_BYTES].decode("utf-8", "replace"),
            said.get(b"retry-after", b"").decode("ascii", "replace"),
        )


class _Backend(httpcore.SyncBackend):
    """Connects to what was looked at, and to nothing inside."""

    def __init__(self, inside: bool, left: Callable[[], float]) -> None:
        self.inside, self.left = inside, left

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """A connection to the first address of a name, when all of them are outside."""
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(str(error)) from error
        addresses = [str(each[4][0]) for each in found]
        if not self.inside and any(is_inside(address) for address in addresses):
            raise Inside(host)
        stream = super().connect_tcp(addresses[0], port, _least(timeout, self.left), None, socket_options)
        return _Stream(stream, self.left)


class _Stream(httpcore.NetworkStream):
    """A connection whose every wait ends with the one deadline."""

    def __init__(self, stream: httpcore.NetworkStream, left: Callable[[], float]) -> None:
        self._stream, self._left = stream, left

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Read what comes before the deadline."""
        return self._stream.read(max_bytes, _least(timeout, self._left))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Write before the deadline."""
        self._stream.write(buffer, _least(timeout, self._left))

    def close(self) -> None:
        """Hang up."""
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        """Agree on keys before the deadline; the certificate must be of the name, not of the address."""
        secured = self._stream.start_tls(ssl_context, server_hostname, _least(timeout, self._left))
        return _Stream(secured, self._left)

    def get_extra_info(self, info: str) -> object:
        """What the connection below knows."""
        return self._stream.get_extra_info(info)


def _least(timeout: float | None, left: Callable[[], float]) -> float:
    rest = left()
    if rest <= 0:
        raise httpcore.ReadTimeout("the deadline is over")
    return rest if timeout is None else min(rest, timeout)
