"""Feeds of articles as RSS 2.0 and as Atom (RFC 4287): the newest of a list, each with its whole text.

The library writes what both formats share; the classes here add what readers of news want beside: the text itself,
the source of a reprint, where the page is and who is told of changes.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.core.files.storage import default_storage
from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed, Enclosure, Rss201rev2Feed, SyndicationFeed, get_tag_uri, rfc3339_date
from django.utils.html import escape
from django.utils.xmlutils import SimplerXMLGenerator

from newsportal.lib.days import midnight
from newsportal.lib.html import printable, with_full_addresses
from newsportal.lib.site import absolute, logo_url

from .lists import entries
from .models import Article, Channel, Credit, ListEntry, Topic, TopicItem
from .rendering import without_stories

LENGTH = 25
LANGUAGE = "zh-CN"
TTL = 15  # minutes after which a reader may ask again


# --- Which articles stand in a feed -----------------------------------------------------------------------------------


def with_text(articles: QuerySet[Article]) -> list[Article]:
    """The newest of these articles with all that a feed tells of them. Four queries."""
    credits_in_order = Prefetch("credits", Credit.objects.select_related("author"))
    found = articles.select_related("channel", "source", "cover", "video")
    return list(found.prefetch_related("regions", "tags", credits_in_order).newest_first()[:LENGTH])


def of_site() -> list[Article]:
    return with_text(Article.objects.published())


def of_channel(channel: Channel) -> list[Article]:
    return of_list(ListEntry.Scope.SITE, 0, channel=channel.pk)


def of_list(scope: int, target: int, *, channel: int = 0) -> list[Article]:
    """The newest of the list of a channel, region, tag, author or source. Five queries."""
    return with_ids(entries(scope, target, channel=channel).values_list("article_id", flat=True)[:LENGTH])


def of_topic(topic: Topic) -> list[Article]:
    """The newest of a topic, which is put together by hand and so never long. Five queries."""
    return with_ids(TopicItem.objects.filter(section__topic=topic).values_list("article_id", flat=True))


def with_ids(ids: Iterable[int]) -> list[Article]:
    return with_text(Article.objects.published().filter(pk__in=list(ids)))


# --- What a feed says -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Heading:
    """What stands above the articles: `page` and `address` are paths, of the list's page and of the feed itself."""

    title: str
    description: str
    page: str
    address: str
    publisher: str


def latest_of(feed: SyndicationFeed) -> datetime:
    """When the feed last changed; of an empty one today's beginning, so that it stays the same through the day."""
    if feed.items:
        return SyndicationFeed.latest_post_date(feed)
    return midnight(timezone.localdate())


class Rss(Rss201rev2Feed):
    latest_post_date = latest_of

    def rss_attributes(self) -> dict[str, str]:
        return super().rss_attributes() | {
            "xmlns:content": "http://purl.org/rss/1.0/modules/content/",
            "xmlns:dc": "http://purl.org/dc/elements/1.1/",
        }

    def add_root_elements(self, handler: SimplerXMLGenerator) -> None:
        super().add_root_elements(handler)
        if logo := logo_url(raster=True):
            handler.startElement("image", {})
            for name, text in (("url", logo), ("title", self.feed["title"]), ("link", self.feed["link"])):
                handler.addQuickElement(name, text)
            handler.endElement("image")

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict) -> None:
        super().add_item_elements(handler, {**item, "enclosures": item["enclosures"][:1]})
        for name in item["authors"]:
            handler.addQuickElement("dc:creator", name)
        handler.addQuickElement("source", item["source"], {"url": item["source_url"]})
        handler.addQuickElement("content:encoded", item["text"])


class Atom(Atom1Feed):
    latest_post_date = latest_of

    def add_root_elements(self, handler: SimplerXMLGenerator) -> None:
        super().add_root_elements(handler)
        handler.addQuickElement("logo", logo_url())

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict) -> None:
        super().add_item_elements(handler, item)
        for name in item["authors"]:
            handler.startElement("author", {})
            handler.addQuickElement("name", name)
            handler.endElement("author")
        handler.startElement("source", {})
        handler.addQuickElement("id", item["source_url"])
        handler.addQuickElement("title", item["source"])
        handler.addQuickElement("updated", rfc3339_date(item["pubdate"]))
        handler.endElement("source")
        handler.addQuickElement("content", item["text"], {"type": "html"})


FORMATS = {"rss": Rss, "atom": Atom}


def write_feed(form: str, heading: Heading, articles: list[Article]) -> tuple[str, str]:
    """(XML, content type) of the feed in the format `form`, "rss" or "atom". Asks the storage for the size of files."""
    feed = FORMATS[form](
        title=printable(heading.title),
        link=absolute(heading.page),
        description=printable(heading.description),
        subtitle=printable(heading.description),
        language=LANGUAGE,
        feed_url=absolute(heading.address),
        feed_guid=absolute(heading.address),
        author_name=printable(heading.publisher),
        feed_copyright=f"© {printable(heading.publisher)}",
        ttl=TTL,
    )
    for article in articles:
        feed.add_item(**item_of(article))
    return feed.writeString("utf-8"), feed.content_type


def item_of(article: Article) -> dict:
    """An article as `add_item` takes it, with what our formats add: text, authors, source."""
    address = absolute(article.get_absolute_url())
    authors = dict.fromkeys(printable(credit.author.name) for credit in article.credits.all())
    updated = article.updated_at or article.published_at
    return {
        "title": printable(article.title),
        "link": address,
        "description": escape(printable(article.lead or article.title)),
        "pubdate": whole_seconds(article.published_at),
        "updateddate": whole_seconds(max(updated, article.published_at)),
        # Not the address, which moves with the channel; nor the time of publication, which an editor may correct.
        "unique_id": get_tag_uri(absolute(f"/articles/{article.pk}"), article.created_at),
        "unique_id_is_permalink": False,
        "categories": categories_of(article),
        "enclosures": enclosures_of(article),
        "authors": list(authors) or [printable(article.source.name)],
        "source": printable(article.source.name),
        "source_url": article.source_url or article.source.url or absolute(article.source.get_absolute_url()),
        "text": text_of_article(article, address),
    }


def whole_seconds(at: datetime) -> datetime:
    """The moment in the site's time zone, without the fractions that only a database keeps."""
    return timezone.localtime(at).replace(microsecond=0)


def categories_of(article: Article) -> list[str]:
    names = [article.channel.name, *(tag.name for tag in article.tags.all()), *(r.name for r in article.regions.all())]
    return list(dict.fromkeys(map(printable, names)))


def text_of_article(article: Article, address: str) -> str:
    """The whole text as HTML, page after page, with the captions of its pictures and every address in full.

    Safe: `clean_html` made it, through `rendering.render_pages`; the titles of its pages are escaped here.
    """
    parts = []
    for page in article.rendered:
        parts += [f"<h2>{escape(page['title'])}</h2>"] if page["title"] else []
        parts.append(without_stories(page["html"]))
    return with_full_addresses(printable("\n".join(parts)), address)


def enclosures_of(article: Article) -> list[Enclosure]:
    """The article's files, a video before the cover: RSS takes the first alone. Without those that are missing."""
    files = [(article.video.file.name, article.video.mime_type)] if article.video else []
    if article.cover and (picture := article.cover.picture):
        files.append((picture.file(picture.widths[-1], "jpg"), "image/jpeg"))
    return [enclosure for name, kind in files if (enclosure := enclosure_of(name, kind))]


def enclosure_of(name: str, kind: str) -> Enclosure | None:
    try:
        size = default_storage.size(name)
    except OSError:
        return None
    return Enclosure(absolute(default_storage.url(name)), str(size), kind)
