"""Where a seller's events may be sent: never into our own network."""

import ipaddress
import re
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

import idna

Resolver = Callable[[str, int], Sequence[str]]
"""Host and port to the addresses the host has now; raises `OSError` when it has none."""

LONGEST_URL = 2_000
PORTS = {"https": 443, "http": 80}
LOWEST_FREE_PORT = 1024  # below it only the scheme's own port: the rest belongs to mail, files and shells

_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
_PRIVATE_SUFFIXES = (".localhost", ".local", ".internal", ".home.arpa")

# Written out where the standard library calls them global, or does so in some of its releases.
_CLOSED_V4 = [
    ipaddress.IPv4Network(block)
    for block in (
        "192.0.0.0/24",  # protocol assignments, with one cloud's metadata service
        "192.88.99.0/24",  # retired 6to4 relays
        "168.63.129.16/32",  # a cloud's host agent behind a public-looking address
    )
]
_UNICAST_V6 = ipaddress.IPv6Network("2000::/3")
_CLOSED_V6 = [
    ipaddress.IPv6Network(block)
    for block in (
        "2001::/23",  # protocol assignments, with Teredo
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4: any IPv4 address in disguise
        "3fff::/20",  # documentation
    )
]
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


class EndpointRefused(Exception):
    """An address that events may not be sent to.

    `code`: `malformed`, `too_long`, `scheme`, `credentials`, `fragment`, `host`, `port`, `private_address`,
    and from `resolve` also `dns`. The text is the code alone: a seller's URL may carry a token.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Endpoint:
    """A checked URL in parts: lower-case ASCII host (IPv6 without brackets), the port, path with query."""

    scheme: str
    host: str
    port: int
    target: str

    @property
    def authority(self) -> str:
        """The `Host` header."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"


def check_url(url: str, *, allow_private: bool) -> Endpoint:
    """Check the URL a seller gave for its events without looking anything up; raises `EndpointRefused`.

    `allow_private` also lets in http, every port, local names and private addresses.
    """
    if len(url) > LONGEST_URL:
        raise EndpointRefused("too_long")
    # Refused before parsing, which would silently drop line breaks and read a backslash in its own way.
    if not url.isprintable() or " " in url or "\\" in url:
        raise EndpointRefused("malformed")
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise EndpointRefused("malformed") from None
    if parts.scheme != "https" and not (allow_private and parts.scheme == "http"):
        raise EndpointRefused("scheme")
    if "@" in parts.netloc:
        raise EndpointRefused("credentials")
    if "#" in url:
        raise EndpointRefused("fragment")
    name = _host(host or "", bracketed="[" in parts.netloc, allow_private=allow_private)
    target = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~")
    if parts.query:
        target += "?" + quote(parts.query, safe="/%:@!$&'()*+,;=~?")
    return Endpoint(parts.scheme, name, _port(parts.scheme, port, allow_private=allow_private), target)


def system_resolver(host: str, port: int) -> list[str]:
    """The addresses that this machine's resolver gives."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(address[0]) for *_, address in found]


def resolve(
    host: str, port: int, *, allow_private: bool, resolver: Resolver = system_resolver
) -> tuple[str, ...]:
    """Look the host up once: all of its addresses, in the resolver's order, when every one is allowed.

    One private address among public ones refuses the host: which one a later connection would get is the
    host's choice. Raises `EndpointRefused` (`dns`, `private_address`).
    """
    try:
        addresses = tuple(dict.fromkeys(resolver(host, port)))
        parsed = [ipaddress.ip_address(address) for address in addresses]
    except (OSError, ValueError):  # UnicodeError, for a name that cannot be asked for, is a ValueError
        raise EndpointRefused("dns") from None
    if not parsed:
        raise EndpointRefused("dns")
    if not allow_private and not all(_is_public(address) for address in parsed):
        raise EndpointRefused("private_address")
    return addresses


def _host(host: str, *, bracketed: bool, allow_private: bool) -> str:
    if bracketed:
        return _literal(host, ipaddress.IPv6Address, allow_private=allow_private)
    try:
        # Mapped first, so that full-width digits and dots are read as what a resolver takes them for.
        name = host if host.isascii() else idna.encode(host, uts46=True).decode("ascii").lower()
    except idna.IDNAError:
        raise EndpointRefused("host") from None
    name = name.removesuffix(".")
    labels = name.split(".")
    if len(name) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        raise EndpointRefused("host")
    if _NUMBER.fullmatch(labels[-1]):  # 127.1, 2130706433 and 0x7f.0.0.1 are addresses too, in a hurry
        return _literal(name, ipaddress.IPv4Address, allow_private=allow_private)
    if not allow_private and (len(labels) == 1 or name.endswith(_PRIVATE_SUFFIXES)):
        raise EndpointRefused("private_address")
    return name


def _literal(
    text: str, kind: type[ipaddress.IPv4Address] | type[ipaddress.IPv6Address], *, allow_private: bool
) -> str:
    try:
        address = kind(text)
    except ValueError:
        raise EndpointRefused("host") from None
    if isinstance(address, ipaddress.IPv6Address) and address.scope_id:
        raise EndpointRefused("host")
    if not allow_private and not _is_public(address):
        raise EndpointRefused("private_address")
    return str(address)


def _port(scheme: str, port: int | None, *, allow_private: bool) -> int:
    if port is None:
        return PORTS[scheme]
    if port == 0 or not (allow_private or port == PORTS[scheme] or port >= LOWEST_FREE_PORT):
        raise EndpointRefused("port")
    return port


def _is_public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    if isinstance(address, ipaddress.IPv4Address):
        return (
            address.is_global
            and not address.is_multicast
            and not any(address in block for block in _CLOSED_V4)
        )
    if address in _NAT64:  # how an IPv6-only machine reaches IPv4: the last 32 bits say where it leads
        return _is_public(ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF))
    return address in _UNICAST_V6 and address.is_global and not any(address in block for block in _CLOSED_V6)
