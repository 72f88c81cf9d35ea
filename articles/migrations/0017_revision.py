"""Every saved state of an article (修订), and a trigger that keeps it as it was written."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from newsportal.lib.triggers import RefuseChanges

# All columns but the account, which is set to null when it is deleted.
COLUMNS = "article_id, number, content, digest, restored, created_at"


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0016_larger_sitemap_parts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Revision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField(verbose_name="版次")),
                ("content", models.JSONField(verbose_name="内容")),
                ("digest", models.CharField(max_length=64, verbose_name="指纹")),
                ("restored", models.PositiveIntegerField(null=True, verbose_name="恢复自")),
                ("created_at", models.DateTimeField(verbose_name="时间")),
                (
                    "article",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="revisions",
                        to="articles.article",
                        verbose_name="稿件",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="保存的人",
                    ),
                ),
            ],
            options={
                "verbose_name": "修订",
                "verbose_name_plural": "修订",
                "ordering": ["-id"],
                "constraints": [
                    models.UniqueConstraint(fields=("article", "number"), name="revision_once"),
                    models.CheckConstraint(condition=models.Q(("number__gt", 0)), name="revision_numbered"),
                ],
            },
        ),
        RefuseChanges("revision_stays", table="articles_revision", columns=COLUMNS, message="修订不能修改"),
    ]
