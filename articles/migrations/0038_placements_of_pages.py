"""Placements at the head of a channel or a region, beside those of the home page."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

TWICE = "这篇稿件已经在这个位置上了。"


class Migration(migrations.Migration):
    dependencies = [("articles", "0037_who_takes_pictures_down"), ("regions", "0002_provinces")]

    operations = [
        migrations.RemoveConstraint(model_name="placement", name="placement_once"),
        migrations.AddField(
            model_name="placement",
            name="channel",
            field=models.ForeignKey(
                blank=True,
                help_text="只在“栏目页置顶”时选。",
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="placements",
                to="articles.channel",
                verbose_name="哪个栏目",
            ),
        ),
        migrations.AddField(
            model_name="placement",
            name="region",
            field=models.ForeignKey(
                blank=True,
                help_text="只在“地区页置顶”时选。",
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="placements",
                to="regions.region",
                verbose_name="哪个地区",
            ),
        ),
        migrations.AlterField(
            model_name="placement",
            name="slot",
            field=models.CharField(
                choices=[
                    ("headline", "头条"),
                    ("carousel", "焦点图"),
                    ("pick", "推荐（要闻）"),
                    ("hot", "今日热点"),
                    ("channel", "栏目页置顶"),
                    ("region", "地区页置顶"),
                ],
                max_length=10,
                verbose_name="位置",
            ),
        ),
        migrations.AddConstraint(
            model_name="placement",
            constraint=models.UniqueConstraint(
                condition=Q(channel=None, region=None),
                fields=("slot", "article"),
                name="placement_once",
                violation_error_message=TWICE,
            ),
        ),
        migrations.AddConstraint(
            model_name="placement",
            constraint=models.UniqueConstraint(
                condition=Q(channel__isnull=False),
                fields=("channel", "article"),
                name="placement_once_in_channel",
                violation_error_message=TWICE,
            ),
        ),
        migrations.AddConstraint(
            model_name="placement",
            constraint=models.UniqueConstraint(
                condition=Q(region__isnull=False),
                fields=("region", "article"),
                name="placement_once_in_region",
                violation_error_message=TWICE,
            ),
        ),
        migrations.AddConstraint(
            model_name="placement",
            constraint=models.CheckConstraint(
                condition=Q(slot="channel", channel__isnull=False, region=None)
                | Q(slot="region", region__isnull=False, channel=None)
                | (~Q(slot__in=["channel", "region"]) & Q(channel=None, region=None)),
                name="placement_of_its_page",
                violation_error_message="“栏目页置顶”要选栏目，“地区页置顶”要选地区，其他位置两样都不选。",
            ),
        ),
    ]
