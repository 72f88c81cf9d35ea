"""Who asks: the reader's network address, and how often it asked before."""

import ipaddress

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


def network(address: str) -> str:
    """The network that one reader can move within: /24 for IPv4, /56 for IPv6."""
    if not is_address(address):
        return address
    prefix = 24 if ipaddress.ip_address(address).version == 4 else 56
    return str(ipaddress.ip_network(f"{address}/{prefix}", strict=False))


def too_often(request: HttpRequest, purpose: str, *, most: int, seconds: int) -> bool:
    """Whether this network asked for `purpose` more than `most` times within about `seconds`. Counts this time.

    Held in the shared cache, so the limit is the same for all processes and servers.
    """
    key = f"throttle:{purpose}:{network(client_address(request))}"
    cache = caches["shared"]
    if cache.add(key, 1, timeout=seconds):
        return False
    try:
        return cache.incr(key) > most
    except ValueError:  # expired between the two calls
        return False
