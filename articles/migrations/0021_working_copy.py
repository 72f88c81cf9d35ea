"""The working copy (修改稿) of an article that readers have, and permissions told apart for the reviews."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0020_review_steps"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="article",
            options={
                "ordering": ["-id"],
                "permissions": [
                    ("publish_article", "可以发布审完的稿件"),
                    ("withdraw_article", "可以撤稿和重新公开"),
                    ("edit_any_article", "可以修改别人的稿件"),
                ],
                "verbose_name": "稿件",
                "verbose_name_plural": "稿件",
            },
        ),
        migrations.AddField(
            model_name="article",
            name="draft_of",
            field=models.ForeignKey(
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="copies",
                to="articles.article",
                verbose_name="修改稿所改",
            ),
        ),
        migrations.AddConstraint(
            model_name="article",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("draft_of", None), models.Q(("published_at", None), ("status", "draft")), _connector="OR"
                ),
                name="article_copy_is_a_draft",
            ),
        ),
        migrations.AddConstraint(
            model_name="article",
            constraint=models.UniqueConstraint(
                condition=models.Q(("draft_of__isnull", False)), fields=("draft_of",), name="article_has_one_copy"
            ),
        ),
    ]
