"""What is derived from published articles, so that no page has to sort or scan: kept by `publishing.index_article`.

Where a constraint begins with the article, its index serves the foreign key, which has none of its own: each index is
paid for at every publication.
"""

from django.db import models
from django.db.models import Q

from .articles import Article
from .media import Audio, Photo, Video


class ListEntry(models.Model):
    """An article's place in one list that grows: of the site, a channel, a region, a tag, an author, a source.

    A reader's list page is one range of the index below, however many articles there are. `target` is the id of what
    the list belongs to, 0 for the site; `channel` is 0 for the whole list, or a channel's id for the part of it in that
    channel. Kept by `listing.place`.
    """

    class Scope(models.IntegerChoices):
        SITE = 0
        REGION = 1
        TAG = 2
        AUTHOR = 3
        SOURCE = 4

    scope = models.PositiveSmallIntegerField(choices=Scope)
    target = models.PositiveBigIntegerField()
    channel = models.PositiveBigIntegerField(default=0)
    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="list_entries", db_index=False)
    published_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = verbose_name_plural = "列表位置"
        ordering = ["-published_at", "-article_id"]
        constraints = [
            models.UniqueConstraint(fields=["article", "scope", "target", "channel"], name="list_entry_once"),
        ]
        indexes = [
            # A page of any list, newest first. The time of expiry, so that places are skipped without reading a row.
            models.Index(
                fields=["scope", "target", "channel", "-published_at", "-article", "expires_at"],
                name="list_entry_newest",
            ),
            # What is past its time: left out when places are counted, then taken out of the lists.
            models.Index(
                fields=["scope", "target", "channel", "expires_at"],
                name="list_entry_expiry",
                condition=Q(expires_at__isnull=False),
            ),
        ]


class ListCount(models.Model):
    """How many entries of one list fall into a month, or a day, of UTC: what a page's place in the list is found by.

    `bucket` is the month as yyyymm, or the day as yyyymmdd. Days are counted in lists that can hold much of the site
    (`listing.is_daily`). Not of the site's time zone, so that changing that setting changes no count.
    """

    scope = models.PositiveSmallIntegerField(choices=ListEntry.Scope)
    target = models.PositiveBigIntegerField()
    channel = models.PositiveBigIntegerField(default=0)
    bucket = models.PositiveIntegerField()
    # Signed, without a check: PostgreSQL would apply it to what an upsert adds, before it sees that the row is there.
    count = models.IntegerField(default=0)

    class Meta:
        verbose_name = verbose_name_plural = "列表计数"
        constraints = [
            models.UniqueConstraint(fields=["scope", "target", "channel", "bucket"], name="list_count_once"),
        ]


class ArticlePhoto(models.Model):
    """Where a picture is used: in the body of which articles. Keeps it from deletion; finds what to render again."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="photo_uses", db_index=False)
    photo = models.ForeignKey(Photo, on_delete=models.PROTECT, related_name="uses")

    class Meta:
        verbose_name = verbose_name_plural = "正文用图"
        constraints = [models.UniqueConstraint(fields=["article", "photo"], name="article_photo_once")]


class ShownPhoto(models.Model):
    """A picture that readers have had in an article, in its body or as its cover, and may have again.

    Never taken out: an old revision that is brought back refers to it, so it keeps the picture from deletion.
    """

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="shown_photos", db_index=False)
    photo = models.ForeignKey(Photo, on_delete=models.PROTECT, related_name="shown_in")

    class Meta:
        verbose_name = "发布过的图片"
        constraints = [models.UniqueConstraint(fields=["article", "photo"], name="shown_photo_once")]


class DiscardedPicture(models.Model):
    """Renditions that no page names any more: deleted once caches, feeds and search engines have had time to follow.

    `name` is their stem. When a picture goes back to it meanwhile, the files stay.
    """

    sha256 = models.CharField(max_length=64)
    name = models.CharField(max_length=120)
    # Names in the storages: of the renditions, and of the original when the picture itself was deleted.
    files = models.JSONField(default=list)
    originals = models.JSONField(default=list)
    due_at = models.DateTimeField()

    class Meta:
        verbose_name = verbose_name_plural = "待删的旧图"
        indexes = [
            models.Index(fields=["due_at"], name="discarded_picture_due"),
            models.Index(fields=["sha256"], name="discarded_picture_of"),
        ]


class ArticleVideo(models.Model):
    """Where a video is used: in the body of which articles."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="video_uses", db_index=False)
    video = models.ForeignKey(Video, on_delete=models.PROTECT, related_name="uses")

    class Meta:
        verbose_name = verbose_name_plural = "正文用视频"
        constraints = [models.UniqueConstraint(fields=["article", "video"], name="article_video_once")]


class ArticleAudio(models.Model):
    """Where a recording is used: in the body of which articles."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="audio_uses", db_index=False)
    audio = models.ForeignKey(Audio, on_delete=models.PROTECT, related_name="uses")

    class Meta:
        verbose_name = verbose_name_plural = "正文用音频"
        constraints = [models.UniqueConstraint(fields=["article", "audio"], name="article_audio_once")]


class ArticleTerm(models.Model):
    """A word that an article is about, to find its relatives by."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="terms", db_index=False)
    term = models.CharField(max_length=20)

    class Meta:
        verbose_name = verbose_name_plural = "稿件关键词"
        indexes = [
            # The newest articles that share a word: ids grow with time, nearly enough for relatives.
            models.Index(fields=["term", "-article"], name="article_term_newest"),
        ]
        constraints = [models.UniqueConstraint(fields=["article", "term"], name="article_term_once")]


class RelatedArticle(models.Model):
    """A recommendation (更多推荐) under an article, weighed when either of the two was published."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="relations", db_index=False)
    other = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="+")
    score = models.FloatField()

    class Meta:
        verbose_name = verbose_name_plural = "相关稿件"
        constraints = [models.UniqueConstraint(fields=["article", "other"], name="related_once")]
        indexes = [models.Index(fields=["article", "-score"], name="related_best")]
