"""Chinese names for columns of which the operation log tells. Nothing changes in the database."""

import django.db.models.deletion
from django.db import migrations, models

NAMES = [
    ("credit", "article", "articles.article", "稿件", {"related_name": "credits", "db_index": False}),
    ("issueitem", "issue", "articles.issue", "杂志期", {"related_name": "items"}),
    ("topicsection", "topic", "articles.topic", "专题", {"related_name": "sections"}),
]


class Migration(migrations.Migration):
    dependencies = [("articles", "0024_roles")]

    operations = [
        migrations.AlterField(
            model_name=model,
            name=field,
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, to=to, verbose_name=verbose_name, **options
            ),
        )
        for model, field, to, verbose_name, options in NAMES
    ]
