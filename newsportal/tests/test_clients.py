"""Who asks: which address is believed, and how often it may ask."""

import pytest
from django.core.cache import caches
from django.core.cache.backends import db as database_cache
from django.test import RequestFactory

from articles.tests.clock import StoppedClock
from newsportal.lib.clients import client_address, is_address, network, plain_address, too_often

PEER = "192.0.2.1"


def request(forwarded: str | None = None, *, peer: str = PEER):
    headers = {} if forwarded is None else {"HTTP_X_FORWARDED_FOR": forwarded}
    return RequestFactory().get("/", REMOTE_ADDR=peer, **headers)


@pytest.mark.parametrize(
    ("proxies", "forwarded", "expected"),
    [
        (0, None, PEER),
        (0, "203.0.113.5", PEER),
        (1, None, PEER),
        (1, "", PEER),
        (1, "203.0.113.5", "203.0.113.5"),
        (1, "1.1.1.1, 203.0.113.5", "203.0.113.5"),
        (1, "203.0.113.5, forged", PEER),
        (1, "forged,203.0.113.5 ", "203.0.113.5"),
        (1, "2001:db8::5", "2001:db8::5"),
        (2, "203.0.113.5", PEER),
        (2, "203.0.113.5, 10.0.0.2", "203.0.113.5"),
        (2, "1.1.1.1, 203.0.113.5, 10.0.0.2", "203.0.113.5"),
        (2, "1.1.1.1, <script>, 10.0.0.2", PEER),
    ],
)
def test_only_what_our_own_proxies_wrote_is_believed(settings, proxies, forwarded, expected):
    settings.TRUSTED_PROXIES = proxies

    assert client_address(request(forwarded)) == expected


def test_a_peer_without_address(settings):
    bare = request()
    del bare.META["REMOTE_ADDR"]  # gunicorn behind a Unix socket

    assert client_address(bare) == ""


@pytest.mark.parametrize(
    ("text", "expected"),
    [("192.0.2.1", True), ("::1", True), ("", False), ("192.0.2.256", False), ("192.0.2.0/24", False), ("x", False)],
)
def test_what_is_an_address(text, expected):
    assert is_address(text) is expected


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("192.0.2.77", "192.0.2.0/24"),
        ("2001:db8:1:22ff:aaaa::1", "2001:db8:1:2200::/56"),
        ("2001:db8:1:2201::", "2001:db8:1:2200::/56"),
        ("::ffff:192.0.2.77", "192.0.2.0/24"),
        ("::ffff:198.51.100.7", "198.51.100.0/24"),
        ("", ""),
        ("unix:", "unix:"),
    ],
)
def test_the_network_of_one_reader(address, expected):
    assert network(address) == expected


@pytest.mark.parametrize(
    ("address", "expected"),
    [("192.0.2.1", "192.0.2.1"), ("::ffff:192.0.2.1", "192.0.2.1"), ("fe80::1%eth0", "fe80::1"), ("::1", "::1")],
)
def test_an_address_has_one_form(address, expected):
    assert plain_address(address) == expected


@pytest.fixture(params=["shared", "pages"])
def clock(request, monkeypatch, db):
    """A stopped clock, over the cache of the database and over one in memory."""
    caches["shared"].clear()
    chosen = caches[request.param]
    monkeypatch.setattr(type(caches), "__getitem__", lambda self, name: chosen)
    stopped = StoppedClock(monkeypatch)
    monkeypatch.setattr(database_cache, "tz_now", lambda: stopped.now)
    return stopped


def ask(times: int, *, peer: str = PEER, purpose: str = "staff", most: int = 3, seconds: int = 1000) -> list[bool]:
    return [too_often(request(peer=peer), purpose, most=most, seconds=seconds) for _ in range(times)]


def test_the_limit_itself_is_allowed_and_the_next_is_not(clock):
    assert ask(5) == [False, False, False, True, True]


def test_a_network_counts_as_one_and_others_are_not_touched(clock):
    assert ask(3) == [False] * 3

    assert ask(1, peer="192.0.2.99") == [True]
    assert ask(1, peer="192.0.3.1") == [False]
    assert ask(1, purpose="letters") == [False]


def test_the_count_begins_anew_when_its_time_is_over(clock):
    assert ask(4)[-1] is True

    clock.move(seconds=1001)
    assert ask(4) == [False, False, False, True]


def test_asking_on_does_not_put_off_the_end(clock):
    """Somebody who keeps trying once a minute is free again after the time, not locked out for ever."""
    assert ask(4, seconds=60)[-1] is True

    refused = []
    for _ in range(6):
        clock.move(seconds=15)
        refused += ask(1, seconds=60)
    assert refused[-1] is False


def test_a_count_lasts_as_long_as_was_said(clock):
    """Longer than the 300 seconds for which a cache keeps what has no time of its own."""
    clock.move(seconds=-(clock.now.timestamp() % 1000))
    assert ask(3) == [False] * 3

    clock.move(seconds=990)
    assert ask(1) == [True]
