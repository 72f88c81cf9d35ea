"""What each member of the newsroom answers for (分管)."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0022_review"),
        ("regions", "0002_provinces"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Beat",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ],
            options={
                "verbose_name": "分管范围",
                "verbose_name_plural": "分管范围（一行也不填：全站）",
                "ordering": ["id"],
            },
        ),
        migrations.AddField(
            model_name="beat",
            name="channel",
            field=models.ForeignKey(
                blank=True,
                help_text="留空表示所有栏目。",
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="beats",
                to="articles.channel",
                verbose_name="栏目",
            ),
        ),
        migrations.AddField(
            model_name="beat",
            name="region",
            field=models.ForeignKey(
                blank=True,
                help_text="留空表示不限地区；选省级地区，包括所辖城市。",
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="beats",
                to="regions.region",
                verbose_name="地区",
            ),
        ),
        migrations.AddField(
            model_name="beat",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="beats",
                to=settings.AUTH_USER_MODEL,
                verbose_name="人员",
            ),
        ),
        migrations.AddConstraint(
            model_name="beat",
            constraint=models.CheckConstraint(
                condition=models.Q(("channel__isnull", False), ("region__isnull", False), _connector="OR"),
                name="beat_of_something",
                violation_error_message="请选栏目或地区；要管全站，请把所有行都删掉。",
            ),
        ),
    ]
