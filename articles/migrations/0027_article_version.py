"""A number that every save of an article raises: a form that saw another is refused."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("articles", "0026_chinese_names")]

    operations = [
        migrations.AddField(
            model_name="article",
            name="version",
            field=models.PositiveIntegerField(default=1, editable=False, verbose_name="版本"),
        ),
    ]
