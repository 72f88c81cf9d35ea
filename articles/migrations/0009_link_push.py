"""The queue of addresses that search engines are told of."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("articles", "0008_imported_item")]

    operations = [
        migrations.CreateModel(
            name="LinkPush",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "target",
                    models.CharField(
                        choices=[("indexnow", "IndexNow"), ("baidu", "百度")], max_length=10, verbose_name="推送给"
                    ),
                ),
                ("url", models.CharField(max_length=400, verbose_name="网址")),
                ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="已试次数")),
                ("next_attempt_at", models.DateTimeField(blank=True, null=True, verbose_name="下次推送")),
                ("last_error", models.CharField(blank=True, max_length=300, verbose_name="最近的错误")),
                ("delivered_at", models.DateTimeField(blank=True, null=True, verbose_name="最近送达")),
            ],
            options={
                "verbose_name": "网址推送",
                "verbose_name_plural": "网址推送",
                "ordering": ["-id"],
                "indexes": [
                    models.Index(
                        fields=["target", "next_attempt_at"],
                        name="link_push_due",
                        condition=Q(next_attempt_at__isnull=False),
                    )
                ],
                "constraints": [models.UniqueConstraint(fields=("target", "url"), name="link_push_once")],
            },
        ),
    ]
