"""What an import from another system has brought in."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("articles", "0007_old_address_target")]

    operations = [
        migrations.CreateModel(
            name="ImportedItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("origin", models.CharField(help_text="原站点的域名。", max_length=100, verbose_name="来自")),
                (
                    "kind",
                    models.CharField(
                        choices=[("article", "稿件"), ("photo", "图片"), ("page", "单页")],
                        max_length=10,
                        verbose_name="种类",
                    ),
                ),
                ("external_id", models.CharField(max_length=80, verbose_name="原编号")),
                ("target_id", models.PositiveBigIntegerField(verbose_name="本站编号")),
                ("digest", models.CharField(blank=True, max_length=64, verbose_name="内容指纹")),
                ("is_complete", models.BooleanField(default=True, verbose_name="完整")),
                ("saved_at", models.DateTimeField(blank=True, null=True, verbose_name="导入时间")),
            ],
            options={
                "verbose_name": "导入记录",
                "verbose_name_plural": "导入记录",
                "constraints": [
                    models.UniqueConstraint(fields=("origin", "kind", "external_id"), name="imported_item_once")
                ],
            },
        ),
    ]
