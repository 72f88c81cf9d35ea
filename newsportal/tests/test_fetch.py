"""Safe fetching: what may be reached, what is refused before a connection is made, and the limits while reading."""

import ipaddress
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace

import pytest

from newsportal.lib import fetch as module
from newsportal.lib.fetch import FetchError, fetch, is_public, status_of


class Handler(BaseHTTPRequestHandler):
    """Answers by path; notes each request."""

    def do_GET(self):
        self.server.asked.append((self.path, self.headers["Host"]))
        self.server.referers.append(self.headers["Referer"])
        status, headers, body = self.server.answers.get(self.path, (404, {}, b""))
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if "Content-Length" not in headers:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


@pytest.fixture
def server():
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.answers, server.asked, server.referers = {}, [], []
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def names(monkeypatch):
    """What each host name resolves to, and how often it was asked for."""
    table, asked = {}, []
    own = socket.getaddrinfo

    def resolve(host, port, *args, **kwargs):
        if isinstance(host, str) and host in table:
            asked.append(host)
            answer = table[host].pop(0) if len(table[host]) > 1 else table[host][0]
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in answer]
        if isinstance(host, str) and host.replace(".", "").isdigit():
            return own(host, port, *args, **kwargs)
        raise socket.gaierror(f"unknown {host}")

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    table["asked"] = asked
    return table


def local(address, port):
    """What these tests allow: their own server."""
    return str(address) == "127.0.0.1"


def get(server, path, **options):
    options = {"max_bytes": 1000, "allow": local, **options}
    return fetch(f"http://pictures.example:{server.server_port}{path}", **options)


def test_the_status_at_the_end_is_told_and_nothing_is_read(server, names):
    names["pictures.example"] = [["127.0.0.1"]]
    server.answers["/moved"] = (301, {"Location": "/there"}, b"")
    server.answers["/there"] = (410, {}, b"x" * 5000)
    url = f"http://pictures.example:{server.server_port}"
    assert [status_of(f"{url}{path}", allow=local) for path in ("/moved", "/nothing")] == [410, 404]
    server.answers["/round"] = (302, {"Location": "/round"}, b"")
    with pytest.raises(FetchError, match="重定向"):
        status_of(f"{url}/round", allow=local)
    with pytest.raises(FetchError, match="不是公网网站"):
        status_of(f"{url}/moved")


def test_a_file_comes_with_its_type(server, names):
    names["pictures.example"] = [["127.0.0.1"]]
    server.answers["/a/%E5%9B%BE.png?size=1"] = (200, {"Content-Type": "image/png"}, b"\x89PNG")

    found = get(server, "/a/图.png?size=1")

    assert (found.content_type, found.content) == ("image/png", b"\x89PNG")
    assert found.url.endswith("/a/图.png?size=1")
    assert server.asked == [("/a/%E5%9B%BE.png?size=1", f"pictures.example:{server.server_port}")]


def test_the_page_that_shows_a_file_is_named_when_it_is_told(server, names):
    names["pictures.example"] = [["127.0.0.1"]]
    server.answers["/a.jpg"] = (200, {}, b"a")
    get(server, "/a.jpg")
    get(server, "/a.jpg", referer="https://page.example/")
    assert server.referers == [None, "https://page.example/"]


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",  # noqa: S104 -- an address to refuse
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "192.0.2.1",
        "::1",
        "::",
        "fe80::1",
        "fc00::1",
        "ff02::1",
        "2001:db8::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b::a00:1",
        "2002:7f00:1::",
        "2002:c0a8:101::1",
    ],
)
def test_no_private_address_is_public(address):
    assert not is_public(ipaddress.ip_address(address), 443)


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:220:1::1", "64:ff9b::5db8:d70e", "114.114.114.114"])
def test_a_public_address_is_public_at_the_ports_of_the_web(address):
    found = ipaddress.ip_address(address)
    assert [port for port in (22, 25, 80, 443, 3306, 6379, 8080, 8443) if is_public(found, port)] == [
        80,
        443,
        8080,
        8443,
    ]


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("ftp://pictures.example/a", "只能读取 http"),
        ("file:///etc/passwd", "只能读取 http"),
        ("gopher://pictures.example/", "只能读取 http"),
        ("//pictures.example/a", "只能读取 http"),
        ("http:///a", "只能读取 http"),
        ("", "只能读取 http"),
        ("http://user:word@pictures.example/", "用户名和密码"),
        ("http://pictures.example:99999/", "格式不对"),
        ("http://[::1/", "格式不对"),
        (f"http://{'a' * 70}.example/", "格式不对"),
        ("http://nowhere.example/", "找不到主机"),
        ("http://127.0.0.1/", "不是公网"),
        ("http://pictures.example/", "不是公网"),
        ("http://mixed.example/", "不是公网"),
    ],
)
def test_what_is_refused_before_anything_connects(names, monkeypatch, url, message):
    names["pictures.example"] = [["10.0.0.8"]]
    names["mixed.example"] = [["93.184.215.14", "127.0.0.1"]]  # one private address among them is enough
    monkeypatch.setattr(module, "connect", lambda *args, **kwargs: pytest.fail("connected"))
    with pytest.raises(FetchError, match=message):
        fetch(url, max_bytes=1000)


def test_a_name_is_resolved_once_so_a_second_answer_leads_nowhere(server, names):
    """DNS rebinding: an address that is allowed first, another when somebody connects by name."""
    names["pictures.example"] = [["127.0.0.1"], ["127.0.0.99"]]
    server.answers["/a"] = (200, {}, b"picture")

    assert get(server, "/a").content == b"picture"
    assert names["asked"] == ["pictures.example"]


def test_redirects_are_followed_and_each_is_judged(server, names):
    names["pictures.example"] = [["127.0.0.1"]]
    names["inside.example"] = [["10.0.0.8"]]
    server.answers["/a"] = (302, {"Location": "/b"}, b"")
    server.answers["/b"] = (200, {}, b"picture")
    server.answers["/in"] = (301, {"Location": f"http://inside.example:{server.server_port}/b"}, b"")
    server.answers["/file"] = (307, {"Location": "file:///etc/passwd"}, b"")
    server.answers["/round"] = (308, {"Location": "/round"}, b"")

    assert get(server, "/a").content == b"picture"
    for path, message in (("/in", "不是公网"), ("/file", "只能读取 http"), ("/round", "重定向超过 3 次")):
        with pytest.raises(FetchError, match=message):
            get(server, path)
    assert [path for path, _ in server.asked].count("/round") == 4


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ((404, {}, b""), "答复 404"),
        ((200, {"Content-Length": "1001"}, b""), "文件超过"),
        ((200, {"Content-Length": "9" * 5000}, b""), "文件超过"),
        ((200, {}, b"x" * 1001), "文件超过"),
        ((200, {"Content-Encoding": "gzip"}, b"x"), "压缩"),
        ((200, {"Content-Length": "900"}, b"x"), "连接中断"),
    ],
)
def test_limits_while_reading(server, names, answer, message):
    names["pictures.example"] = [["127.0.0.1"]]
    server.answers["/a"] = answer
    with pytest.raises(FetchError, match=message):
        get(server, "/a")


def test_a_body_without_a_length_is_cut_off_too(server, names, monkeypatch):
    names["pictures.example"] = [["127.0.0.1"]]
    server.answers["/a"] = (200, {"Content-Length": "3000"}, b"x" * 3000)
    monkeypatch.setattr(module, "CHUNK", 100)
    with pytest.raises(FetchError, match="文件超过"):
        get(server, "/a", max_bytes=2000)
    assert len(get(server, "/a", max_bytes=3000).content) == 3000


def test_it_is_given_up_in_time(server, names, monkeypatch):
    names["pictures.example"] = [["127.0.0.1"]]
    server.answers["/a"] = (200, {}, b"x" * 900)
    moments = iter([0.0, 0.0, 21.0])
    monkeypatch.setattr(module, "time", SimpleNamespace(monotonic=lambda: next(moments)))
    with pytest.raises(FetchError, match="读取太慢"):
        get(server, "/a")


def test_nobody_answers(names):
    names["pictures.example"] = [["127.0.0.1"]]
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, not listening
        with pytest.raises(FetchError, match="连接不上"):
            fetch(f"http://pictures.example:{taken.getsockname()[1]}/", max_bytes=10, allow=local)


def test_the_certificate_must_be_that_of_the_name(names):
    target = module.Target("https", "pictures.example", 443, "/", ("93.184.215.14",))
    pool = module.pool_for(target, "93.184.215.14", module.urllib3.Timeout(1))

    assert (pool.host, pool.port) == ("93.184.215.14", 443)
    assert (pool.cert_reqs, pool.assert_hostname) == ("CERT_REQUIRED", "pictures.example")
    assert pool.conn_kw["server_hostname"] == "pictures.example"
    assert module.host_header(target) == "pictures.example"
