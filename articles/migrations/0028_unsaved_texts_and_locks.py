"""What is typed and not saved yet, and who has which article open."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0027_article_version"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="EditLock",
            fields=[
                (
                    "article",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="edit_lock",
                        serialize=False,
                        to="articles.article",
                        verbose_name="稿件",
                    ),
                ),
                (
                    "taken_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False, verbose_name="开始编辑"
                    ),
                ),
                (
                    "seen_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False, verbose_name="最近一次报到"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="正在编辑的人",
                    ),
                ),
            ],
            options={
                "verbose_name": "编辑锁",
                "verbose_name_plural": "编辑锁",
                "ordering": ["article"],
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="UnsavedText",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(blank=True, max_length=32, verbose_name="新稿件的编号")),
                ("values", models.JSONField(verbose_name="内容")),
                ("base", models.PositiveIntegerField(default=0, verbose_name="打开时的版本")),
                ("saved_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="自动保存时间")),
                (
                    "article",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="unsaved_texts",
                        to="articles.article",
                        verbose_name="稿件",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="作者",
                    ),
                ),
            ],
            options={
                "verbose_name": "没保存的文字",
                "verbose_name_plural": "没保存的文字",
                "ordering": ["-saved_at", "-id"],
                "default_permissions": (),
                "indexes": [models.Index(fields=["saved_at"], name="unsaved_text_age")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=["user", "article"],
                        condition=Q(article__isnull=False),
                        name="unsaved_text_once_an_article",
                    ),
                    models.UniqueConstraint(
                        fields=["user", "key"], condition=Q(article=None), name="unsaved_text_once_a_form"
                    ),
                    models.CheckConstraint(
                        condition=Q(article=None) & ~Q(key="") | Q(article__isnull=False, key=""),
                        name="unsaved_text_of_one_thing",
                    ),
                ],
            },
        ),
    ]
