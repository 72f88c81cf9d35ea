from django.db import models


class SitemapPart(models.Model):
    """A part of the sitemap, the articles whose ids lie in one range (`sitemaps.PART`), and when it changed."""

    number = models.PositiveBigIntegerField(primary_key=True)
    # May lie ahead: an article that is scheduled changes the part when its time has come.
    changed_at = models.DateTimeField()

    class Meta:
        verbose_name = verbose_name_plural = "网站地图分册"
