"""Two points of the check before publication: licence, and expiry."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("articles", "0034_fill_shown_photos")]

    operations = [
        migrations.AlterField(
            model_name='preflightrule',
            name='rule',
            field=models.CharField(choices=[('original_title', '转载稿没有填原标题'), ('origin', '性质与来源对不上'), ('lead', '导语太短或太长'), ('long_title', '标题太长'), ('same_title', '标题与近期稿件雷同'), ('cover', '没有封面图'), ('alt', '图片没有替代文字'), ('credit', '图片没有署名'), ('rights', '图片没有版权说明'), ('licence', '图片没有写版权种类'), ('expired', '图片版权已到期或已下架'), ('links', '站内链接打不开')], editable=False, max_length=20, unique=True, verbose_name='体检项目'),
        ),
    ]
