"""A draft out of a paste, for who has no form before her: the file of a reporter on the road."""

from collections.abc import Iterable

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from articles import publishing, revisions
from articles.models import Article, Channel, Source
from newsportal.lib.chinese import shorten
from regions.models import Region

from .pipeline import Pasted


@transaction.atomic
def make_draft(
    pasted: Pasted, *, title: str, channel: Channel, regions: Iterable[Region], source: Source, user: AbstractBaseUser
) -> Article:
    """A draft of the user's with the text and its first revision; a title that is too long is shortened. Indexes it."""
    article = Article(title=shorten(title, 100), body=pasted.html, channel=channel, source=source)
    publishing.save_article(article, user=user)
    article.regions.set(regions)
    publishing.index_article(article)
    revisions.keep(article, user=user)
    return article
