"""Who asks: the reader's network address, and how often it asked before."""

import ipaddress
import time

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """The reader's address: what the outermost of our own proxies saw, never what the reader claims.

    With TRUSTED_PROXIES = n, the n-th address from the end of X-Forwarded-For; else the peer's.
    """
    if settings.TRUSTED_PROXIES:
        forwarded = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
        if len(forwarded) >= settings.TRUSTED_PROXIES and is_address(forwarded[-settings.TRUSTED_PROXIES]):
            return forwarded[-settings.TRUSTED_PROXIES]
    return request.META.get("REMOTE_ADDR", "")


def is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def plain_address(address: str) -> str:
    """The address without zone. A socket that listens on both families names an IPv4 reader ::ffff:192.0.2.1."""
    parsed = ipaddress.ip_address(address.partition("%")[0])
    return str(getattr(parsed, "ipv4_mapped", None) or parsed)


def network(address: str) -> str:
    """The network that one reader can move within: /24 for IPv4, /56 for IPv6."""
    if not is_address(address):
        return address
    # Else all readers of IPv4 would be one /56.
    parsed = ipaddress.ip_address(plain_address(address))
    prefix = 24 if parsed.version == 4 else 56
    return str(ipaddress.ip_network(f"{parsed}/{prefix}", strict=False))


def too_often(request: HttpRequest, purpose: str, *, most: int, seconds: int) -> bool:
    """Whether this network asked for `purpose` more than `most` times in this period of `seconds`. Counts this time."""
    return counts_over(f"{purpose}:{network(client_address(request))}", most=most, seconds=seconds)


def counts_over(name: str, *, most: int, seconds: int) -> bool:
    """The same for whatever a name stands for: an account, a number, the whole site.

    Held in the shared cache, so the limit is the same for all processes and servers.
    """
    # The period is part of the key, so that asking on does not put off its end.
    key = f"throttle:{int(time.time() // seconds)}:{name}"
    cache = caches["shared"]
    if cache.add(key, 1, timeout=seconds):
        return False
    try:
        count = cache.incr(key)
    except ValueError:  # expired between the two calls
        return False
    # The cache in the database gives every value that it counts up its default time instead of ours.
    cache.touch(key, timeout=seconds)
    return count > most
