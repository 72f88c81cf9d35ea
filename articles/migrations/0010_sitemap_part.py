"""The parts of the sitemap, filled at once: nobody reads the table before."""

from django.db import migrations, models
from django.db.models import F, Max
from django.db.models.functions import Greatest

PART = 2000


def fill(apps, schema_editor):
    article, part = apps.get_model("articles", "Article"), apps.get_model("articles", "SitemapPart")
    ever_public = article.objects.exclude(published_at=None).order_by()
    rows = ever_public.values(number=F("pk") / PART).annotate(at=Greatest(Max("published_at"), Max("modified_at")))
    parts = [part(number=row["number"], changed_at=row["at"]) for row in rows.values("number", "at")]
    part.objects.bulk_create(parts, batch_size=500)


class Migration(migrations.Migration):
    dependencies = [("articles", "0009_link_push")]

    operations = [
        migrations.CreateModel(
            name="SitemapPart",
            fields=[
                ("number", models.PositiveBigIntegerField(primary_key=True, serialize=False)),
                ("changed_at", models.DateTimeField()),
            ],
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
