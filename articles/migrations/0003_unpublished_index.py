"""The index by state leaves out the published: SQLite read all of them through it, and sorted them for every list."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("articles", "0002_article_video")]

    operations = [
        migrations.RemoveIndex(model_name="article", name="article_status"),
        migrations.AddIndex(
            model_name="article",
            index=models.Index(
                fields=["status", "-id"],
                name="article_unpublished",
                condition=Q(status="draft") | Q(status="withdrawn"),
            ),
        ),
    ]
