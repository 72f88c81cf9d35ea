"""Indexes for what grows with the archive in the lists of the newsroom."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0042_audio_rights"),
        ("regions", "0002_provinces"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name="article",
            index=models.Index(fields=["origin", "-id"], name="article_origin"),
        ),
        migrations.AddIndex(
            model_name="article",
            index=models.Index(
                condition=models.Q(("cover__isnull", False)), fields=["cover", "channel"], name="article_cover"
            ),
        ),
        migrations.AddIndex(
            model_name="linkpush",
            index=models.Index(fields=["last_error", "-id"], name="link_push_error"),
        ),
        migrations.AddIndex(
            model_name="placement",
            index=models.Index(fields=["slot", "position", "id"], name="placement_order"),
        ),
        migrations.AddIndex(
            model_name="review",
            index=models.Index(
                condition=models.Q(("closed_at__isnull", False)), fields=["closed_at", "id"], name="review_closed"
            ),
        ),
    ]
