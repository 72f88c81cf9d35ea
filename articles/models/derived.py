"""What is derived from published articles, so that no page has to sort or scan: kept by `publishing.save_article`."""

from django.db import models

from .articles import Article
from .media import Photo, Video


class ListEntry(models.Model):
    """An article's place in one list that grows: of a region, a tag, an author, a source.

    A reader's list page is one range of the index below, however many articles there are. `target` is the id of what
    the list belongs to; `channel` is 0 for the whole list, or a channel's id for the part of it in that channel.
    """

    class Scope(models.IntegerChoices):
        REGION = 1
        TAG = 2
        AUTHOR = 3
        SOURCE = 4

    scope = models.PositiveSmallIntegerField(choices=Scope)
    target = models.PositiveBigIntegerField()
    channel = models.PositiveBigIntegerField(default=0)
    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="list_entries")
    published_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-published_at", "-article_id"]
        constraints = [
            models.UniqueConstraint(fields=["article", "scope", "target", "channel"], name="list_entry_once"),
        ]
        indexes = [
            # A page of any list, newest first.
            models.Index(fields=["scope", "target", "channel", "-published_at", "-article"], name="list_entry_newest"),
        ]


class ArticlePhoto(models.Model):
    """Where a picture is used: in the body of which articles. Keeps it from deletion; finds what to render again."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="photo_uses")
    photo = models.ForeignKey(Photo, on_delete=models.PROTECT, related_name="uses")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["article", "photo"], name="article_photo_once")]


class ArticleVideo(models.Model):
    """Where a video is used: in the body of which articles."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="video_uses")
    video = models.ForeignKey(Video, on_delete=models.PROTECT, related_name="uses")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["article", "video"], name="article_video_once")]


class ArticleTerm(models.Model):
    """A word that an article is about, to find its relatives by."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="terms")
    term = models.CharField(max_length=20)

    class Meta:
        indexes = [
            # The newest articles that share a word: ids grow with time, nearly enough for relatives.
            models.Index(fields=["term", "-article"], name="article_term_newest"),
        ]
        constraints = [models.UniqueConstraint(fields=["article", "term"], name="article_term_once")]


class RelatedArticle(models.Model):
    """A recommendation (更多推荐) under an article, weighed when either of the two was published."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="relations")
    other = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="+")
    score = models.FloatField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["article", "other"], name="related_once")]
        indexes = [models.Index(fields=["article", "-score"], name="related_best")]
