"""评论须先验证手机号: a rule that is asked where the site sends codes to phones."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("comments", "0010_article_queue_index"),
    ]

    operations = [
        migrations.AddField(
            model_name="commentpolicy",
            name="needs_phone",
            field=models.BooleanField(
                default=False,
                help_text="没有验证手机号的会员和游客不能评论，会看到去哪里验证；编辑部的账号不受限制。",
                verbose_name="评论须先验证手机号",
            ),
        ),
    ]
