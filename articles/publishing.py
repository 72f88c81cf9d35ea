"""Writing articles: every way into the database and onto the site goes through here and makes the pages fresh."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from itertools import batched

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models, transaction
from django.db.models import F, Min
from django.utils import timezone

from newsportal.lib import pagecache
from newsportal.lib.body import FIGURES
from newsportal.lib.chinese import count_characters
from newsportal.lib.html import clean_html, media_ids, photo_ids, text_of

from . import posters, revisions, search, trace
from .listing import place, recount
from .models import (
    Article,
    ArticleAudio,
    ArticleEvent,
    ArticlePhoto,
    ArticleVideo,
    Audio,
    Author,
    Channel,
    ListCount,
    ListEntry,
    OldAddress,
    Photo,
    Placement,
    Revision,
    ShownPhoto,
    Source,
    Tag,
    Video,
)
from .photos import hold
from .pushing import queue_articles, queue_former
from .related import relate
from .rendering import lead_of, set_pages
from .sitemaps import note_change, note_changes

RENAMED_AT_ONCE = 500
REINDEXED_AT_ONCE = 500


@transaction.atomic
def save_article(
    article: Article,
    *,
    user: AbstractBaseUser | None = None,
    reason: str = "",
    is_correction: bool = False,
    at: datetime | None = None,
) -> Article:
    """Save the article's own row: the body cleaned and rendered, the address kept findable.

    Side effects: raises the article's version; keeps the article as it was before as a revision; records the former
    address when it changed; sets the time of publication when a published article has none; adds to the article's chain
    what readers can tell of the change, with the `reason`, as a correction (更正) when `is_correction`, as of the
    moment `at` (now by default); makes public pages fresh. Call `index_article`, then `revisions.keep`, after regions,
    tags and credits are saved.
    """
    # Locked against another save of the same row: each raises the version that it found.
    rows = Article.objects.select_for_update(of=("self",), no_key=True)
    rows = rows.select_related("channel", "source", "cover", "video")
    before = rows.filter(pk=article.pk).first() if article.pk else None
    if before is None:
        article.created_by = article.created_by or user
    else:
        article.version = before.version + 1
    article.body = clean_html(article.body)
    article.characters = count_characters(text_of(article.body))
    article.lead = article.lead.strip() or lead_of(article.body)
    set_pages(article)
    if article.status == Article.Status.PUBLISHED and article.published_at is None:
        article.published_at = timezone.now()
    article.save()
    trace.record_save(article, before, user=user, reason=reason, is_correction=is_correction, at=at)
    if before is not None:
        # What an import or a former version of the portal wrote has no revision yet. Where there is a working copy, the
        # text was kept when that was made, and the newest revision is the copy's. A draft has none.
        if before.status == Article.Status.DRAFT or not Article.objects.filter(draft_of=article.pk).exists():
            revisions.keep(before, at=before.modified_at)
        record_address(article, before.get_absolute_url())
    pagecache.bump()
    return article


def record_address(article: Article, former: str) -> None:
    """Remember `former` as an address of the article, unless it still is its address."""
    current = article.get_absolute_url()
    OldAddress.objects.filter(path=current).delete()
    if former and former != current:
        OldAddress.objects.update_or_create(path=former, defaults={"article": article})
        queue_former(former)


@transaction.atomic
def index_article(article: Article) -> None:
    """Bring everything derived from the article up to date: its places in lists, uses of pictures, its
    relatives, what the search knows of it.

    Notes that its part of the sitemap changed, and queues its address for the search engines.

    Queries its regions, tags and credits. Nothing stays in a list that a reader may not see one day.
    """
    # Against another save of the same article: both would write the same derived rows.
    Article.objects.select_for_update(no_key=True).filter(pk=article.pk).values_list("pk").first()
    record_uses(article, ArticlePhoto, Photo, photo_ids(article.body))
    record_uses(article, ArticleVideo, Video, media_ids(article.body, FIGURES["video"]))
    record_uses(article, ArticleAudio, Audio, media_ids(article.body, FIGURES["audio"]))
    if article.status != Article.Status.DRAFT:
        record_shown(article)
    relate(article)
    search.index_article(article)
    note_change(article)
    queue_articles([article])
    # Last: from here to the commit, whoever publishes into the same lists waits.
    place([article.pk])
    pagecache.bump()


def record_uses(article: Article, uses: type[models.Model], library: type[models.Model], found: list[int]) -> None:
    """Rewrite which rows of a library the body shows, given their numbers."""
    kind = library._meta.model_name
    uses.objects.filter(article=article).exclude(**{f"{kind}_id__in": found}).delete()
    known = hold(found) if library is Photo else library.objects.filter(pk__in=found).values_list("pk", flat=True)
    uses.objects.bulk_create([uses(article=article, **{f"{kind}_id": pk}) for pk in known], ignore_conflicts=True)


def record_shown(article: Article) -> None:
    """Note which pictures readers have in the article: they are kept even when it shows others. Two queries."""
    shown = set(article.photo_uses.values_list("photo_id", flat=True)) | ({article.cover_id} - {None})
    ShownPhoto.objects.bulk_create([ShownPhoto(article=article, photo_id=pk) for pk in shown], ignore_conflicts=True)


@transaction.atomic
def publish(article: Article, *, at: datetime | None = None, user: AbstractBaseUser | None = None) -> Article:
    """Publish the article at the moment `at` (now by default), or again after a withdrawal. Indexes it."""
    article.status = Article.Status.PUBLISHED
    article.published_at = at or article.published_at or timezone.now()
    article.withdrawn_at, article.withdrawn_reason = None, ""
    save_article(article, user=user)
    index_article(article)
    revisions.keep(article, user=user)
    return article


@transaction.atomic
def bring_back(
    article: Article, revision: Revision, *, user: AbstractBaseUser, reason: str = "", restored: int | None = None
) -> list[str]:
    """Give the article the content of a revision. Indexes it.

    A published article changes before readers' eyes at once, as a correction when there is a `reason`: who calls this
    knows that the revision was reviewed. `restored` is the number of the revision when it is an old one. Returns, in
    Chinese, what the revision refers to and the portal no longer has.
    """
    lost = revisions.fill(article, revision.content)
    save_article(article, user=user, reason=reason, is_correction=bool(reason))
    lost += revisions.fill_related(article, revision.content)
    index_article(article)
    revisions.keep(article, user=user, restored=restored)
    return lost


@transaction.atomic
def withdraw(article: Article, *, reason: str, user: AbstractBaseUser | None = None) -> Article:
    """Take a published article off the site (撤稿): its address answers 410 with the reason, and no list shows it.

    Raises ValueError for what no reader could open yet: its address has nothing to explain.
    """
    if article.status == Article.Status.DRAFT or article.published_at > timezone.now():
        raise ValueError("只有发布过的稿件才能撤稿。")
    article.status = Article.Status.WITHDRAWN
    article.withdrawn_at, article.withdrawn_reason = timezone.now(), reason
    article.version = F("version") + 1
    article.save(update_fields=["status", "withdrawn_at", "withdrawn_reason", "modified_at", "version"])
    trace.record(article, ArticleEvent.Kind.WITHDRAWN, before=article, user=user, reason=reason)
    index_article(article)
    transaction.on_commit(partial(posters.forget, article.pk))
    return article


@transaction.atomic
def reindex_renamed(owner: Tag | Author | Source) -> bool:
    """After a tag, author or source got another name: let the search know, for its newest articles.

    Returns whether older ones are left, which `rebuild_search` reaches: a source may have hundreds of thousands.
    """
    ids = newest_of(owner)
    reindex_names(ids)
    return len(ids) > RENAMED_AT_ONCE


@transaction.atomic
def delete_tag(tag: Tag) -> bool:
    """Delete a tag and its list; its newest articles are found by its name no more.

    Returns whether older ones still are, until `rebuild_search`.
    """
    ids = newest_of(tag)
    for rows in (ListEntry, ListCount):
        rows.objects.filter(scope=ListEntry.Scope.TAG, target=tag.pk).delete()
    tag.delete()
    reindex_names(ids)
    pagecache.bump()
    return len(ids) > RENAMED_AT_ONCE


def newest_of(owner: Tag | Author | Source) -> list[int]:
    """The newest articles in the list of a tag, author or source, one more than are indexed at once."""
    scope = {Tag: ListEntry.Scope.TAG, Author: ListEntry.Scope.AUTHOR, Source: ListEntry.Scope.SOURCE}[type(owner)]
    entries = ListEntry.objects.filter(scope=scope, target=owner.pk, channel=0).order_by("-published_at", "-article_id")
    return list(entries.values_list("article_id", flat=True)[: RENAMED_AT_ONCE + 1])


def reindex_names(ids: list[int]) -> None:
    search.write_many([search.document_of(row) for row in search.searchable().filter(pk__in=ids[:RENAMED_AT_ONCE])])


def reindex_channel(channel: Channel) -> None:
    """After a channel was hidden or shown: take its articles into the lists and the search, or out of both.

    Tells the sitemap and the search engines. Sixteen queries or so per 500, each 500 in a transaction of their own.
    """
    ids = channel.articles.filter(status=Article.Status.PUBLISHED).order_by("pk").values_list("pk", flat=True)
    for some in batched(ids.iterator(chunk_size=2000), REINDEXED_AT_ONCE, strict=False):
        with transaction.atomic():
            search.remove(some)
            found = [search.document_of(row) for row in search.searchable().filter(pk__in=some)]
            search.write_many(found, are_new=True)
            note_changes(some)
            queue_articles(channel.articles.filter(pk__in=some).select_related("channel").defer("body", "pages"))
            place(some)
    pagecache.bump()


def reindex_articles(*, progress: Callable[[int], None], batch: int = 200) -> int:
    """Make anew what is derived from every article, oldest first, `batch` at a time; how many articles.

    For what was written past `save_article`: an import, a restored table. Counts all lists at the end and makes the
    search index one. `progress` hears how many are done. Each article in a transaction of its own: two of them would
    hold the counts of the first while they wait for the second article, which `place` forbids.
    """
    done = 0
    ids = Article.objects.order_by("published_at", "pk").values_list("pk", flat=True)
    for some in batched(ids.iterator(chunk_size=2000), batch, strict=False):
        for article in Article.objects.filter(pk__in=some).select_related("channel").order_by("published_at", "pk"):
            index_article(article)
        done += len(some)
        progress(done)
    recount()
    search.tidy()
    return done


def rerender_articles_with(
    *, photo: Photo | None = None, video: Video | None = None, audio: Audio | None = None
) -> int:
    """Render again every article whose body shows the picture, video or recording: its words changed; how many."""
    uses = {"photo_uses__photo": photo, "video_uses__video": video, "audio_uses__audio": audio}
    articles = Article.objects.filter(**{name: row for name, row in uses.items() if row is not None})
    count = 0
    for article in articles.only("id", "body").iterator(chunk_size=100):
        set_pages(article)
        article.save(update_fields=["pages"])
        count += 1
    pagecache.bump()
    return count


def next_change() -> datetime | None:
    """When the next article or placement appears or goes by the clock alone; None when nothing is due. Four queries."""
    now = timezone.now()
    published = Article.objects.filter(status=Article.Status.PUBLISHED)
    moments = [
        published.filter(published_at__gt=now).aggregate(at=Min("published_at"))["at"],
        published.filter(expires_at__gt=now).aggregate(at=Min("expires_at"))["at"],
        Placement.objects.filter(starts_at__gt=now).aggregate(at=Min("starts_at"))["at"],
        Placement.objects.filter(ends_at__gt=now).aggregate(at=Min("ends_at"))["at"],
    ]
    return min((moment for moment in moments if moment), default=None)
