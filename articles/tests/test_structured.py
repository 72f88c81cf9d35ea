"""What pages tell machines: JSON-LD by schema.org and Google's requirements, and cards of shared links."""

import json
from datetime import datetime, timedelta

import lxml.html
import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from articles import structured
from articles.models import Article, Channel, IssueItem, RankingEntry, Topic, TopicItem, TopicSection
from articles.templatetags import structured_data
from articles.tests.factories import (
    make_article,
    make_channel,
    make_issue,
    make_photo,
    make_profile,
    make_source,
    make_tag,
    make_video,
)
from newsportal.lib import site as site_addresses
from regions.models import Region

pytestmark = pytest.mark.django_db

SITE = "http://127.0.0.1:8000"
# https://developers.google.com/search/docs/appearance/structured-data: what each type must have, or should.
REQUIRED = {
    "NewsArticle": {"headline", "image", "datePublished", "dateModified", "author", "publisher", "mainEntityOfPage"},
    "NewsMediaOrganization": {"name", "url", "logo"},
    "Organization": {"name", "url"},
    "Person": {"name"},
    "Place": {"name"},
    "ImageObject": {"url"},
    "WebPage": {"@id"},
    "WebSite": {"name", "url", "potentialAction"},
    "SearchAction": {"target", "query-input"},
    "EntryPoint": {"urlTemplate"},
    "BreadcrumbList": {"itemListElement"},
    "ItemList": {"itemListElement"},
    "ListItem": {"position", "name"},
    "VideoObject": {"name", "thumbnailUrl", "uploadDate", "contentUrl"},
}


def blocks(client, address: str) -> dict[str, dict]:
    """The data blocks of a page by their type, each with all that its type must have."""
    page = lxml.html.fromstring(client.get(address).content.decode())
    found = [json.loads(script.text) for script in page.iter("script") if script.get("type") == "application/ld+json"]
    for block in found:
        assert block["@context"] == "https://schema.org"
        check(block)
    return {block.get("@type", "@graph"): block for block in found}


def check(value) -> None:
    """Every node of the data has what its type must have, and nothing empty."""
    if isinstance(value, list):
        for each in value:
            check(each)
    if isinstance(value, dict):
        if "@type" in value:
            assert REQUIRED[value["@type"]] <= set(value), value
        for each in value.values():
            assert each not in ("", None, [], {}), value
            check(each)


def card(client, address: str) -> dict[str, str]:
    page = lxml.html.fromstring(client.get(address).content.decode())
    metas = [meta for meta in page.iter("meta") if meta.get("property") or (meta.get("name") or "").startswith("tw")]
    return {meta.get("property") or meta.get("name"): meta.get("content") for meta in metas}


@pytest.fixture
def reprint(db):
    make_profile(organization="试刊社", slogan="先试后刊", phone="010-12345678")
    return make_article(
        title="大桥 </script><script>alert(1)</script> & <!-- 通车",
        subtitle="副题",
        lead="导语。",
        body="<p>第一页。</p><hr class='page-break'><p>第二页。</p>",
        channel=make_channel("news", name="要闻"),
        source=make_source(name="湘江晚报", url="https://xj.example.com/"),
        origin=Article.Origin.REPRINT,
        source_url="https://xj.example.com/1.html",
        cover=make_photo(size=(1600, 900)),
        regions=[Region.objects.get(slug="hunan")],
        tags=[make_tag(name="桥梁")],
        credit="林晓舟",
        updated_at=timezone.now(),
    )


# --- Articles ---


def test_an_article_tells_all_that_news_search_reads(client, reprint):
    data = blocks(client, reprint.get_absolute_url())["NewsArticle"]
    address = f"{SITE}{reprint.get_absolute_url()}"
    author = reprint.credits.get().author

    assert data["mainEntityOfPage"] == {"@type": "WebPage", "@id": address}
    assert data["headline"] == reprint.title
    assert len(data["headline"]) <= 110
    assert datetime.fromisoformat(data["datePublished"]) == reprint.published_at.replace(microsecond=0)
    assert datetime.fromisoformat(data["dateModified"]) == reprint.updated_at.replace(microsecond=0)
    assert data["datePublished"].endswith("+08:00")
    assert data["author"] == [{"@type": "Person", "name": "林晓舟", "url": f"{SITE}{author.get_absolute_url()}"}]
    assert data["editor"]["name"] == "沈若谷"
    assert data["isBasedOn"] == "https://xj.example.com/1.html"
    assert data["sourceOrganization"]["name"] == "湘江晚报"
    assert (data["articleSection"], data["keywords"]) == ("要闻", ["桥梁"])
    assert data["contentLocation"] == [{"@type": "Place", "name": "湖南省"}]
    assert data["wordCount"] == reprint.characters > 0
    assert data["isAccessibleForFree"] is True
    assert data["inLanguage"] == "zh-CN"
    publisher = data["publisher"]
    assert (publisher["name"], publisher["legalName"], publisher["url"]) == ("试刊", "试刊社", f"{SITE}/")
    assert [(image["width"], image["height"]) for image in data["image"]] == [(1440, 810), (960, 540)]
    for image in data["image"]:
        assert default_storage.exists(image["url"].removeprefix(f"{SITE}/media/"))


def test_every_page_of_an_article_tells_of_the_same_article(client, reprint):
    first, *others = (
        blocks(client, address)["NewsArticle"]
        for address in (reprint.get_absolute_url(), reprint.page_url(2), reprint.full_url)
    )
    assert others == [first, first]


def test_no_title_can_end_the_block_it_stands_in(client, reprint):
    html = client.get(reprint.get_absolute_url()).content.decode()
    for part in html.split('<script type="application/ld+json">')[1:]:
        block = part.partition("</script>")[0]
        assert "<" not in block
        assert json.loads(block)
    assert "<script>alert" not in html
    assert "\\u003c/script\\u003e" in html


def test_an_original_is_based_on_nothing_and_unsigned_is_by_its_source(client, site):
    article = make_article(source=make_source(name="本报"), cover=make_photo(), duty_editor="")
    data = blocks(client, article.get_absolute_url())["NewsArticle"]
    assert not {"isBasedOn", "editor", "keywords", "contentLocation", "alternativeHeadline", "video"} & set(data)
    assert [author["name"] for author in data["author"]] == ["本报"]
    assert data["dateModified"] == data["datePublished"]


def test_an_article_without_a_picture_promises_none(site):
    assert "image" not in structured.news_article(make_article(), site)


def test_a_video_article_describes_its_video(client, site):
    channel = make_channel("films", kind=Channel.Kind.VIDEO)
    article = make_article(channel=channel, video=make_video(seconds=3725), cover=make_photo())
    video = blocks(client, article.get_absolute_url())["NewsArticle"]["video"]
    assert video["contentUrl"] == f"{SITE}/media/videos/clip.webm"
    assert video["duration"] == "PT62M5S"
    assert video["thumbnailUrl"].startswith(f"{SITE}/media/photos/")


# --- Lists, ways, the site ---


def test_lists_tell_their_items_in_order(client, site):
    channel = make_channel("news", name="要闻")
    articles = [
        make_article(channel=channel, published_at=timezone.now() - timedelta(hours=hours)) for hours in (1, 2, 3)
    ]
    topic = Topic.objects.create(title="大桥", slug="bridge", intro="导。", started_on="2026-01-01", is_published=True)
    section = TopicSection.objects.create(topic=topic, title="现场")
    issue = make_issue(year=2026, number=3)
    for position, article in enumerate(articles):
        TopicItem.objects.create(section=section, article=article, position=position)
        IssueItem.objects.create(issue=issue, article=article, position=position)
        RankingEntry.objects.create(period="day", position=position + 1, article=article, reads=9 - position)

    expected = [f"{SITE}{article.get_absolute_url()}" for article in articles]
    for address in ("/news/", "/rolling/", "/topics/bridge/", "/magazine/2026-3/", "/ranking/"):
        data = blocks(client, address)["ItemList"]
        assert [item["url"] for item in data["itemListElement"]] == expected, address
        assert [item["position"] for item in data["itemListElement"]] == [1, 2, 3]
    assert blocks(client, "/topics/")["ItemList"]["itemListElement"][0]["url"] == f"{SITE}/topics/bridge/"
    assert blocks(client, "/magazine/")["ItemList"]["numberOfItems"] == 1


def test_an_empty_list_tells_nothing(client, site):
    make_channel("quiet")
    assert "ItemList" not in blocks(client, "/quiet/")
    assert "ItemList" not in blocks(client, "/ranking/")


def test_the_way_to_a_page_is_told(client, reprint):
    steps = blocks(client, reprint.get_absolute_url())["BreadcrumbList"]["itemListElement"]
    assert [(step["name"], step.get("item")) for step in steps] == [
        ("试刊", f"{SITE}/"),
        ("要闻", f"{SITE}/news/"),
        (reprint.title, None),
    ]
    steps = blocks(client, "/regions/hunan/")["BreadcrumbList"]["itemListElement"]
    assert [step["name"] for step in steps] == ["试刊", "全国各地", "湖南"]


def test_the_home_page_tells_who_publishes_and_how_to_search(client, reprint):
    organization, website = blocks(client, "/")["@graph"]["@graph"]
    assert (organization["@type"], organization["name"], organization["slogan"]) == (
        "NewsMediaOrganization",
        "试刊",
        "先试后刊",
    )
    assert organization["logo"]["url"].startswith(f"{SITE}/static/")
    assert website["publisher"]["@id"] == organization["@id"]
    target = website["potentialAction"]["target"]["urlTemplate"]
    assert target == f"{SITE}/search/?q={{search_term_string}}"


# --- Cards ---


def test_the_card_of_an_article(client, reprint):
    found = card(client, reprint.get_absolute_url())
    assert found["og:type"] == "article"
    assert found["og:title"] == reprint.title
    assert found["og:description"] == "导语。"
    assert found["og:url"] == f"{SITE}{reprint.get_absolute_url()}"
    assert found["og:site_name"] == "试刊"
    assert found["og:locale"] == "zh_CN"
    assert (found["og:image:width"], found["og:image:height"]) == ("1440", "810")
    assert found["og:image"] == f"{SITE}{reprint.cover.picture.largest}"
    assert found["og:image:alt"] == reprint.cover.alt
    assert found["twitter:card"] == "summary_large_image"
    assert datetime.fromisoformat(found["article:published_time"]) == reprint.published_at
    assert datetime.fromisoformat(found["article:modified_time"]) == reprint.updated_at
    assert (found["article:section"], found["article:tag"]) == ("要闻", "桥梁")
    assert found["article:author"].startswith(f"{SITE}/authors/")


def test_cards_of_other_pages(client, site, monkeypatch):
    monkeypatch.setattr(site_addresses, "has_logo", lambda: False)
    make_article(channel=make_channel("news", name="要闻"), tags=[make_tag(name="桥 梁")])
    topic = {"title": "大桥", "slug": "bridge", "intro": "导言。" * 60, "started_on": "2026-01-01"}
    Topic.objects.create(**topic, is_published=True, banner=make_photo())
    titles = {"/": "试刊", "/news/": "要闻", "/regions/hunan/": "湖南省", "/topics/bridge/": "大桥"}
    titles["/tags/桥 梁/"] = "桥 梁"
    for address, title in titles.items():
        found = card(client, address)
        assert (found["og:type"], found["og:title"]) == ("website", title), address
    assert card(client, "/tags/桥 梁/")["og:url"] == f"{SITE}/tags/%E6%A1%A5%20%E6%A2%81/"
    topic_card = card(client, "/topics/bridge/")
    assert len(topic_card["og:description"]) <= 120
    assert topic_card["twitter:card"] == "summary_large_image"
    plain = card(client, "/rolling/")
    assert not {"og:title", "og:description", "og:image"} & set(plain)
    assert plain["twitter:card"] == "summary"


def test_a_page_without_picture_shows_the_logo(monkeypatch):
    monkeypatch.setattr(site_addresses, "has_logo", lambda: True)
    expected = {"url": f"{SITE}/static/icons/icon-512.png", "width": 512, "height": 512, "alt": ""}
    assert structured_data.card_picture(None) == expected
