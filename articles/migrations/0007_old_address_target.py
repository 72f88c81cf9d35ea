"""An old address may lead to a page that is no article: channels, tags and pages of an imported site."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("articles", "0006_fill_list_counts")]

    operations = [
        migrations.AlterField(
            model_name="oldaddress",
            name="article",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="old_addresses",
                to="articles.article",
                verbose_name="稿件",
            ),
        ),
        migrations.AddField(
            model_name="oldaddress",
            name="target",
            field=models.CharField(
                blank=True, default="", help_text="不是稿件时：本站地址，以 / 开头。", max_length=300, verbose_name="转到"
            ),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            model_name="oldaddress",
            constraint=models.CheckConstraint(
                condition=Q(article__isnull=False, target="")
                | (Q(article=None, target__startswith="/") & ~Q(target__startswith="//")),
                name="old_address_leads_somewhere",
            ),
        ),
    ]
