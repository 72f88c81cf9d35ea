"""No index of a foreign key beside a constraint that begins with it: each is paid for at every publication."""

from django.db import migrations, models

DOUBLED = {
    "articlephoto": "photo_uses",
    "articleterm": "terms",
    "articlevideo": "video_uses",
    "credit": "credits",
    "hourlyreads": "hourly_reads",
    "listentry": "list_entries",
    "readmark": "+",
    "relatedarticle": "relations",
}


class Migration(migrations.Migration):
    dependencies = [("articles", "0011_back_office_indexes")]

    operations = [
        migrations.AlterField(
            model_name=model,
            name="article",
            field=models.ForeignKey("articles.article", models.CASCADE, db_index=False, related_name=name),
        )
        for model, name in DOUBLED.items()
    ]
