"""The rule of public pages: the same bytes for everybody, nothing of a visitor, fresh when something is published."""

import gzip
import re

import brotli
import pytest
from django.core.cache import caches
from django.core.exceptions import ValidationError
from django.db import transaction
from django.test import Client
from django.urls import resolve

from about.models import SiteProfile
from articles.models import Channel
from articles.models.channels import RESERVED_SLUGS
from articles.publishing import publish, save_article, withdraw
from articles.tests.clock import StoppedClock
from articles.tests.factories import make_article, make_channel, make_member
from articles.tests.pages import article_ids, main_part, tree
from newsportal.lib import pagecache
from newsportal.lib.hant import PREFIX

from .samples import NOT_KEPT, NOT_PUBLIC_PAGES, Sample, fill_site, public_routes

pytestmark = pytest.mark.django_db

# Public pages that do not name the site.
UNCHANGING = {
    "site_qr": "leads to the site's address, whatever is on the site",
    "service_worker": "knows addresses and the version of the static files alone",
    "article_qr": "leads to the article's address, whatever the article says",
    "robots": "says what is open",
    "sitemap_index": "addresses alone",
    "sitemap_pages": "addresses alone",
    "sitemap_articles": "addresses alone",
    "comments:comment_best": "a part of a page",
    "sitemap_letters": "addresses alone",
}


@pytest.fixture
def sample(db) -> Sample:
    return fill_site()


@pytest.fixture
def staff(db) -> Client:
    """A browser in which the chief editor is signed in."""
    client = Client()
    client.force_login(make_member("zongbian-7f3a", display_name="署名张总编", is_staff=True, is_superuser=True))
    return client


@pytest.fixture
def commit(django_capture_on_commit_callbacks):
    """Run a function as a request does: what waits for the commit happens."""

    def commit(function, *args, **kwargs):
        with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
            return function(*args, **kwargs)

    return commit


def test_every_route_has_a_sample(sample):
    """A new route without a sample would escape all the tests of this folder: add it to tests/samples.py."""
    assert set(sample.addresses) == public_routes()
    assert set(NOT_PUBLIC_PAGES) < set(sample.addresses)
    for route, paths in sample.addresses.items():
        for path in paths:
            assert resolve(path.partition("?")[0]).view_name == route


def test_every_public_page_obeys_the_rule(sample, staff):
    visitor = Client()
    assert staff.get("/admin/").status_code == 200
    assert len(sample.public) == 123
    for name, path in sample.public.items():
        answers = []
        for client in (visitor, staff):
            caches["pages"].clear()  # so that it is rendered for this client, not found
            answers.append(client.get(path))
        seen, by_staff = answers
        assert (seen.status_code, by_staff.status_code) == (200, 200), name
        assert seen.content == by_staff.content, name
        for answer in answers:
            obeys_the_rule(name, answer)
        repeats_with_304(name, path, seen, [visitor, staff])


def obeys_the_rule(name: str, answer) -> None:
    request, content = answer.wsgi_request, answer.content.decode()
    assert not answer.cookies, name
    assert "Set-Cookie" not in answer.headers, name
    assert answer["Vary"] == "Accept-Encoding", name
    assert re.fullmatch(r"public, max-age=\d+, stale-if-error=300", answer["Cache-Control"]), name
    assert re.fullmatch(r'W/"[0-9a-f]{24}"', answer["ETag"]), name
    assert not request.session.accessed, name
    assert not request.session.modified, name
    assert not hasattr(request, "_cached_user"), name
    assert "CSRF_COOKIE_NEEDS_UPDATE" not in request.META, name  # no token was made
    for private in ("csrfmiddlewaretoken", "zongbian-7f3a", "署名张总编", "nonce="):
        assert private not in content, name


def repeats_with_304(name: str, path: str, seen, clients: list[Client]) -> None:
    for client in clients:
        repeat = client.get(path, headers={"if-none-match": seen["ETag"]})
        assert (repeat.status_code, repeat.content) == (304, b""), name
        assert repeat["ETag"] == seen["ETag"], name
        assert repeat["Cache-Control"] == seen["Cache-Control"], name
        other = client.get(path, headers={"if-none-match": 'W/"other"'})
        assert (other.status_code, other.content) == (200, seen.content), name
        head = client.head(path)
        assert (head.status_code, head.content, head["ETag"]) == (200, b"", seen["ETag"]), name


def test_junk_in_the_query_string_and_the_cookies_changes_nothing(sample, staff):
    for name, path in sample.public.items():
        seen = Client().get(path)
        junk = f"{'&' if '?' in path else '?'}utm_source=wechat&from=singlemessage&isappinstalled=0"
        other = Client(headers={"cookie": "reading=dark-4; session=junk; csrf=junk; theme=x"})
        answer = other.get(path + junk)
        assert answer.content == seen.content, name
        assert not answer.cookies, name


def test_public_pages_are_read_only(sample):
    for name, path in sample.public.items():
        if name == "preferences":
            continue  # its POST is the form's: below
        for method in ("post", "put", "patch", "delete", "options"):
            answer = getattr(Client(), method)(path)
            assert answer.status_code == 405, (name, method)
            assert {"GET", "HEAD"} <= {allowed.strip() for allowed in answer["Allow"].split(",")}
            assert not answer.cookies


def test_publishing_makes_every_page_fresh(sample, commit):
    SiteProfile.objects.update(name="甲城之光")
    unfit = NOT_KEPT | UNCHANGING.keys()
    pages = {name: path for name, path in sample.public.items() if name.split()[0] not in unfit}
    client = Client()
    for path in pages.values():
        assert "甲城之光" in client.get(path).content.decode(), path

    # A change behind the cache's back: every page stays as it was kept.
    SiteProfile.objects.update(name="乙城之光")
    for path in pages.values():
        assert "甲城之光" in client.get(path).content.decode(), path

    commit(publish, make_article(status="draft"))
    for path in pages.values():
        content = client.get(path).content.decode()
        assert "乙城之光" in content, path
        assert "甲城之光" not in content, path


def test_another_process_is_fresh_within_a_second(sample, commit, monkeypatch, settings):
    clock = StoppedClock(monkeypatch)
    # Published this moment: in the hour before it one of the sample's may stand, which go by the true time of day.
    article = make_article(status="draft", published_at=None)
    client = Client()
    assert article.pk not in article_ids(main_part(client.get("/rolling/")))
    with monkeypatch.context() as elsewhere:
        elsewhere.setattr(pagecache, "forget_checks", lambda: None)  # ours is another process than the publisher's
        commit(publish, article)
    assert article.pk not in article_ids(main_part(client.get("/rolling/")))

    clock.move(seconds=settings.PAGE_CACHE_CHECK_SECONDS)

    assert settings.PAGE_CACHE_CHECK_SECONDS + settings.PAGE_MAX_AGE <= 1.5
    assert article_ids(main_part(client.get("/rolling/")))[0] == article.pk


def test_nothing_is_fresh_before_the_commit(sample, django_capture_on_commit_callbacks):
    client = Client()
    client.get("/rolling/")
    with django_capture_on_commit_callbacks() as waiting:
        article = make_article()
    assert article.pk not in article_ids(main_part(client.get("/rolling/")))
    for callback in waiting:
        callback()
    assert article_ids(main_part(client.get("/rolling/")))[0] == article.pk


def test_withdrawing_takes_an_article_off_every_page(sample, commit):
    client, gone = Client(), sample.article
    own = {prefix + path for prefix in ("", PREFIX) for path in (gone.page_url(1), gone.page_url(2), gone.full_url)}
    own |= {
        path for name, path in sample.public.items() if name.startswith(("comments:comment_l", "comments:comment_d"))
    }
    showing = {path for path in sample.public.values() if gone.pk in article_ids(tree(client.get(path)))} - own
    assert {"/", "/newss/", "/regions/hunan/", "/rolling/", "/ranking/", "/topics/topic-0/", "/hant/"} < showing
    assert len(showing) == 2 * 28

    commit(withdraw, gone, reason="撤")

    assert {client.get(path).status_code for path in own} == {410}
    for path in showing:
        answer = client.get(path)
        # It was the only article of its channel in the region, so the filter by that channel is no more.
        assert answer.status_code == (404 if "?channel=newss" in path else 200), path
        assert gone.pk not in article_ids(tree(answer)), path


def test_a_correction_reaches_the_page_at_once(sample, commit):
    client, article = Client(), sample.article
    url = article.get_absolute_url()
    before = client.get(url)
    article.title = "更正后的标题"
    commit(save_article, article)
    after = client.get(url, headers={"if-none-match": before["ETag"]})
    assert after.status_code == 200
    assert after["ETag"] != before["ETag"]
    assert "更正后的标题" in after.content.decode()


def test_pages_of_different_hosts_and_parameters_are_kept_apart(sample, settings):
    settings.ALLOWED_HOSTS = ["testserver", "m.example.com"]
    client = Client()
    whole, part = client.get("/regions/hunan/"), client.get("/regions/hunan/?channel=newss")
    assert whole.content != part.content
    assert client.get("/regions/hunan/", headers={"host": "m.example.com"}).status_code == 200
    assert client.get("/regions/hunan/?channel=newss&page=1").status_code == 200
    assert client.get("/regions/hunan/").content == whole.content


def test_compressed_answers_are_the_same_page(sample):
    plain = Client().get("/")
    for encoding, decompress in (("gzip", gzip.decompress), ("br", brotli.decompress)):
        answer = Client().get("/", headers={"accept-encoding": encoding})
        assert answer["Content-Encoding"] == encoding
        assert decompress(answer.content) == plain.content
        assert answer["ETag"] == plain["ETag"]
        assert int(answer["Content-Length"]) == len(answer.content) < len(plain.content)


# --- Pages of errors ---


def test_what_is_not_there_is_the_same_for_all(sample, staff):
    withdraw(sample.article, reason="撤")
    for path, status in (
        ("/none/", 404),
        ("/hant/none/", 404),
        (f"/hant{sample.article.get_absolute_url()}", 410),
        ("/regions/none/", 404),
        ("/rolling/?page=999", 404),
        (sample.article.get_absolute_url(), 410),
    ):
        seen, by_staff = Client().get(path), staff.get(path)
        assert (seen.status_code, by_staff.status_code) == (status, status), path
        assert seen.content == by_staff.content, path
        for answer in (seen, by_staff):
            assert answer["Cache-Control"] == "public, max-age=1", path
            assert not answer.cookies, path
            assert "Cookie" not in answer.get("Vary", ""), path
            assert not answer.wsgi_request.session.accessed, path
            assert "csrfmiddlewaretoken" not in answer.content.decode(), path


def test_a_page_that_was_not_there_is_there_once_it_is_published(sample, commit):
    client = Client()
    assert client.get("/later/").status_code == 404
    commit(make_article, channel=make_channel("later"))
    assert client.get("/later/").status_code == 200


# --- The exceptions, each by itself ---


def test_health_is_never_kept(sample):
    for path in ("/healthz", "/readyz"):
        answer = Client().get(path)
        assert (answer.status_code, answer.json()["status"]) == (200, "ok")
        assert "no-store" in answer["Cache-Control"]
        assert not answer.cookies


def test_the_style_sheet_of_a_reader_is_private(sample):
    plain = Client().get("/preferences.css")
    chosen = Client(headers={"cookie": "reading=dark-3"}).get("/preferences.css")
    assert plain.content != chosen.content
    assert "color-scheme:dark" in chosen.content.decode()
    for answer in (plain, chosen):
        assert answer["Cache-Control"] == "private, no-cache"
        assert answer["Vary"] == "Cookie"
        assert not answer.cookies
        assert not answer.wsgi_request.session.accessed


def test_choosing_sets_a_cookie_of_the_reader_alone(sample):
    answer = Client().post("/preferences/", {"theme": "dark", "next": "/rolling/"})
    assert (answer.status_code, answer["Location"]) == (303, "/rolling/")
    assert answer["Cache-Control"] == "no-store"
    assert list(answer.cookies) == ["reading"]
    assert not answer.wsgi_request.session.accessed


def test_what_was_looked_up_is_never_kept(sample, staff):
    for client in (Client(), staff):
        answer = client.get("/staff/", {"q": "员工0"})
        assert answer.status_code == 200
        assert "no-store" in answer["Cache-Control"]
        assert "private" in answer["Cache-Control"]
        assert "ETag" not in answer.headers
        assert not answer.cookies
        assert not answer.wsgi_request.session.accessed
        assert "zongbian-7f3a" not in answer.content.decode()
    assert "员工0" not in Client().get("/staff/").content.decode()


def test_what_a_card_proves_is_never_kept(sample, staff):
    for client in (Client(), staff):
        answer = client.get(sample.addresses["about:card_check"][0])
        assert answer.status_code == 200
        assert "no-store" in answer["Cache-Control"]
        assert "private" in answer["Cache-Control"]
        assert not answer.cookies
        assert not answer.wsgi_request.session.accessed
        assert "zongbian-7f3a" not in answer.content.decode()


def test_files_are_kept_for_ever(sample):
    answer = Client().get(sample.addresses["media"][0])
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
    assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
    assert not answer.cookies
    assert b"".join(answer.streaming_content)[:3] == b"\xff\xd8\xff"


def test_the_beacon_is_never_kept(sample, staff):
    for client in (Client(), staff):
        answer = client.post(sample.addresses["articles:read_count"][0])
        assert answer["Cache-Control"] == "no-store"
        assert not answer.cookies
        assert not answer.wsgi_request.session.accessed


def test_the_back_office_is_private(staff):
    for client in (Client(), staff):
        answer = client.get("/accounts/login/")
        assert "private" in answer["Cache-Control"] or answer.status_code == 302
    assert Client().get("/admin/").status_code == 302
    assert "Cookie" in staff.get("/admin/")["Vary"]


# --- Addresses ---


def test_no_channel_can_take_the_address_of_a_page(sample):
    of_channels = {"articles:channel_detail", "articles:article_detail", "articles:article_part"}
    paths = [path for route, paths in sample.addresses.items() if route not in of_channels for path in paths]
    firsts = {path.split("/")[1] for path in [*paths, "/admin/", "/static/"]}
    assert {first for first in firsts if re.fullmatch(r"[a-z0-9_-]+", first)} <= RESERVED_SLUGS
    for first in RESERVED_SLUGS:
        with pytest.raises(ValidationError):
            Channel(slug=first, name="新栏目").full_clean()
