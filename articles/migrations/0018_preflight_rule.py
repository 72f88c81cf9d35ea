"""How much each point of the check before publication matters: at first, each is a reminder."""

from django.db import migrations, models

RULES = [
    ("original_title", "转载稿没有填原标题"),
    ("origin", "性质与来源对不上"),
    ("lead", "导语太短或太长"),
    ("long_title", "标题太长"),
    ("same_title", "标题与近期稿件雷同"),
    ("cover", "没有封面图"),
    ("alt", "图片没有替代文字"),
    ("credit", "图片没有署名"),
    ("rights", "图片没有版权说明"),
    ("links", "站内链接打不开"),
]


def fill(apps, schema_editor):
    rule = apps.get_model("articles", "PreflightRule")
    rule.objects.bulk_create([rule(rule=name) for name, _ in RULES])


class Migration(migrations.Migration):
    dependencies = [("articles", "0017_revision")]

    operations = [
        migrations.CreateModel(
            name="PreflightRule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "rule",
                    models.CharField(
                        choices=RULES, editable=False, max_length=20, unique=True, verbose_name="体检项目"
                    ),
                ),
                (
                    "level",
                    models.CharField(
                        choices=[("block", "拦下"), ("warn", "提醒"), ("off", "不查")],
                        default="warn",
                        help_text="拦下：改好才能发布；提醒：只提醒，不拦。",
                        max_length=10,
                        verbose_name="处理",
                    ),
                ),
            ],
            options={
                "verbose_name": "体检规则",
                "verbose_name_plural": "体检规则",
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("level__in", ["block", "warn", "off"])), name="preflight_rule_level_known"
                    )
                ],
            },
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
