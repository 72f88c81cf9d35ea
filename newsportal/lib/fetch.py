"""Asking another site on the server's behalf: for pictures of an import, for what the links of an article lead to.

The address comes from outside, so it must not reach into the network of the server. The host is resolved once, every
address it has is judged, and the connection goes to the very address that was judged: a name that answers differently a
second later gains nothing. Each redirect is judged anew. What the content is, the caller decides from its bytes.
"""

import ipaddress
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import quote, urljoin, urlsplit, urlunsplit

import urllib3
from urllib3.exceptions import HTTPError

type Address = ipaddress.IPv4Address | ipaddress.IPv6Address
type Allow = Callable[[Address, int], bool]

PORTS = {"http": 80, "https": 443}
# Where other sites serve files. Never a mail server or a database that happens to have a public address.
ALLOWED_PORTS = frozenset({80, 443, 8080, 8443})
# An IPv4 address wrapped into an IPv6 one by the network itself (RFC 6052).
NAT64 = ipaddress.ip_network("64:ff9b::/96")
CHUNK = 64 * 1024
MOST_DIGITS = 18  # of a length; thousands of them Python would refuse to read
REDIRECTS = frozenset({301, 302, 303, 307, 308})
USER_AGENT = "Newsportal/1.0"


class FetchError(Exception):
    """The file was not fetched. The message is Chinese and says why."""


@dataclass(frozen=True)
class Fetched:
    """What came: the address that answered at last, the type that its server claims, the bytes."""

    url: str
    content_type: str
    content: bytes


@dataclass(frozen=True)
class Target:
    """An address taken apart, its host resolved and judged."""

    scheme: str
    host: str
    port: int
    path: str
    addresses: tuple[str, ...]


def is_public(address: Address, port: int) -> bool:
    """Whether a server of the public internet may stand there. Wrapped IPv4 addresses are judged unwrapped."""
    if isinstance(address, ipaddress.IPv6Address):
        if address in NAT64:
            return is_public(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF), port)
        wrapped = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
        if any(inner is not None and not is_public(inner, port) for inner in wrapped):
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved and port in ALLOWED_PORTS


def fetch(
    url: str,
    *,
    max_bytes: int,
    seconds: float = 20.0,
    redirects: int = 3,
    allow: Allow = is_public,
    referer: str = "",
) -> Fetched:
    """The file at an http or https address, at most `max_bytes` of it, given up after `seconds`.

    The time is asked between reads, each of which waits ten seconds at most. Follows at most `redirects` redirects.
    `allow` judges each (address, port) before anything connects to it. `referer` names the page that shows the file,
    for hosts that answer nobody else. Raises FetchError.
    """
    deadline = time.monotonic() + seconds
    with answer(url, deadline=deadline, redirects=redirects, allow=allow, referer=referer) as (address, response):
        content = read(response, max_bytes=max_bytes, deadline=deadline)
        return Fetched(address, response.headers.get("Content-Type", ""), content)


def status_of(url: str, *, seconds: float = 10.0, redirects: int = 3, allow: Allow = is_public) -> int:
    """The status with which an address answers at last; nothing of its content is read. Raises FetchError."""
    with answer(url, deadline=time.monotonic() + seconds, redirects=redirects, allow=allow) as (_, response):
        return response.status


@contextmanager
def answer(
    url: str, *, deadline: float, redirects: int, allow: Allow, referer: str = ""
) -> Iterator[tuple[str, urllib3.BaseHTTPResponse]]:
    """(address, response) at the end of the redirects, unread, closed afterwards. Raises FetchError."""
    for _ in range(redirects + 1):
        target = resolve(url, allow=allow)
        response = connect(target, deadline=deadline, referer=referer)
        try:
            if response.status not in REDIRECTS:
                yield url, response
                return
            location = response.headers.get("Location", "")
        except HTTPError as error:
            raise FetchError(f"读取 {target.host} 时连接中断。") from error
        finally:
            response.close()
        url = urljoin(url, location)
    raise FetchError(f"重定向超过 {redirects} 次。")


def resolve(url: str, *, allow: Allow) -> Target:
    """Take the address apart and resolve its host, once. Raises FetchError unless every address it has is allowed."""
    try:
        parts = urlsplit(url.strip())
        port = parts.port or PORTS.get(parts.scheme, 0)
        host = (parts.hostname or "").encode("idna").decode() if parts.hostname else ""
    except (ValueError, UnicodeError) as error:
        raise FetchError("网址格式不对。") from error
    if parts.scheme not in PORTS or not host:
        raise FetchError("只能读取 http 或 https 网址。")
    if parts.username is not None or parts.password is not None:
        raise FetchError("网址里不能带用户名和密码。")
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise FetchError(f"找不到主机 {host}。") from error
    addresses = tuple(dict.fromkeys(str(entry[4][0]) for entry in found))
    if not addresses or not all(is_allowed(address, port, allow) for address in addresses):
        raise FetchError(f"{host} 不是公网网站，不能读取。")
    path = quote(urlunsplit(("", "", parts.path or "/", parts.query, "")), safe="/%:=&?~+!$,;'@()*[]-._")
    return Target(parts.scheme, host, port, path, addresses)


def is_allowed(address: str, port: int, allow: Allow) -> bool:
    try:
        # A zone (fe80::1%eth0) belongs to this machine alone: ipaddress judges the address before it.
        return allow(ipaddress.ip_address(address.partition("%")[0]), port)
    except ValueError:
        return False


def connect(target: Target, *, deadline: float, referer: str = "") -> urllib3.BaseHTTPResponse:
    """Ask the first of the target's addresses that answers. Raises FetchError."""
    # No compression: a small answer must not become a large one here.
    headers = {"Host": host_header(target), "Accept-Encoding": "identity", "User-Agent": USER_AGENT}
    if referer:
        headers["Referer"] = referer
    for address in target.addresses:
        left = deadline - time.monotonic()
        if left <= 0:
            break
        timeout = urllib3.Timeout(connect=min(left, 5.0), read=min(left, 10.0))
        try:
            with pool_for(target, address, timeout) as pool:
                return pool.urlopen(
                    "GET",
                    target.path,
                    headers=headers,
                    redirect=False,
                    retries=False,
                    preload_content=False,
                    decode_content=False,
                    assert_same_host=False,
                )
        except (HTTPError, OSError):
            continue
    raise FetchError(f"连接不上 {target.host}。")


def pool_for(target: Target, address: str, timeout: urllib3.Timeout) -> urllib3.HTTPConnectionPool:
    """A pool to the address itself; the certificate must be that of the host's name."""
    if target.scheme == "http":
        return urllib3.HTTPConnectionPool(address, target.port, timeout=timeout)
    return urllib3.HTTPSConnectionPool(
        address,
        target.port,
        timeout=timeout,
        cert_reqs="CERT_REQUIRED",
        server_hostname=target.host,
        assert_hostname=target.host,
    )


def host_header(target: Target) -> str:
    host = f"[{target.host}]" if ":" in target.host else target.host
    return host if target.port == PORTS[target.scheme] else f"{host}:{target.port}"


def read(response: urllib3.BaseHTTPResponse, *, max_bytes: int, deadline: float) -> bytes:
    """The body, unless it is refused, encoded, too large or too slow. Raises FetchError, HTTPError."""
    if response.status != 200:
        raise FetchError(f"对方网站答复 {response.status}。")
    if response.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise FetchError("对方网站返回了压缩的内容。")
    announced = response.headers.get("Content-Length", "")
    if announced.isdecimal() and (len(announced) > MOST_DIGITS or int(announced) > max_bytes):
        raise FetchError(f"文件超过 {max_bytes // 2**20} MB。")
    parts, size = [], 0
    # read1 returns what is there: a server that sends a byte a second must meet the deadline all the same.
    while chunk := response.read1(CHUNK):
        size += len(chunk)
        if size > max_bytes:
            raise FetchError(f"文件超过 {max_bytes // 2**20} MB。")
        if time.monotonic() > deadline:
            raise FetchError("读取太慢，已放弃。")
        parts.append(chunk)
    return b"".join(parts)
