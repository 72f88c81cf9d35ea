"""The back office counts what is public, and the drafts of a channel, from an index alone."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("articles", "0012_leaner_indexes")]

    operations = [
        migrations.RemoveIndex("article", "article_newest"),
        migrations.RemoveIndex("article", "article_drafts"),
        migrations.AddIndex(
            "article",
            models.Index(
                fields=["-published_at", "-id", "status", "expires_at"],
                name="article_newest",
                condition=Q(status="published"),
            ),
        ),
        migrations.AddIndex(
            "article", models.Index(fields=["channel", "status"], name="article_drafts", condition=Q(status="draft"))
        ),
    ]
