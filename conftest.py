"""What every test shares: no network, files in a temporary folder, a fresh page cache, and a small cast."""

import gc
import gzip
import os
import re
import socket
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import brotli
import pytest
from django.conf import settings as django_settings
from django.core.cache import caches
from django.test import override_settings

from articles.tests.factories import make_member, make_profile
from newsportal import chrome
from newsportal.lib import clients, pagecache

LOCAL = ("127.0.0.1", "::1", "localhost")


def pytest_configure(config: pytest.Config) -> None:
    """Hash passwords and pack pages cheaply: hundreds of tests sign somebody in. Give each process its own Redis."""
    # Else every client of a test reads the whole folder of static files before its first request.
    django_settings.WHITENOISE_AUTOREFRESH = True
    # Thousands of pages are kept for one reader each.
    pagecache.ENCODERS.update(
        br=partial(brotli.compress, quality=0, mode=brotli.MODE_TEXT),
        gzip=partial(gzip.compress, compresslevel=1, mtime=0),
    )
    # A tenth of the time went into looking for circles among rows and templates that live for one test.
    gc.set_threshold(200_000, 20, 100)
    django_settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    worker = re.fullmatch(r"gw(\d+)", os.environ.get("PYTEST_XDIST_WORKER", ""))
    if worker and django_settings.CACHE_URL:
        use_redis_database(worker[1])


def use_redis_database(number: str) -> None:
    """Tests clear the cache, so several processes must not share one; nor may the processes that they start."""
    address = f"{django_settings.CACHE_URL.rpartition('/')[0]}/{number}"
    django_settings.CACHE_URL = os.environ["CACHE_URL"] = address
    for cache in django_settings.CACHES.values():
        cache["LOCATION"] = address


@pytest.fixture(autouse=True)
def _no_network(monkeypatch):
    """Refuse every connection that leaves this machine."""
    connect = socket.socket.connect

    def local_only(self, address):
        if isinstance(address, tuple) and address[0] not in LOCAL:
            raise AssertionError(f"A test tried to reach {address}.")
        return connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", local_only)


def files_in(folder: Path) -> dict[str, Any]:
    """The settings under which everything that is stored goes below a folder."""
    storages = django_settings.STORAGES
    originals = {**storages["originals"], "OPTIONS": {"location": folder / "originals", "base_url": None}}
    # Plain static files: the hashed ones need `collectstatic`, which `make test` has run but a bare pytest has not.
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    return {
        "MEDIA_ROOT": folder / "media",
        "POSTERS_ROOT": folder / "posters",
        "STORAGES": {**storages, "originals": originals, "staticfiles": plain},
    }


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path):
    """Pictures that a test stores go to its own folder."""
    for name, value in files_in(tmp_path).items():
        setattr(settings, name, value)


@pytest.fixture(scope="module")
def module_files(tmp_path_factory) -> Iterator[None]:
    """The same for what the tests of a module share."""
    with override_settings(**files_in(tmp_path_factory.mktemp("files"))):
        yield


@pytest.fixture(autouse=True)
def _fresh_pages():
    """No page or chrome of another test's database."""
    caches["pages"].clear()
    pagecache.clock.generation, pagecache.clock.next_change = 0, None
    pagecache.forget_checks()
    chrome.keeper.forget()


@pytest.fixture
def one_period(monkeypatch):
    """However long a test takes, no new period of `too_often` begins meanwhile."""
    monkeypatch.setattr(clients, "time", SimpleNamespace(time=lambda: 1_000_000_000.0))


@pytest.fixture
def site(db):
    """The site profile that public pages show."""
    return make_profile()


@pytest.fixture
def chief(db):
    return make_member("chief", is_staff=True, is_superuser=True)


@pytest.fixture
def editor(db):
    """An editor of a small newsroom: writes and signs, places, publishes and withdraws."""
    return make_member("editor", is_staff=True, groups=["责任编辑", "总编"])


@pytest.fixture
def reporter(db):
    """A reporter: writes, does not publish."""
    return make_member("reporter", is_staff=True, groups=["记者"])


@pytest.fixture
def member(db):
    """A reader with an account and no rights in the back office."""
    return make_member("member")
