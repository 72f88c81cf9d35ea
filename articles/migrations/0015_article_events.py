"""What happened to articles before readers' eyes (留痕), and a trigger that keeps it as it was written."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from newsportal.lib.triggers import RefuseChanges

# All columns but the account, which is set to null when it is deleted.
COLUMNS = "article_id, number, kind, reason, at, text_digest, previous, digest"
KINDS = [
    ("adopted", "留痕开始"),
    ("scheduled", "定时"),
    ("recalled", "取消定时"),
    ("published", "发布"),
    ("changed", "修改"),
    ("corrected", "更正"),
    ("withdrawn", "撤稿"),
    ("restored", "恢复发布"),
]


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0014_listed_words"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ArticleEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField(verbose_name="序号")),
                ("kind", models.CharField(choices=KINDS, max_length=10, verbose_name="事项")),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="说明")),
                ("at", models.DateTimeField(verbose_name="时间")),
                ("text_digest", models.CharField(max_length=64, verbose_name="文本指纹")),
                ("previous", models.CharField(blank=True, max_length=64, verbose_name="上一条的指纹")),
                ("digest", models.CharField(max_length=64, verbose_name="本条的指纹")),
                (
                    "article",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
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
                        verbose_name="经手人",
                    ),
                ),
            ],
            options={
                "verbose_name": "留痕",
                "verbose_name_plural": "留痕",
                "ordering": ["-id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("kind", "corrected")), fields=["-at", "-id"], name="article_corrections"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("article", "number"), name="article_event_once"),
                    models.CheckConstraint(condition=models.Q(("number__gt", 0)), name="article_event_numbered"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind__in", ["corrected", "withdrawn"]), _negated=True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="article_event_says_why",
                    ),
                ],
            },
        ),
        RefuseChanges("article_event_stays", table="articles_articleevent", columns=COLUMNS, message="留痕不能修改"),
    ]
