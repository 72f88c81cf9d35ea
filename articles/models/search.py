from django.db import models

from .articles import Article


class SearchDocument(models.Model):
    """What the search knows of one published article, in the normal form of `newsportal.lib.bigrams`.

    Written by `articles.search` alone, together with the index beside it: an FTS5 table (SQLite) or a `tsvector` column
    with a GIN index (PostgreSQL), neither of which Django knows. The primary key grows with the time of publication:
    the newest hits first are then a walk along it, and a span of time is a range of it.
    """

    id = models.BigAutoField(primary_key=True)
    article = models.OneToOneField(Article, on_delete=models.CASCADE, related_name="search_document")
    expires_at = models.DateTimeField(null=True)
    facets = models.TextField()
    title = models.TextField()
    text = models.TextField()

    class Meta:
        verbose_name = verbose_name_plural = "搜索文本"
        ordering = ["-id"]
