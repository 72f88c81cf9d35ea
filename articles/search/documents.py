"""What the search holds of an article: its words in normal form, where it stands, and a key that grows with time."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from itertools import chain
from typing import Self

from django.db.models import QuerySet

from articles.models import Article
from newsportal.lib.bigrams import marked_fields, tokens_of
from newsportal.lib.html import text_of

# Bits of a key that hold the article's number; the bits above them are the second of publication.
NUMBER_BITS = 28
# Characters of an article that are indexed: PostgreSQL's vectors hold one megabyte.
MOST_TEXT = 100_000
LOWEST_KEY = -(1 << 62)
# The columns of an article that a document is made of.
READ = [
    *["title", "short_title", "kicker", "subtitle", "lead", "body", "original_title", "duty_editor"],
    *["channel_id", "published_at", "expires_at"],
]
# Marks a token that is no word: no word has it, for it is neither a letter nor a digit.
FACET = "§"


def first_key(moment: datetime) -> int:
    """The smallest key of an article published in the second of `moment`."""
    return int(moment.timestamp()) << NUMBER_BITS


def last_key(moment: datetime) -> int:
    """The largest key of an article published in the second of `moment`."""
    return first_key(moment) + (1 << NUMBER_BITS) - 1


def channel_facet(pk: int) -> str:
    return f"{FACET}channel{pk}"


def region_facet(pk: int) -> str:
    return f"{FACET}region{pk}"


def source_facet(pk: int) -> str:
    return f"{FACET}source{pk}"


@dataclass(frozen=True)
class Document:
    """One article for the index. `title` and `text` are normal forms; `facets` are tokens parted by spaces."""

    article_id: int
    published_at: datetime
    expires_at: datetime | None
    facets: str
    title: str
    text: str

    @classmethod
    def build(
        cls,
        *,
        article_id: int,
        published_at: datetime,
        titles: list[str],
        texts: list[str],
        facets: list[str],
        expires_at: datetime | None = None,
    ) -> Self:
        """A document of plain rows, for loading many at once: no article has to exist as an object."""
        title, text = marked_fields(titles), marked_fields(texts)[:MOST_TEXT]
        return cls(article_id, published_at.astimezone(UTC), expires_at, " ".join(sorted(set(facets))), title, text)

    @property
    def key(self) -> int:
        return first_key(self.published_at) | self.article_id & (1 << NUMBER_BITS) - 1

    @property
    def row(self) -> tuple[int, datetime | None, str, str, str]:
        """The columns of `SearchDocument` but its key."""
        return self.article_id, self.expires_at, self.facets, self.title, self.text

    @cached_property
    def tokens(self) -> str:
        """All that the index holds of the document. Worth making in another process when very many are loaded."""
        return index_tokens(self.title, self.text, self.facets)


def index_tokens(title: str, text: str, facets: str) -> str:
    return " ".join(chain(tokens_of(title) | tokens_of(text), facets.split()))


def is_searchable(article: Article) -> bool:
    """Whether the index holds the article. What the clock decides is asked at each search."""
    return article.status == Article.Status.PUBLISHED and not article.channel.is_hidden


def searchable() -> QuerySet[Article]:
    """The articles that the index holds, with all that `document_of` reads, in five queries."""
    articles = Article.objects.filter(status=Article.Status.PUBLISHED, channel__is_hidden=False)
    articles = articles.select_related("source").prefetch_related("regions", "tags", "credits__author")
    return articles.only(*READ, "source__name")


def document_of(article: Article) -> Document:
    """The document of a published article. Queries its regions, tags and credits, unless they are prefetched."""
    regions = {pk for region in article.regions.all() for pk in region.lineage_ids()}
    facets = [channel_facet(article.channel_id), source_facet(article.source_id), *map(region_facet, regions)]
    return Document.build(
        article_id=article.pk,
        published_at=article.published_at,
        expires_at=article.expires_at,
        titles=[article.title, article.short_title],
        texts=[
            *[article.kicker, article.subtitle, article.lead, text_of(article.body), article.original_title],
            *[article.source.name, article.duty_editor],
            *[credit.author.name for credit in article.credits.all()],
            *[tag.name for tag in article.tags.all()],
        ],
        facets=facets,
    )
