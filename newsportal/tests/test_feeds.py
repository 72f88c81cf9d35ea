"""Feeds as programs read them: by feedparser, and against what RSS 2.0 and RFC 4287 (Atom) ask for."""

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import quote

import feedparser
import pytest
from django.conf import settings as site_settings
from django.core.cache import caches
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from lxml import etree

from articles.feeds import LENGTH
from articles.models import Article, Channel, ListEntry, Topic, TopicItem, TopicSection
from articles.publishing import withdraw
from articles.tests.clock import StoppedClock
from articles.tests.factories import (
    make_article,
    make_author,
    make_channel,
    make_city,
    make_photo,
    make_profile,
    make_source,
    make_tag,
    make_video,
)
from newsportal.lib import site as site_addresses
from regions.models import Region

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
SITE = "http://127.0.0.1:8000"
RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)")
FORMS = ["rss", "atom"]


@pytest.fixture
def published(site):
    """A reprint in two pages with everything that a feed can tell."""
    photo, hunan = make_photo(size=(1600, 900)), Region.objects.get(slug="hunan")
    body = f'<p>第一页，见<a href="/topics/">专题</a>。</p><figure data-photo="{photo.pk}"></figure>'
    return make_article(
        title="大桥 <通车> & 通航",
        lead="早上 6 点，A < B。",
        body=f'{body}<hr class="page-break" data-title="下游 & 上游"><p>第二页。</p>',
        channel=make_channel("news", name="要闻"),
        source=make_source(name="湘江晚报", url="https://xj.example.com/"),
        origin=Article.Origin.REPRINT,
        source_url="https://xj.example.com/1.html",
        cover=photo,
        regions=[hunan],
        tags=[make_tag(name="桥 梁")],
        credit="林晓舟",
    )


def addresses(article: Article) -> dict[str, str]:
    """The page of each list that the article stands in, and the folder of its feeds."""
    topic = Topic.objects.create(
        title="大桥", slug="bridge", intro="导言。", started_on="2026-01-01", is_published=True
    )
    TopicItem.objects.create(section=TopicSection.objects.create(topic=topic, title="现场"), article=article)
    return {
        "/": "/feeds/",
        "/news/": "/feeds/channel/news/",
        "/regions/hunan/": "/feeds/region/hunan/",
        "/topics/bridge/": "/feeds/topic/bridge/",
        f"/tags/{quote('桥 梁')}/": f"/feeds/tag/{quote('桥 梁')}/",
        f"/sources/{article.source_id}/": f"/feeds/source/{article.source_id}/",
        f"/authors/{article.credits.get().author_id}/": f"/feeds/author/{article.credits.get().author_id}/",
    }


def read(client, address: str) -> feedparser.FeedParserDict:
    """The feed as feedparser understands it, without a complaint."""
    answer = client.get(address)
    assert answer.status_code == 200, address
    feed = feedparser.parse(answer.content, response_headers={"content-type": answer["Content-Type"]})
    assert feed.bozo == 0, (address, feed.get("bozo_exception"))
    return feed


def root(client, address: str) -> etree._Element:
    return etree.fromstring(client.get(address).content)


def test_every_list_has_both_feeds_and_its_page_leads_to_them(client, published):
    for page, folder in addresses(published).items():
        html = client.get(page).content.decode()
        assert '<link rel="alternate" type="application/rss+xml" title="' in html
        assert f'href="{folder}rss.xml">' in html, page
        for form in FORMS:
            feed = read(client, f"{folder}{form}.xml")
            assert feed.version == {"rss": "rss20", "atom": "atom10"}[form]
            assert [entry.title for entry in feed.entries] == ["大桥 <通车> & 通航"]
            assert feed.feed.link == f"{SITE}{page}"
            assert feed.feed.title.endswith("试刊")
            links = {link.rel: link.href for link in feed.feed.links}
            assert links["self"] == f"{SITE}{folder}{form}.xml"


@pytest.mark.parametrize("form", FORMS)
def test_an_entry_tells_all(client, published, form):
    (entry,) = read(client, f"/feeds/{form}.xml").entries

    assert entry.link == f"{SITE}{published.get_absolute_url()}"
    assert entry.summary == "早上 6 点，A &lt; B。"
    assert [author.name for author in entry.authors] == ["林晓舟"]
    assert [tag.term for tag in entry.tags] == ["要闻", "桥 梁", "湖南"]
    assert entry.source.title == "湘江晚报"
    assert (entry.source.get("href") or entry.source.id) == "https://xj.example.com/1.html"
    stamp = published.published_at.replace(microsecond=0)
    assert datetime(*entry.published_parsed[:6], tzinfo=UTC) == stamp
    (enclosure,) = entry.enclosures
    name = published.cover.picture.file(1440, "jpg")
    assert (enclosure.href, enclosure.type) == (f"{SITE}/media/{name}", "image/jpeg")
    assert int(enclosure.length) == Path(default_storage.path(name)).stat().st_size > 0


@pytest.mark.parametrize(("form", "path"), [("rss", CONTENT), ("atom", f"{ATOM}content")])
def test_the_whole_text_travels_with_every_address_in_full(client, published, form, path):
    (element,) = root(client, f"/feeds/{form}.xml").iter(path)
    html = element.text

    assert html.index("第一页") < html.index("<h2>下游 &amp; 上游</h2>") < html.index("第二页。")
    assert f'<a href="{SITE}/topics/" rel="noopener">专题</a>' in html
    assert f'src="{SITE}/media/photos/' in html
    assert published.cover.caption in html
    assert "顾闻天 摄" in html
    addresses_in_text = re.findall(r'(?:src|href)="([^"]*)"', html) + [
        choice.split()[0] for found in re.findall(r'srcset="([^"]*)"', html) for choice in found.split(", ")
    ]
    assert len(addresses_in_text) >= 10
    assert [address for address in addresses_in_text if not address.startswith(f"{SITE}/")] == []


def test_rss_has_what_its_specification_wants(client, published):
    rss = root(client, "/feeds/rss.xml")
    channel = rss.find("channel")

    assert (rss.tag, rss.get("version")) == ("rss", "2.0")
    for name in ("title", "link", "description", "language", "lastBuildDate", "ttl"):
        assert len(channel.findall(name)) == 1, name
        assert channel.findtext(name).strip(), name
    assert channel.findtext("language") == "zh-CN"
    parsedate_to_datetime(channel.findtext("lastBuildDate"))
    (item,) = channel.findall("item")
    for name in ("title", "link", "description", "pubDate", "guid", "source", "enclosure", CONTENT):
        assert len(item.findall(name)) == 1, name
    assert re.fullmatch(r"[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d \+0800", item.findtext("pubDate"))
    assert item.find("guid").get("isPermaLink") == "false"
    assert set(item.find("enclosure").attrib) == {"url", "length", "type"}
    assert item.find("source").get("url") == "https://xj.example.com/1.html"


def test_atom_has_what_its_specification_wants(client, published):
    feed = root(client, "/feeds/atom.xml")

    assert feed.tag == f"{ATOM}feed"
    assert feed.get("{http://www.w3.org/XML/1998/namespace}lang") == "zh-CN"
    for name in ("id", "title", "updated", "author", "logo"):
        assert len(feed.findall(ATOM + name)) == 1, name
    assert {link.get("rel") for link in feed.findall(f"{ATOM}link")} == {"self", "alternate"}
    (entry,) = feed.findall(f"{ATOM}entry")
    for name in ("id", "title", "updated", "published", "summary", "content", "source"):
        assert len(entry.findall(ATOM + name)) == 1, name
    assert [author.findtext(f"{ATOM}name") for author in entry.findall(f"{ATOM}author")] == ["林晓舟"]
    assert entry.find(f"{ATOM}content").get("type") == "html"
    for element in feed.iter(f"{ATOM}updated", f"{ATOM}published"):
        assert RFC_3339.fullmatch(element.text)
    for element in feed.iter(f"{ATOM}id"):
        assert re.fullmatch(r"(tag:|https?://)\S+", element.text)
    enclosure = next(link for link in entry.findall(f"{ATOM}link") if link.get("rel") == "enclosure")
    assert int(enclosure.get("length")) > 0


def test_an_entry_keeps_its_name_when_its_address_moves(client, published):
    before = read(client, "/feeds/rss.xml").entries[0]
    published.channel = make_channel("elsewhere")
    published.published_at -= timedelta(days=3)
    published.save()
    Channel.objects.filter(slug="news").delete()
    after = read(client, "/feeds/atom.xml").entries[0]

    assert after.link != before.link
    assert after.id == before.id
    assert re.fullmatch(rf"tag:127\.0\.0\.1,\d{{4}}-\d\d-\d\d:/articles/{published.pk}/", before.id)


def test_a_correction_moves_updated_and_not_published(client, published):
    before = read(client, "/feeds/atom.xml").entries[0]
    Article.objects.update(updated_at=published.published_at + timedelta(minutes=30))
    caches["pages"].clear()
    after = read(client, "/feeds/atom.xml").entries[0]

    assert before.updated == before.published == after.published
    assert after.updated > before.updated


def test_a_video_is_the_first_enclosure(client, site):
    default_storage.save("videos/clip.webm", ContentFile(b"x" * 1234))
    make_article(video=make_video(), cover=make_photo())

    (in_rss,) = read(client, "/feeds/rss.xml").entries[0].enclosures
    in_atom = read(client, "/feeds/atom.xml").entries[0].enclosures
    assert (in_rss.href, in_rss.type, in_rss.length) == (f"{SITE}/media/videos/clip.webm", "video/webm", "1234")
    assert [enclosure.type for enclosure in in_atom] == ["video/webm", "image/jpeg"]


def test_a_file_that_is_missing_is_not_promised(client, site):
    make_article(video=make_video())

    assert not default_storage.exists("videos/clip.webm")
    assert read(client, "/feeds/rss.xml").entries[0].enclosures == []


def test_what_nobody_signed_is_by_its_source(client, site):
    make_article(source=make_source(name="本报编辑部"))

    assert [author.name for author in read(client, "/feeds/rss.xml").entries[0].authors] == ["本报编辑部"]
    assert [author.name for author in read(client, "/feeds/atom.xml").entries[0].authors] == ["本报编辑部"]


@pytest.mark.parametrize("form", FORMS)
def test_characters_that_xml_cannot_hold_are_left_out(client, form):
    make_profile(name="试\x02刊")
    photo = make_photo(caption="图\x08说", credit="摄\x1f影")
    make_article(
        title="标\x01题",
        lead="导\x0b语\x0c。",
        body=f'<p>正文。</p><figure data-photo="{photo.pk}"></figure>',
        source=make_source(name="来\x03源"),
        tags=[make_tag(name="标\x04签")],
        credit="作\x05者",
    )

    feed = read(client, f"/feeds/{form}.xml")

    (entry,) = feed.entries
    assert feed.feed.title == "试刊"
    assert entry.title == "标题"
    assert entry.source.title == "来源"
    assert entry.authors[0].name == "作者"
    assert "标签" in [tag.term for tag in entry.tags]
    assert "图说" in entry.content[0].value


def test_the_newest_stand_in_a_feed_and_no_more_than_fit(client, site, settings):
    channel = make_channel("news")
    articles = [
        make_article(channel=channel, published_at=datetime(2026, 11, 1, 8, minute, tzinfo=UTC))
        for minute in range(LENGTH + 3)
    ]
    newest = [article.title for article in reversed(articles)][:LENGTH]

    for address in ("/feeds/rss.xml", "/feeds/channel/news/atom.xml"):
        assert [entry.title for entry in read(client, address).entries] == newest


def test_a_province_s_feed_has_its_cities(client, site):
    hunan = Region.objects.get(slug="hunan")
    article = make_article(regions=[make_city(hunan, slug="changsha")])
    other = make_article(regions=[Region.objects.get(slug="hubei")])

    for slug in ("hunan", "changsha"):
        assert [entry.title for entry in read(client, f"/feeds/region/{slug}/rss.xml").entries] == [article.title]
    assert [entry.title for entry in read(client, "/feeds/region/hubei/rss.xml").entries] == [other.title]


def test_an_empty_list_has_an_empty_feed_or_none_as_its_page(client, site):
    make_channel("quiet")
    author, tag = make_author(), make_tag(name="空")
    Topic.objects.create(title="空专题", slug="none", intro="导言。", started_on="2026-01-01", is_published=True)

    for address in (
        "/feeds/rss.xml",
        "/feeds/channel/quiet/atom.xml",
        "/feeds/region/hunan/rss.xml",
        "/feeds/topic/none/atom.xml",
    ):
        assert read(client, address).entries == []
        assert client.get(address).content == client.get(address).content
    for address in (
        f"/feeds/author/{author.pk}/rss.xml",
        f"/feeds/tag/{tag.name}/atom.xml",
        "/feeds/source/999/rss.xml",
    ):
        assert client.get(address).status_code == 404


@pytest.mark.parametrize(
    "address", ["/feeds/channel/hidden/rss.xml", "/feeds/channel/link/rss.xml", "/feeds/topic/draft/atom.xml"]
)
def test_what_is_not_public_has_no_feed(client, site, address):
    make_channel("hidden", is_hidden=True)
    make_channel("link", kind=Channel.Kind.LINK, link="/magazine/")
    Topic.objects.create(title="草稿专题", slug="draft", intro="导言。", started_on="2026-01-01")

    assert client.get(address).status_code == 404


def test_a_withdrawn_article_leaves_the_feeds_though_its_places_remain(client, published):
    folders = addresses(published).values()
    withdraw(published, reason="失实")
    values = {"article": published, "published_at": published.published_at}
    ListEntry.objects.create(scope=ListEntry.Scope.REGION, target=Region.objects.get(slug="hunan").pk, **values)

    for folder in folders:
        answer = client.get(f"{folder}rss.xml")
        assert "大桥 &lt;通车&gt;" not in answer.content.decode(), folder


# --- Asking again -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["/feeds/rss.xml", "/feeds/atom.xml", "/sitemap.xml", "/sitemap-articles-0.xml"])
def test_a_reader_that_has_the_newest_hears_304_by_either_validator(
    client, site, monkeypatch, address, django_capture_on_commit_callbacks
):
    clock = StoppedClock(monkeypatch)
    with django_capture_on_commit_callbacks(execute=True):
        article = make_article(pk=5)
    fresh = client.get(address)
    assert "Last-Modified" not in fresh  # a second change within this second could not be told apart

    clock.move(minutes=5)
    first = client.get(address)
    by_date, by_tag = {"if-modified-since": first["Last-Modified"]}, {"if-none-match": first["ETag"]}
    assert parsedate_to_datetime(first["Last-Modified"]) == clock.now - timedelta(minutes=5)
    assert [client.get(address, headers=headers).status_code for headers in (by_date, by_tag)] == [304, 304]
    # The ETag decides where both are sent, and a date before the change hears of it.
    assert client.get(address, headers=by_date | {"if-none-match": 'W/"other"'}).status_code == 200
    earlier = {"if-modified-since": "Tue, 03 Nov 2026 03:59:59 GMT"}
    assert client.get(address, headers=earlier).status_code == 200
    assert client.get(address, headers={"if-modified-since": "gestern"}).status_code == 200

    with django_capture_on_commit_callbacks(execute=True):
        withdraw(article, reason="失实")
    clock.move(seconds=3)
    assert [client.get(address, headers=headers).status_code for headers in (by_date, by_tag)] == [200, 200]


def test_what_the_clock_publishes_ends_a_304(client, site, monkeypatch, django_capture_on_commit_callbacks):
    clock = StoppedClock(monkeypatch)
    with django_capture_on_commit_callbacks(execute=True):
        make_article(title="先发的", published_at=clock.now - timedelta(hours=1))
        make_article(title="定时的", published_at=clock.now + timedelta(minutes=10))
    client.get("/feeds/rss.xml")  # so that this process learns of the change now and not at the next page
    clock.move(minutes=9)
    since = {"if-modified-since": client.get("/feeds/rss.xml")["Last-Modified"]}
    assert client.get("/feeds/rss.xml", headers=since).status_code == 304

    clock.move(minutes=2)
    answer = client.get("/feeds/rss.xml", headers=since)

    assert answer.status_code == 200
    assert "定时的" in answer.content.decode()


# --- The page for people ----------------------------------------------------------------------------------------------


def test_the_page_lists_what_there_is(client, site):
    make_channel("news", name="要闻")
    make_channel("hidden", name="隐藏", is_hidden=True)
    Topic.objects.create(title="大桥", slug="bridge", intro="导言。", started_on="2026-01-01", is_published=True)
    html = client.get("/feeds/").content.decode()

    for path in ("/feeds/rss.xml", "/feeds/atom.xml", "/feeds/channel/news/rss.xml", "/feeds/region/hunan/atom.xml"):
        assert f'href="{path}"' in html
    assert 'href="/feeds/topic/bridge/rss.xml"' in html
    assert "隐藏" not in html
    assert '<a href="/feeds/">订阅 RSS</a>' in client.get("/rolling/").content.decode()


# --- The logo ---------------------------------------------------------------------------------------------------------


def test_a_drawn_logo_is_no_picture_for_rss(client, published, monkeypatch):
    monkeypatch.setattr(site_addresses, "has_logo", lambda: False)
    assert root(client, "/feeds/rss.xml").find("channel/image") is None
    assert root(client, "/feeds/atom.xml").findtext(f"{ATOM}logo") == f"{SITE}/static/favicon.svg"


def test_a_raster_logo_is(client, published, monkeypatch):
    monkeypatch.setattr(site_addresses, "has_logo", lambda: True)
    image = root(client, "/feeds/rss.xml").find("channel/image")
    assert [image.findtext(name) for name in ("url", "title", "link")] == [
        f"{SITE}/static/icons/icon-512.png",
        "试刊",
        f"{SITE}/",
    ]


def test_the_logo_is_found_where_static_files_lie():
    site_addresses.has_logo.cache_clear()
    there = (Path(site_settings.BASE_DIR) / "static" / site_addresses.LOGO).is_file()
    assert site_addresses.has_logo() is there
