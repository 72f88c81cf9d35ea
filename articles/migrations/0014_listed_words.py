"""The word list of the newsroom (敏感词库)."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0013_covering_indexes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ListedWord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "word",
                    models.CharField(
                        help_text="大小写、全角半角、繁体简体、中间夹的空格和符号都不影响匹配。英文和数字按整词匹配。",
                        max_length=50,
                        verbose_name="词语",
                    ),
                ),
                ("form", models.CharField(editable=False, max_length=100, unique=True)),
                (
                    "level",
                    models.CharField(
                        choices=[("block", "禁止"), ("hold", "待审"), ("warn", "提示")],
                        default="warn",
                        help_text="禁止：改掉才能发布；待审：由有“放行待审词”权限的人发布；提示：只提醒，不拦。",
                        max_length=10,
                        verbose_name="级别",
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        help_text="编辑会看到：为什么列入，应该改成什么。", max_length=200, verbose_name="理由"
                    ),
                ),
                (
                    "exceptions",
                    models.TextField(
                        blank=True,
                        help_text="每行一个包含这个词的正常说法，例如“国家级”的例外“国家级自然保护区”：出现在例外里的不算。",
                        verbose_name="例外",
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="启用")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="列入时间")),
                ("changed_at", models.DateTimeField(auto_now=True, verbose_name="最近修改")),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="列入人",
                    ),
                ),
            ],
            options={
                "verbose_name": "敏感词",
                "verbose_name_plural": "敏感词库",
                "ordering": ["-id"],
                "permissions": [("release_held_words", "可以放行待审词")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("level__in", ["block", "hold", "warn"])), name="listed_word_level_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("form", ""), _negated=True), name="listed_word_not_empty"
                    ),
                ],
            },
        ),
    ]
