"""Sitemaps as search engines read them, held against the protocol's schema; and what robots.txt opens and closes."""

import re
from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from lxml import etree

from about.models import Page
from articles import sitemaps
from articles.models import Article, SitemapPart, Topic
from articles.publishing import publish, reindex_channel, save_article, withdraw
from articles.sitemaps import MOST_NEWS, PART
from articles.tests.clock import StoppedClock
from articles.tests.factories import make_article, make_channel, make_issue, make_photo, make_profile
from regions.models import Region

pytestmark = pytest.mark.django_db

SITE = "http://127.0.0.1:8000"
# What https://www.sitemaps.org/schemas/sitemap/0.9/ (sitemap.xsd, siteindex.xsd) asks for, in the parts we write;
# Google's extensions have namespaces of their own and are checked below.
XSD = """
<xsd:schema xmlns:xsd="http://www.w3.org/2001/XMLSchema" targetNamespace="http://www.sitemaps.org/schemas/sitemap/0.9"
            xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" elementFormDefault="qualified">
  <xsd:element name="urlset"><xsd:complexType><xsd:sequence>
    <xsd:element name="url" minOccurs="0" maxOccurs="unbounded"><xsd:complexType><xsd:sequence>
      <xsd:element name="loc" type="location"/>
      <xsd:element name="lastmod" type="moment" minOccurs="0"/>
      <xsd:any namespace="##other" minOccurs="0" maxOccurs="unbounded" processContents="lax"/>
    </xsd:sequence></xsd:complexType></xsd:element>
  </xsd:sequence></xsd:complexType></xsd:element>
  <xsd:element name="sitemapindex"><xsd:complexType><xsd:sequence>
    <xsd:element name="sitemap" maxOccurs="50000"><xsd:complexType><xsd:sequence>
      <xsd:element name="loc" type="location"/>
      <xsd:element name="lastmod" type="moment" minOccurs="0"/>
    </xsd:sequence></xsd:complexType></xsd:element>
  </xsd:sequence></xsd:complexType></xsd:element>
  <xsd:simpleType name="location"><xsd:restriction base="xsd:anyURI">
    <xsd:minLength value="12"/><xsd:maxLength value="2048"/></xsd:restriction></xsd:simpleType>
  <xsd:simpleType name="moment"><xsd:union memberTypes="xsd:date xsd:dateTime"/></xsd:simpleType>
</xsd:schema>
"""
SCHEMA = etree.XMLSchema(etree.fromstring(XSD))
NAMES = {
    "s": sitemaps.NAMESPACE,
    "image": sitemaps.IMAGE,
    "news": sitemaps.NEWS,
}


def read(client, address: str) -> etree._Element:
    """The sitemap, valid by its schema."""
    answer = client.get(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/xml; charset=utf-8")
    document = etree.fromstring(answer.content)
    SCHEMA.assertValid(document)
    return document


def texts(document: etree._Element, path: str) -> list[str]:
    return [element.text for element in document.iterfind(f".//{path}", NAMES)]


def in_full(*articles: Article) -> list[str]:
    return [f"{SITE}{article.get_absolute_url()}" for article in articles]


def test_the_index_names_parts_that_together_hold_every_article_once(client, site):
    articles = [make_article(pk=pk) for pk in (1, PART - 1, PART, 3 * PART + 5)]
    make_article(pk=5 * PART, status="draft", published_at=None)

    parts = texts(read(client, "/sitemap.xml"), "s:loc")

    assert parts == [f"{SITE}/sitemap-pages.xml", *(f"{SITE}/sitemap-articles-{number}.xml" for number in (0, 1, 3))]
    held = [texts(read(client, part.removeprefix(SITE)), "s:loc") for part in parts[1:]]
    assert held == [in_full(*articles[:2]), in_full(articles[2]), in_full(articles[3])]


def test_an_article_tells_when_it_changed_and_shows_its_cover(client, site):
    photo = make_photo(size=(1600, 900))
    article = make_article(cover=photo)
    document = read(client, f"/sitemap-articles-{article.pk // PART}.xml")

    expected = timezone.localtime(max(article.modified_at, article.published_at)).isoformat(timespec="seconds")
    assert texts(document, "s:lastmod") == [expected]
    assert texts(document, "image:loc") == [f"{SITE}/media/{photo.picture.file(1440, 'jpg')}"]


def test_a_part_that_is_not_there(client, site):
    make_article(pk=1)
    for number in ("1", "999999999999999"):
        assert client.get(f"/sitemap-articles-{number}.xml").status_code == 404


@pytest.mark.parametrize("count", [1, 40])
def test_a_part_costs_two_queries_and_reads_no_more_than_its_range(client, site, count):
    channel = make_channel()
    for number in range(count):
        make_article(pk=2 * PART + number, channel=channel)
    for pk in (2 * PART - 1, 3 * PART):
        make_article(pk=pk, channel=channel)

    with CaptureQueriesContext(connection) as queries:
        places = list(sitemaps.places_of_part(2))

    assert len(places) == count
    (query,) = queries
    assert f'"id" >= {2 * PART}' in query["sql"]
    assert f'"id" < {3 * PART}' in query["sql"]
    assert "OFFSET" not in query["sql"]
    assert '"body"' not in query["sql"]


# --- When a part changed ---


def lastmods(client) -> list[str]:
    return texts(read(client, "/sitemap.xml"), "s:lastmod")


def test_the_index_says_when_a_part_changed(client, site, monkeypatch, django_capture_on_commit_callbacks):
    clock = StoppedClock(monkeypatch)

    def commit(function, *args, **kwargs):
        with django_capture_on_commit_callbacks(execute=True):
            return function(*args, **kwargs)

    article = commit(make_article, pk=1)
    assert lastmods(client) == ["2026-11-03T12:00:00+08:00"]

    clock.move(hours=1)
    commit(save_article, article)
    commit(publish, article)
    assert lastmods(client) == ["2026-11-03T13:00:00+08:00"]

    clock.move(hours=1)
    commit(withdraw, article, reason="失实")
    assert lastmods(client) == ["2026-11-03T14:00:00+08:00"]

    clock.move(hours=1)
    article.channel.is_hidden = True
    article.channel.save()
    commit(publish, article)
    commit(reindex_channel, article.channel)
    assert lastmods(client) == ["2026-11-03T15:00:00+08:00"]


def test_a_scheduled_article_changes_its_part_when_its_time_comes(
    client, site, monkeypatch, django_capture_on_commit_callbacks
):
    clock = StoppedClock(monkeypatch)
    with django_capture_on_commit_callbacks(execute=True):
        make_article(pk=1, published_at=clock.now + timedelta(hours=6))
        # What is saved after it does not make the index forget the hour.
        make_article(pk=2)
    assert lastmods(client) == ["2026-11-03T12:00:00+08:00"]

    clock.move(hours=9)

    assert lastmods(client) == ["2026-11-03T18:00:00+08:00"]


def test_a_draft_makes_no_part(site):
    make_article(status="draft", published_at=None)
    assert not SitemapPart.objects.exists()


def test_articles_loaded_in_bulk_are_found_by_the_command(site, capsys):
    old, new = make_article(pk=1), make_article(pk=PART + 1)
    make_article(pk=4 * PART, status="draft", published_at=None)
    before = set(SitemapPart.objects.values_list("number", flat=True))
    SitemapPart.objects.all().delete()
    SitemapPart.objects.create(number=77, changed_at=timezone.now())

    call_command("rebuild_sitemap")

    assert "2 个稿件分册" in capsys.readouterr().out
    rows = dict(SitemapPart.objects.values_list("number", "changed_at"))
    assert set(rows) == before == {0, 1}
    assert rows == {0: max(old.modified_at, old.published_at), 1: max(new.modified_at, new.published_at)}


def test_parts_of_two_thousand_became_parts_of_ten_thousand(site):
    at = timezone.now()
    times = {0: at, 1: at - timedelta(hours=1), 4: at - timedelta(hours=3), 5: at - timedelta(hours=2), 14: at}
    SitemapPart.objects.bulk_create([SitemapPart(number=number, changed_at=when) for number, when in times.items()])

    import_module("articles.migrations.0016_larger_sitemap_parts").merge(apps, None)

    assert dict(SitemapPart.objects.values_list("number", "changed_at")) == {0: at, 1: times[5], 2: at}


# --- The other sitemaps ---


def test_everything_but_articles_stands_in_a_part_of_its_own(client, site):
    make_channel("news")
    make_channel("hidden", is_hidden=True)
    make_channel("link", kind="link", link="/magazine/")
    make_article(channel=make_channel("local"), regions=[Region.objects.get(slug="hunan")])
    values = {"intro": "导言。", "started_on": "2026-01-01"}
    Topic.objects.create(title="公开", slug="open", is_published=True, **values)
    Topic.objects.create(title="草稿", slug="shut", **values)
    make_issue(year=2026, number=3)
    make_issue(year=2026, number=4, is_published=False)
    Page.objects.create(title="关于", slug="us", body="<p>关于。</p>")
    Page.objects.create(title="草稿", slug="draft", body="<p>草稿。</p>", is_published=False)

    found = {address.removeprefix(SITE) for address in texts(read(client, "/sitemap-pages.xml"), "s:loc")}

    assert {"/", "/rolling/", "/news/", "/regions/hunan/", "/topics/open/", "/magazine/2026-3/", "/about/us/"} < found
    assert not {"/hidden/", "/link/", "/regions/hubei/", "/topics/shut/", "/magazine/2026-4/", "/about/draft/"} & found
    for address in found:
        assert client.get(address).status_code == 200, address


def test_the_news_sitemap_holds_two_days(client, site):
    new = make_article(title="新\x01闻 <一>", published_at=timezone.now() - timedelta(hours=47))
    make_article(published_at=timezone.now() - timedelta(hours=49))
    newest = make_article(title="最新")

    document = read(client, "/news-sitemap.xml")

    assert texts(document, "s:loc") == in_full(newest, new)
    assert texts(document, "news:title") == ["最新", "新闻 <一>"]
    assert set(texts(document, "news:name")) == {"试刊"}
    assert set(texts(document, "news:language")) == {"zh-cn"}
    for text in texts(document, "news:publication_date"):
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+08:00", text)


def test_the_news_sitemap_is_never_longer_than_google_takes(site, monkeypatch):
    assert MOST_NEWS == 1000
    monkeypatch.setattr(sitemaps, "MOST_NEWS", 2)
    articles = [make_article() for _ in range(3)]
    assert sitemaps.newest_articles() == sorted(articles, key=lambda one: (one.published_at, one.pk))[:0:-1]


def test_a_young_site_has_valid_sitemaps(client, site):
    for address in ("/sitemap.xml", "/sitemap-pages.xml", "/news-sitemap.xml"):
        read(client, address)


# --- robots.txt and the key of IndexNow ---


@pytest.fixture
def public(settings):
    """A site that readers can reach."""
    settings.SITE_URL, settings.SITE_HOST = "https://news.example.com", "news.example.com"


def test_robots_are_welcome_but_for_what_is_nobody_s_business(client, site, public):
    answer = client.get("/robots.txt")
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    lines = answer.content.decode().splitlines()
    assert lines[0] == "User-agent: *"
    disallowed = [line.removeprefix("Disallow: ") for line in lines if line.startswith("Disallow: ")]
    assert disallowed == [
        *["/admin/", "/accounts/", "/letters/follow/", "/letters/mine/", "/members/", "/preferences/", "/reads/"],
        *["/search/", "/staff/?"],
    ]
    assert [line for line in lines if line.startswith("Sitemap: ")] == [
        "Sitemap: https://news.example.com/sitemap.xml",
        "Sitemap: https://news.example.com/news-sitemap.xml",
    ]


def test_invented_news_is_not_for_search_engines(client, public):
    make_profile(is_demo=True)
    assert "\nUser-agent: *\nDisallow: /\n" in client.get("/robots.txt").content.decode()


def test_nor_is_a_trial_on_this_machine(client, site):
    content = client.get("/robots.txt").content.decode()
    assert "\nDisallow: /\n" in content
    assert "Sitemap:" not in content


def test_the_key_file_exists_when_there_is_a_key(client, site, settings):
    assert client.get("/0123456789abcdef.txt").status_code == 404
    settings.INDEXNOW_KEY = "0123456789abcdef"
    answer = client.get("/0123456789abcdef.txt")
    assert (answer.content, answer["Content-Type"]) == (b"0123456789abcdef", "text/plain; charset=utf-8")
    assert client.get("/0123456789abcdee.txt").status_code == 404
    assert client.post("/0123456789abcdef.txt").status_code == 405
