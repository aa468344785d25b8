"""Sending to addresses that strangers choose, and never to the inside of the network.

A name is resolved once, every address it has is looked at, and the connection goes to that very
address: a name that means something else a moment later leads nowhere else. Redirects are answers.
"""

from __future__ import annotations

import hashlib
import hmac
import http.client
import ipaddress
import socket
import ssl
from urllib.parse import urlsplit

from django.conf import settings

SECONDS = 10.0
READ_BYTES = 1024
SIGNATURE = "Rehue-Signature"
_TRANSLATED = ipaddress.ip_network("64:ff9b::/96")

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class ForbiddenAddressError(Exception):
    """The address is none that may be told anything; the message says why."""


class DeliveryError(Exception):
    """It could not be delivered; the message says why."""


def sign(secret: str, *, at: int, body: bytes) -> str:
    """Return what :data:`SIGNATURE` holds: a time, and HMAC-SHA256 of it, a dot and the body."""
    digest = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={at},v1={digest}"


def check_url(url: str) -> tuple[str, str, int, str]:
    """Return scheme, host, port and path of a URL that may be told something.

    Raises:
        ForbiddenAddressError: it is not of that kind.
    """
    try:
        parts = urlsplit(url)
        port = parts.port or {"https": 443, "http": 80}.get(parts.scheme, 0)
    except ValueError:
        raise ForbiddenAddressError("This is no address.") from None
    if parts.scheme not in {"http", "https"} or not parts.hostname or not port:
        raise ForbiddenAddressError("An address begins with https:// and names a host.")
    if parts.username or parts.password or not url.isascii() or not url.isprintable():
        raise ForbiddenAddressError("An address holds no password, no space and plain letters.")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return parts.scheme, parts.hostname, port, path


def addresses_of(host: str, port: int) -> list[str]:
    """Resolve a host.

    Raises:
        DeliveryError: it has no address.
        ForbiddenAddressError: one of its addresses is inside.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise DeliveryError("The host is not known.") from None
    addresses = [str(one[4][0]) for one in found]
    for address in addresses:
        if not is_allowed(ipaddress.ip_address(address.partition("%")[0])):
            raise ForbiddenAddressError("The host is inside a private network.")
    return addresses


def is_allowed(address: Address) -> bool:
    """Tell whether an address is one of the public internet, or of ``WEBHOOK_NETWORKS``."""
    if any(address in ipaddress.ip_network(one) for one in settings.WEBHOOK_NETWORKS):
        return True
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if inner is not None:
            return is_allowed(inner)
        if address in _TRANSLATED or address.teredo is not None:
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def post(url: str, *, body: bytes, headers: dict[str, str]) -> int:
    """Post to a URL and return the status of the answer.

    Raises:
        ForbiddenAddressError: it leads inside.
        DeliveryError: there was no answer.
    """
    scheme, host, port, path = check_url(url)
    addresses = addresses_of(host, port)
    try:
        plain = socket.create_connection((addresses[0], port), timeout=SECONDS)
        with plain:
            line: socket.socket = plain
            if scheme == "https":
                line = ssl.create_default_context().wrap_socket(plain, server_hostname=host)
            connection = http.client.HTTPConnection(host, port, timeout=SECONDS)
            connection.sock = line
            connection.request("POST", path, body, headers)
            answer = connection.getresponse()
            answer.read(READ_BYTES)
            connection.close()
            return answer.status
    except (OSError, http.client.HTTPException) as error:
        raise DeliveryError(str(error)[:150] or type(error).__name__) from error
