"""Sitemaps of articles, in parts: a part holds the articles of one range of ids, so that no part counts or sorts any.

Format: https://www.sitemaps.org/protocol.html, with Google's extensions for images and for news.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F, Max
from django.db.models.functions import Greatest
from django.utils import timezone
from lxml import etree

from newsportal.lib.html import printable
from newsportal.lib.site import absolute

from .models import Article, SitemapPart

# Small enough that a part is written in a moment; a million articles make 500 parts, and the format takes 50,000.
PART = 2000
NEWS_DAYS, MOST_NEWS = 2, 1000
# What a part reads of each of its articles, two thousand at a time.
SHOWN = [
    "published_at",
    "modified_at",
    "channel__slug",
    "cover__data",
    "cover__alt",
    "cover__focal_x",
    "cover__focal_y",
]
NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
IMAGE = "http://www.google.com/schemas/sitemap-image/1.1"
NEWS = "http://www.google.com/schemas/sitemap-news/0.9"


@dataclass(frozen=True)
class Place:
    """An address of the site as a sitemap tells of it; `picture` is the full address of the picture shown there."""

    address: str
    changed_at: datetime | None = None
    picture: str = ""


# --- Which articles ---------------------------------------------------------------------------------------------------


def places_of_part(number: int) -> Iterator[Place]:
    """The public articles of a part, by id. One query along the primary key."""
    articles = Article.objects.published().filter(pk__gte=number * PART, pk__lt=(number + 1) * PART).order_by("pk")
    for article in articles.select_related("channel", "cover").only(*SHOWN):
        picture = article.cover.picture if article.cover else None
        changed_at = max(article.published_at, article.modified_at)
        yield Place(article.get_absolute_url(), changed_at, absolute(picture.largest) if picture else "")


def newest_articles() -> list[Article]:
    """What a news sitemap may hold: the articles of the last two days, at most a thousand. One query."""
    since = timezone.now() - timedelta(days=NEWS_DAYS)
    recent = Article.objects.published().filter(published_at__gte=since).newest_first()
    return list(recent.select_related("channel").defer("body", "pages")[:MOST_NEWS])


# --- When a part changed ----------------------------------------------------------------------------------------------


def note_change(article: Article) -> None:
    """Note that the article's part of the sitemap changes now, or when the article's time comes. Two queries."""
    if article.published_at is None:
        return
    at = max(timezone.now(), article.published_at if article.status == Article.Status.PUBLISHED else timezone.now())
    number = article.pk // PART
    later = Greatest("changed_at", at)
    if not SitemapPart.objects.filter(number=number).update(changed_at=later):
        SitemapPart.objects.get_or_create(number=number, defaults={"changed_at": at})


def note_changes(ids: Iterable[int]) -> None:
    """Note that the parts of these articles, which have been public before, change now. One query."""
    parts = SitemapPart.objects.filter(number__in={pk // PART for pk in ids})
    parts.update(changed_at=Greatest("changed_at", timezone.now()))


def rebuild_parts() -> int:
    """Find all parts anew, as after articles were loaded in bulk. Reads every article once. Returns how many."""
    ever_public = Article.objects.exclude(published_at=None).order_by()
    rows = ever_public.values(number=F("pk") / PART).annotate(at=Greatest(Max("published_at"), Max("modified_at")))
    SitemapPart.objects.all().delete()
    parts = [SitemapPart(number=row["number"], changed_at=row["at"]) for row in rows.values("number", "at")]
    return len(SitemapPart.objects.bulk_create(parts, batch_size=500))


# --- The documents ----------------------------------------------------------------------------------------------------


class Document:
    """A sitemap being written, in memory: none is large. Names are the protocol's own unless they say a namespace."""

    def __init__(self, root: str, **namespaces: str) -> None:
        self.root = etree.Element(f"{{{NAMESPACE}}}{root}", nsmap={None: NAMESPACE, **namespaces})

    def open(self, name: str, within: etree._Element | None = None, *, namespace: str = NAMESPACE) -> etree._Element:
        return etree.SubElement(self.root if within is None else within, f"{{{namespace}}}{name}")

    def add(self, within: etree._Element, name: str, text: str, *, namespace: str = NAMESPACE) -> None:
        etree.SubElement(within, f"{{{namespace}}}{name}").text = text

    def finish(self) -> bytes:
        return etree.tostring(self.root, encoding="utf-8", xml_declaration=True)


def write_index(places: Iterable[Place]) -> bytes:
    """The index that names the parts."""
    document = Document("sitemapindex")
    for place in places:
        part = document.open("sitemap")
        document.add(part, "loc", absolute(place.address))
        if place.changed_at:
            document.add(part, "lastmod", moment(place.changed_at))
    return document.finish()


def write_part(places: Iterable[Place]) -> bytes:
    document = Document("urlset", image=IMAGE)
    for place in places:
        url = document.open("url")
        document.add(url, "loc", absolute(place.address))
        if place.changed_at:
            document.add(url, "lastmod", moment(place.changed_at))
        if place.picture:
            image = document.open("image", url, namespace=IMAGE)
            document.add(image, "loc", place.picture, namespace=IMAGE)
    return document.finish()


def write_news(articles: Iterable[Article], *, publication: str) -> bytes:
    """The news sitemap. `publication` is the name of the site; the language is Google's code for Simplified Chinese."""
    document = Document("urlset", news=NEWS)
    for article in articles:
        url = document.open("url")
        document.add(url, "loc", absolute(article.get_absolute_url()))
        news = document.open("news", url, namespace=NEWS)
        source = document.open("publication", news, namespace=NEWS)
        document.add(source, "name", printable(publication), namespace=NEWS)
        document.add(source, "language", "zh-cn", namespace=NEWS)
        document.add(news, "publication_date", moment(article.published_at), namespace=NEWS)
        document.add(news, "title", printable(article.title), namespace=NEWS)
    return document.finish()


def moment(at: datetime) -> str:
    """A W3C date and time with its zone, in whole seconds."""
    return timezone.localtime(at).isoformat(timespec="seconds")
