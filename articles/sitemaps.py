"""Sitemaps of articles, in parts: a part holds the articles of one range of ids, so that no part counts or sorts any.

Format: https://www.sitemaps.org/protocol.html, with Google's extensions for images and for news.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import escape

from django.conf import settings
from django.db.models import F, Max
from django.db.models.functions import Greatest
from django.utils import timezone

from newsportal.lib.html import printable
from newsportal.lib.images import PHOTO_WIDTHS, Picture
from newsportal.lib.site import absolute

from .models import Article, SitemapPart, address_of

# Few enough that a part is written in a moment, and many enough that the index stays short: a million articles make 100
# parts. The format takes 50,000.
PART = 10_000
NEWS_DAYS, MOST_NEWS = 2, 1000
# What a part reads of each of its articles: no objects, there are thousands.
SHOWN = ["pk", "published_at", "modified_at", "channel__slug", "cover__data"]
NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
IMAGE = "http://www.google.com/schemas/sitemap-image/1.1"
NEWS = "http://www.google.com/schemas/sitemap-news/0.9"


@dataclass(frozen=True)
class Place:
    """A page as a sitemap tells of it: its path, percent-encoded; `picture` is the full address of one shown there."""

    address: str
    changed_at: datetime | None = None
    picture: str = ""


# --- Which articles ---------------------------------------------------------------------------------------------------


def places_of_part(number: int) -> Iterator[Place]:
    """The public articles of a part, by id. One query along the primary key."""
    articles = Article.objects.published().filter(pk__gte=number * PART, pk__lt=(number + 1) * PART).order_by("pk")
    for pk, published_at, modified_at, slug, cover in articles.values_list(*SHOWN):
        picture = Picture.from_data(cover, alt="", widths=PHOTO_WIDTHS) if cover else None
        address = address_of(pk, slug, published_at)
        yield Place(address, max(published_at, modified_at), absolute(picture.largest) if picture else "")


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


def write_index(places: Iterable[Place]) -> bytes:
    """The index that names the parts."""
    parts = ("".join(["<sitemap>", *location(place), "</sitemap>"]) for place in places)
    return document("sitemapindex", parts)


def write_part(places: Iterable[Place]) -> bytes:
    return document("urlset", map(url_of, places), image=IMAGE)


def write_news(articles: Iterable[Article], *, publication: str) -> bytes:
    """The news sitemap. `publication` is the name of the site; the language is Google's code for Simplified Chinese."""
    name, language = element("news:name", printable(publication)), element("news:language", "zh-cn")
    source = f"<news:publication>{name}{language}</news:publication>"

    def url(article: Article) -> str:
        date = element("news:publication_date", moment(article.published_at))
        title = element("news:title", printable(article.title))
        address = element("loc", absolute(article.get_absolute_url()))
        return f"<url>{address}<news:news>{source}{date}{title}</news:news></url>"

    return document("urlset", map(url, articles), news=NEWS)


def document(root: str, entries: Iterable[str], **namespaces: str) -> bytes:
    """A sitemap of entries in XML. As text, because a part has ten thousand of them; `namespaces` by prefix."""
    names = "".join(f' xmlns:{prefix}="{address}"' for prefix, address in namespaces.items())
    opening = f'<?xml version="1.0" encoding="utf-8"?>\n<{root} xmlns="{NAMESPACE}"{names}>'
    return "\n".join([opening, *entries, f"</{root}>"]).encode()


def url_of(place: Place) -> str:
    image = f"<image:image>{element('image:loc', place.picture)}</image:image>" if place.picture else ""
    return "".join(["<url>", *location(place), image, "</url>"])


def location(place: Place) -> list[str]:
    changed = [element("lastmod", moment(place.changed_at))] if place.changed_at else []
    return [element("loc", f"{settings.SITE_URL}{place.address}"), *changed]


def element(name: str, text: str) -> str:
    return f"<{name}>{escape(text)}</{name}>"


def moment(at: datetime) -> str:
    """A W3C date and time with its zone, in whole seconds."""
    return at.astimezone(timezone.get_default_timezone()).isoformat(timespec="seconds")
