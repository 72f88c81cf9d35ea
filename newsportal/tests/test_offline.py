"""The service worker, the page it shows without a network, and the web app manifest."""

import json
import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings as django_settings
from django.contrib.staticfiles import finders
from django.core.cache import caches
from PIL import Image

from about.models import SiteProfile
from scripts.draw_icons import draw

pytestmark = pytest.mark.django_db
KB = 1024


def test_the_worker_is_a_script_that_is_asked_for_anew(client, site):
    response = client.get("/sw.js")

    source = response.content.decode()
    assert (response.status_code, response.headers["Content-Type"]) == (200, "text/javascript; charset=utf-8")
    assert response.headers["Cache-Control"] == "public, max-age=0, stale-if-error=300"
    assert 'OFFLINE = "/offline/"' in source
    assert 'OWN_SHEET = "/preferences.css"' in source
    assert 'STATIC = "/static/", MEDIA = "/media/"' in source
    assert "{%" not in source + client.get("/offline/").content.decode()
    assert len(source) < 6 * KB  # half of it comments; 2 KB compressed
    assert client.get("/sw.js", headers={"if-none-match": response.headers["ETag"]}).status_code == 304


def test_new_static_files_are_a_new_worker(client, site, monkeypatch):
    versions = []
    for version in ("0123456789ab", "ba9876543210"):
        monkeypatch.setattr("newsportal.offline.staticfiles_storage", SimpleNamespace(manifest_hash=version))
        caches["pages"].clear()  # as in the new process that knows the new files
        versions += re.findall(r'SHELL = "shell-(\w+)"', client.get("/sw.js").content.decode())
    assert versions == ["0123456789ab", "ba9876543210"]


def test_switched_off_the_worker_removes_itself(client, site, settings):
    assert "data-worker" in client.get("/").content.decode()
    settings.OFFLINE_PAGES = False
    caches["pages"].clear()  # a new setting is a new process, which keeps nothing yet

    source = client.get("/sw.js").content.decode()
    assert "registration.unregister()" in source
    assert "caches.delete" in source
    assert "fetch" not in source
    assert "data-worker" not in client.get("/").content.decode()


def test_the_page_without_a_network_is_in_the_site_s_look_and_in_no_index(client, site):
    for path, words in (("/offline/", "网络不通"), ("/hant/offline/", "網絡不通")):
        page = client.get(path).content.decode()
        assert f"<h1>{words}</h1>" in page
        assert '<meta name="robots" content="noindex">' in page
        assert "data-kept-articles" in page
        assert 'class="site-footer"' in page


def test_the_manifest_is_the_site_s(client, site):
    SiteProfile.objects.update(name="一二三四五六七八九十每日新闻网", description="全国新闻。")

    response = client.get("/manifest.webmanifest")

    assert response.headers["Content-Type"] == "application/manifest+json; charset=utf-8"
    manifest = json.loads(response.content)
    assert {key: manifest[key] for key in ("name", "short_name", "description", "lang", "start_url", "scope")} == {
        "name": "一二三四五六七八九十每日新闻网",
        "short_name": "一二三四五六七八九十每日",
        "description": "全国新闻。",
        "lang": "zh-CN",
        "start_url": "/",
        "scope": "/",
    }
    assert [(icon["sizes"], icon["purpose"]) for icon in manifest["icons"]] == [
        *[("192x192", "any"), ("512x512", "any"), ("512x512", "maskable")]
    ]
    for icon in manifest["icons"]:
        with Image.open(finders.find(icon["src"].removeprefix("/static/"))) as picture:
            assert f"{picture.width}x{picture.height}" == icon["sizes"]
            assert picture.format == "PNG"


def test_every_page_names_manifest_and_icons(client, site):
    page = client.get("/").content.decode()
    assert '<link rel="manifest" href="/manifest.webmanifest">' in page
    assert '<link rel="apple-touch-icon" href="/static/icons/apple-touch-icon.png">' in page
    assert re.findall(r'<meta name="theme-color" content="(#\w+)" media="\(prefers-color-scheme: (\w+)\)">', page) == [
        ("#f7f5f2", "light"),
        ("#1c1d20", "dark"),
    ]


def test_the_icons_are_those_that_the_script_draws():
    folder = Path(django_settings.BASE_DIR) / "static" / "icons"
    for name, image in (("icon-192", draw(192, rounded=True)), ("apple-touch-icon", draw(180, rounded=False))):
        with Image.open(folder / f"{name}.png") as kept:
            assert (kept.size, kept.mode) == (image.size, image.mode)
            assert kept.tobytes() == image.tobytes()


def test_worker_and_manifest_are_allowed_from_this_site_alone(client, site):
    policy = client.get("/").headers["Content-Security-Policy"]
    assert "worker-src 'self'" in policy
    assert "manifest-src 'self'" in policy
