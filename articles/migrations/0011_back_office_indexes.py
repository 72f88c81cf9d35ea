"""Small indexes for the back office's counts of drafts and its filter by the use of AI."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("articles", "0010_sitemap_part")]

    operations = [
        migrations.AddIndex(
            model_name="article",
            index=models.Index(fields=["channel"], name="article_drafts", condition=Q(status="draft")),
        ),
        migrations.AddIndex(
            model_name="article",
            index=models.Index(fields=["ai_use", "-id"], name="article_ai"),
        ),
    ]
