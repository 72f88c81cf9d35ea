"""An index of corrections that SQLite can use: it could not tell that the partial one fits."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("articles", "0018_preflight_rule")]

    operations = [
        migrations.RemoveIndex(model_name="articleevent", name="article_corrections"),
        migrations.AddIndex(
            model_name="articleevent",
            index=models.Index(fields=["kind", "-at", "-id"], name="article_event_kind"),
        ),
    ]
