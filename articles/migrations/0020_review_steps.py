"""How many reviews a channel asks for before publication (三审制)."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0019_event_kind_index"),
    ]

    operations = [
        migrations.AddField(
            model_name="channel",
            name="review_steps",
            field=models.PositiveSmallIntegerField(
                choices=[(1, "一审（先发后审）"), (2, "二审（先发后审）"), (3, "三审")],
                default=3,
                help_text="快讯可以一审后先发，余下的审次记为欠审，发布后补签。",
                verbose_name="发布前审几次",
            ),
        ),
        migrations.AddConstraint(
            model_name="channel",
            constraint=models.CheckConstraint(
                condition=models.Q(("review_steps__in", [1, 2, 3])), name="channel_review_steps_known"
            ),
        ),
    ]
