"""Where a listed word is looked for: in articles, as until now; in comments; in names."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("articles", "0028_unsaved_texts_and_locks")]

    operations = [
        migrations.AddField(
            model_name="listedword",
            name="in_articles",
            field=models.BooleanField(default=True, verbose_name="用于稿件"),
        ),
        migrations.AddField(
            model_name="listedword",
            name="in_comments",
            field=models.BooleanField(default=False, help_text="读者的评论和来信。", verbose_name="用于评论"),
        ),
        migrations.AddField(
            model_name="listedword",
            name="in_names",
            field=models.BooleanField(default=False, help_text="会员给自己起的名字。", verbose_name="用于名称"),
        ),
        migrations.AddConstraint(
            model_name="listedword",
            constraint=models.CheckConstraint(
                condition=Q(in_articles=True) | Q(in_comments=True) | Q(in_names=True),
                name="listed_word_has_a_scope",
                violation_error_message="至少要用于稿件、评论、名称中的一种。",
            ),
        ),
    ]
