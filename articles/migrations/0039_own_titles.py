"""A title of its own for an article in a topic or in a magazine issue."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("articles", "0038_placements_of_pages")]

    operations = [
        migrations.AddField(
            model_name="topicitem",
            name="title",
            field=models.CharField(
                blank=True, help_text="只在这个专题里用；留空用稿件的标题。", max_length=60, verbose_name="另用标题"
            ),
        ),
        migrations.AddField(
            model_name="issueitem",
            name="title",
            field=models.CharField(
                blank=True, help_text="只在目录里用；留空用稿件的标题。", max_length=60, verbose_name="另用标题"
            ),
        ),
    ]
