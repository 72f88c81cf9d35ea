"""What a share poster says. Whatever of it changes makes another poster."""

import hashlib
from dataclasses import astuple, dataclass

from django.utils import timezone
from django.utils.formats import date_format

from articles.models import Article

# Raised when the design changes, so that posters of the former one are drawn again.
EDITION = 1


@dataclass(frozen=True)
class Cover:
    """The rendition of a picture in the default storage, and the point in percent that a crop must keep."""

    name: str
    focal_x: int
    focal_y: int


@dataclass(frozen=True)
class Poster:
    """The words of a poster as they are printed, its picture, and the whole address its QR code leads to."""

    article: int
    site: str
    channel: str
    title: str
    lead: str
    source: str
    day: str
    label: str
    address: str
    cover: Cover | None

    @property
    def digest(self) -> str:
        """16 hex digits that name this content and no other."""
        return hashlib.sha256(repr((EDITION, astuple(self))).encode()).hexdigest()[:16]


def poster_of(article: Article, *, site: str, site_url: str) -> Poster:
    """The poster of a published article with its channel, source and cover. Queries nothing more."""
    published = timezone.localtime(article.published_at)
    return Poster(
        article=article.pk,
        site=site,
        channel=article.channel.name,
        title=article.title,
        lead=article.lead,
        source=article.source.name,
        day=date_format(published, "Y年n月j日"),
        label="" if article.ai_use == Article.AiUse.NONE else article.get_ai_use_display(),
        address=f"{site_url}{article.get_absolute_url()}",
        cover=cover_of(article),
    )


def cover_of(article: Article) -> Cover | None:
    picture = article.cover.picture if article.cover else None
    if picture is None:
        return None
    return Cover(f"{picture.name}-{picture.widths[-1]}.jpg", picture.focal_x, picture.focal_y)
