"""Counts of lists by month and day, from which any page is found; the index of lists tells what is past its time."""

from django.db import migrations, models
from django.db.models import Q

SCOPES = [(0, "Site"), (1, "Region"), (2, "Tag"), (3, "Author"), (4, "Source")]


class Migration(migrations.Migration):
    dependencies = [("articles", "0004_search_documents")]

    operations = [
        migrations.CreateModel(
            name="ListCount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("scope", models.PositiveSmallIntegerField(choices=SCOPES)),
                ("target", models.PositiveBigIntegerField()),
                ("channel", models.PositiveBigIntegerField(default=0)),
                ("bucket", models.PositiveIntegerField()),
                ("count", models.IntegerField(default=0)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=["scope", "target", "channel", "bucket"], name="list_count_once")
                ]
            },
        ),
        migrations.AlterField(
            model_name="listentry", name="scope", field=models.PositiveSmallIntegerField(choices=SCOPES)
        ),
        migrations.RemoveIndex(model_name="listentry", name="list_entry_newest"),
        migrations.AddIndex(
            model_name="listentry",
            index=models.Index(
                fields=["scope", "target", "channel", "-published_at", "-article", "expires_at"],
                name="list_entry_newest",
            ),
        ),
        migrations.AddIndex(
            model_name="listentry",
            index=models.Index(
                fields=["scope", "target", "channel", "expires_at"],
                name="list_entry_expiry",
                condition=Q(expires_at__isnull=False),
            ),
        ),
    ]
